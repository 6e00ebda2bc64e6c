package io.smc4j.cli;

import io.smc4j.cli.syn.IntrusiveCheck;
import io.smc4j.cli.syn.SynCheck;
import io.smc4j.cli.syn.SynTarget;
import io.smc4j.cli.syn.SynVerdict;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code syn-check}. */
@Command(name = "syn-check", mixinStandardHelpOptions = true,
        description = {"Finds out what the path to a server does to SMC's TCP option: replay, conflict, overlength.",
            "Sends at most 10 SYNs with a pause between them, from a raw socket (CAP_NET_RAW); the kernel resets what is answered. No byte reaches "
            + "the application. Without that right, --intrusive connects instead."})
final class SynCheckCommand implements Callable<Integer> {

    private static final String WARNING = "--intrusive connects to the target twice: once by TCP, once by AF_SMC. Where the path is broken, the kernel "
            + "writes an SMC handshake of some dozen bytes into the target's application stream, and the target may log a bad request or close.";

    @Mixin
    private Output output;
    @Parameters(paramLabel = "HOST[:PORT]|URL", description = "Where to; a URL's scheme gives the port, otherwise it is 80.")
    private String target;
    @Option(names = "--timeout", paramLabel = "MS", defaultValue = "1000", description = "How long to wait for each answer (1000).")
    private int timeout;
    @Option(names = "--gap", paramLabel = "MS", defaultValue = "200", description = "Pause between two SYNs (200; at least 10).")
    private int gap;
    @Option(names = "--intrusive", description = "Without CAP_NET_RAW: connect for real. It says first what that does.")
    private boolean intrusive;
    @Option(names = {"-4", "--ipv4"}, description = "The first IPv4 address of the name.")
    private boolean v4;
    @Option(names = {"-6", "--ipv6"}, description = "The first IPv6 address of the name.")
    private boolean v6;

    @Override
    public Integer call() throws IOException {
        if (timeout < 10 || timeout > 60_000 || gap < 10 || gap > 60_000) {
            throw new IllegalArgumentException("--timeout and --gap are from 10 to 60000 milliseconds");
        }
        SynTarget t = SynTarget.parse(target, 80);
        InetSocketAddress address = new InetSocketAddress(resolve(t.host()), t.port());
        SynCheck.Report report;
        if (intrusive) {
            output.err().println(WARNING);
            output.err().flush();
            report = IntrusiveCheck.run(t.host(), address);
        } else {
            report = SynCheck.run(t.host(), address, timeout, gap);
        }
        output.print(report, text(report));
        return report.verdict().isClean() ? SmcCli.OK
                : report.verdict() == SynVerdict.INCONCLUSIVE || report.verdict() == SynVerdict.NO_ANSWER || report.verdict() == SynVerdict.CLOSED
                        ? SmcCli.CANNOT_TELL : SmcCli.NO;
    }

    private InetAddress resolve(String host) throws IOException {
        for (InetAddress a : InetAddress.getAllByName(host)) {
            boolean six = a.getAddress().length == 16;
            if (!(v4 && six) && !(v6 && !six)) {
                return a;
            }
        }
        throw new UnknownHostException(host + " has no address of that family");
    }

    private String text(SynCheck.Report r) {
        StringBuilder s = new StringBuilder();
        s.append(r.host()).append(" (").append(r.address()).append(") port ").append(r.port()).append(": ")
                .append(output.styled(r.verdict().isClean() ? "green" : "bold,red", r.verdict().name())).append('\n');
        s.append(r.meaning()).append("\n\n");
        for (SynCheck.Packet p : r.evidence()) {
            s.append(p.probe()).append(p.answer() == null ? "" : ": " + p.answer() + (p.micros() < 0 ? "" : " after " + p.micros() + " us")).append('\n');
            if (p.sent() != null) {
                s.append("  sent      ").append(p.sent()).append('\n');
            }
            if (p.received() != null) {
                s.append("  received  ").append(p.received()).append('\n');
            }
            if (p.options() != null) {
                s.append("  options   ").append(p.options().isEmpty() ? "none" : p.options()).append('\n');
            }
        }
        if (r.rule() != null) {
            s.append("\nRule that leaves this destination on TCP (file named by smc.rules):\n  ").append(r.rule()).append('\n');
        }
        return s.toString();
    }
}
