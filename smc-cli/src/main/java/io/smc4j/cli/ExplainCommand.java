package io.smc4j.cli;

import io.smc4j.Smc;
import io.smc4j.SmcConfig;
import io.smc4j.SmcUnavailableException;
import io.smc4j.cli.syn.SynTarget;
import io.smc4j.diag.FallbackReason;
import io.smc4j.diag.SmcConnection;
import io.smc4j.nio.SmcSelectorProvider;
import io.smc4j.policy.ConnectDecider;
import io.smc4j.policy.SmcDecision;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code explain}. */
@Command(name = "explain", mixinStandardHelpOptions = true,
        description = {"What this library would do for a connection, and by which rule, setting or memory.",
            "Settings are this JVM's: give them by -D before -jar, or by the environment, as for the application."})
final class ExplainCommand implements Callable<Integer> {

    @Mixin
    private Output output;
    @Parameters(paramLabel = "HOST:PORT", description = "Where to.")
    private String target;
    @Option(names = "--connect", description = "Connect, say each step's time, and ask the kernel what it became.")
    private boolean connect;
    @Option(names = "--timeout", paramLabel = "MS", defaultValue = "15000", description = "For --connect (15000).")
    private int timeout;

    /**
     * One step.
     *
     * @param name what was done
     * @param micros how long it took, in microseconds
     * @param result what came of it
     */
    record Step(String name, long micros, String result) {
    }

    /**
     * The answer.
     *
     * @param host the name
     * @param address the address
     * @param mode the mode in force and who set it
     * @param smc whether SMC would be tried
     * @param source what decides
     * @param why its reason
     * @param steps the steps of {@code --connect}
     * @param connection what the connection became, or null
     * @param error why there is none, or null
     */
    record Answer(String host, InetSocketAddress address, String mode, boolean smc, String source, String why, List<Step> steps,
            SmcConnection connection, String error) {
    }

    @Override
    public Integer call() throws IOException {
        SynTarget t = SynTarget.parse(target, 0);
        List<Step> steps = new ArrayList<>();
        long start = System.nanoTime();
        InetAddress ip = InetAddress.getByName(t.host());
        steps.add(step("resolve", start, ip.getHostAddress()));
        InetSocketAddress address = new InetSocketAddress(ip, t.port());
        start = System.nanoTime();
        SmcDecision decision = ConnectDecider.current().decide(address);
        steps.add(step("decide", start, decision.toString()));
        SmcUnavailableException missing = decision.smc() ? Smc.unavailabilityCause() : null;
        boolean smc = decision.smc() && missing == null;
        String source = missing == null ? decision.source().name() : "CAPABILITY";
        String why = missing == null ? decision.why() : "no SMC on this machine: " + missing.getMessage();
        SmcConnection connection = null;
        String error = null;
        if (connect) {
            try {
                connection = connect(address, steps);
            } catch (IOException e) {
                error = e.getClass().getSimpleName() + ": " + e.getMessage();
            }
        }
        Answer a = new Answer(t.host(), address, SmcConfig.effectiveMode().toString(), smc, source, why, connect ? steps : List.of(), connection,
                error);
        output.print(a, text(a));
        return error == null ? SmcCli.OK : SmcCli.NO;
    }

    private SmcConnection connect(InetSocketAddress address, List<Step> steps) throws IOException {
        try (SocketChannel channel = new SmcSelectorProvider().openSocketChannel()) {
            long start = System.nanoTime();
            try {
                channel.socket().connect(address, timeout);
            } catch (SocketTimeoutException e) {
                throw new SocketTimeoutException("no connection within " + timeout + " ms");
            }
            steps.add(step("connect", start, Text.address((InetSocketAddress) channel.getLocalAddress()) + " -> " + Text.address(address)));
            start = System.nanoTime();
            try {
                SmcConnection c = Smc.connection(channel);
                steps.add(step("ask the kernel", start, c.describe()));
                return c;
            } catch (IOException e) {
                steps.add(step("ask the kernel", start, e.getMessage())); // no native library: a connection it is all the same
                return null;
            }
        }
    }

    private static Step step(String name, long start, String result) {
        return new Step(name, TimeUnit.NANOSECONDS.toMicros(System.nanoTime() - start), result);
    }

    private String text(Answer a) {
        StringBuilder s = new StringBuilder();
        s.append(a.host()).append(" (").append(Text.address(a.address())).append("): ")
                .append(a.smc() ? output.styled("green", "SMC is tried") : output.styled("yellow", "TCP")).append('\n');
        s.append("  decided by  ").append(a.source()).append(": ").append(a.why()).append('\n');
        s.append("  mode        ").append(a.mode()).append('\n');
        for (Step step : a.steps()) {
            s.append(String.format("  %-14s %,9d us  %s%n", step.name(), step.micros(), step.result()));
        }
        SmcConnection c = a.connection();
        if (c != null && c.isFallback()) {
            s.append("  ").append(c.reason().meaning()).append("\n  ").append(c.reason().advice()).append('\n');
            if (c.peerDiagnosis() != FallbackReason.NONE) {
                s.append("  The peer's diagnosis: ").append(c.peerDiagnosis().meaning()).append(' ').append(c.peerDiagnosis().advice()).append('\n');
            }
        }
        if (a.error() != null) {
            s.append("  ").append(output.styled("red", a.error())).append('\n');
        }
        return s.toString();
    }
}
