package io.smc4j.examples;

import echo.EchoClient;
import echo.EchoServer;
import echo.SelectorEchoClient;
import io.smc4j.Smc;
import io.smc4j.diag.FallbackReason;
import io.smc4j.diag.SmcConnection;
import io.smc4j.diag.SmcMode;
import io.smc4j.diag.SmcSystem;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Runs the unmodified programs of package {@code echo} with and without the switch, each in a JVM of its own, and prints for each connection which
 * path the kernel says it took and why.
 *
 * <p>Usage: {@code Demo TITLE [SMC_D|SMC_R]}; with a mode, exits with 1 where a connection that should run over it does not.
 * {@code Demo --available} prints nothing and exits with 0 where this machine has usable SMC, otherwise with 1.
 */
public final class Demo {

    private static final int TIMEOUT_S = 240;
    private static final String V4 = "127.0.0.1";
    private static final String V6 = "::1";

    private final Path programs = codeSource(EchoServer.class);
    private final Path library = codeSource(Smc.class);
    private final List<Program> started = new ArrayList<>();
    private final SmcMode expected;
    private final Map<String, String> footnotes = new LinkedHashMap<>();
    private int wrong;

    private Demo(SmcMode expected) {
        this.expected = expected;
    }

    /** Runs it. */
    public static void main(String[] args) throws Exception {
        if (args.length == 0 || args.length > 2) {
            System.err.println("usage: Demo TITLE [SMC_D|SMC_R] | Demo --available");
            System.exit(2);
        }
        if (args[0].equals("--available")) {
            System.exit(Smc.isAvailable() ? 0 : 1);
        }
        Demo demo = new Demo(args.length == 2 ? SmcMode.valueOf(args[1]) : null);
        ScheduledExecutorService watchdog = Executors.newSingleThreadScheduledExecutor();
        watchdog.schedule(demo::killAll, TIMEOUT_S, TimeUnit.SECONDS);
        try {
            demo.run(args[0]);
        } finally {
            watchdog.shutdownNow();
            demo.close();
        }
        System.exit(demo.wrong == 0 ? 0 : 1);
    }

    private void run(String title) throws IOException {
        Program smcServer = start(EchoServer.class, true, List.of(V4, "0", V6, "0"));
        Program tcpServer = start(EchoServer.class, false, List.of(V4, "0"));
        String smc4 = port(smcServer);
        String smc6 = port(smcServer);
        String tcp4 = port(tcpServer);
        // Each client makes its connections in the order of its arguments.
        Program blocking = start(EchoClient.class, true, List.of(V4, smc4, V6, smc6, V4, tcp4));
        Program selecting = start(SelectorEchoClient.class, true, List.of(V4, smc4));
        Program plain = start(EchoClient.class, false, List.of(V4, smc4));
        for (Program client : List.of(blocking, selecting, plain)) {
            client.say("good day");
        }
        KernelTable.Ends first = echoed(blocking);
        KernelTable.Ends ipv6 = echoed(blocking);
        KernelTable.Ends toPlain = echoed(blocking);
        KernelTable.Ends selector = echoed(selecting);
        KernelTable.Ends fromPlain = echoed(plain);

        KernelTable kernel = new KernelTable();
        System.out.printf("%s: Linux %s, JDK %s%n", title, SmcSystem.kernelRelease(), System.getProperty("java.version"));
        row("connection", "client", "server", "why, from the kernel");
        report(kernel, "blocking client, selector server", first, expected);
        report(kernel, "selector client, selector server", selector, expected);
        // Software RoCE has no RoCEv1, and SMC-R version 2 is for IPv4 connections.
        report(kernel, "blocking client, over IPv6", ipv6, expected == SmcMode.SMC_R ? SmcMode.TCP : expected);
        report(kernel, "server without the switch", toPlain, SmcMode.TCP);
        report(kernel, "client without the switch", fromPlain, SmcMode.TCP);
        footnotes.forEach((word, text) -> System.out.println("  " + word + ": " + text));
    }

    private Program start(Class<?> main, boolean switchedOn, List<String> arguments) throws IOException {
        Program program = new Program(main.getName(), switchedOn ? Program.switchedOn() : List.of(),
                switchedOn ? List.of(library, programs) : List.of(programs), arguments);
        synchronized (started) {
            started.add(program);
        }
        return program;
    }

    private static String port(Program server) throws IOException {
        String line = server.line();
        return line.substring(line.lastIndexOf(':') + 1);
    }

    /** Reads a client's {@code LOCAL -> REMOTE: TEXT}. */
    private static KernelTable.Ends echoed(Program client) throws IOException {
        String line = client.line();
        String[] parts = line.split(" -> |: ");
        if (parts.length != 3 || !parts[2].equals("good day")) {
            throw new IOException("no echo: " + line);
        }
        return new KernelTable.Ends(address(parts[0]), address(parts[1]));
    }

    /** The JDK's own text of an address: {@code /127.0.0.1:80}, {@code /[0:0:0:0:0:0:0:1]:80}. */
    private static InetSocketAddress address(String text) throws IOException {
        int colon = text.lastIndexOf(':');
        String host = text.substring(text.indexOf('/') + 1, colon);
        return new InetSocketAddress(InetAddress.getByName(host), Integer.parseInt(text.substring(colon + 1)));
    }

    private void report(KernelTable kernel, String name, KernelTable.Ends ends, SmcMode shouldBe) {
        SmcMode client = mode(kernel, ends);
        SmcMode server = mode(kernel, ends.swapped());
        boolean right = expected == null ? client != SmcMode.NONE && client == server : client == shouldBe && server == shouldBe;
        row(name, text(client), text(server), (right ? "" : "NOT AS EXPECTED (" + text(shouldBe) + "): ") + why(kernel, ends));
        if (!right) {
            wrong++;
        }
    }

    private static SmcMode mode(KernelTable kernel, KernelTable.Ends ends) {
        return kernel.smc(ends).map(SmcConnection::mode).orElse(kernel.hasTcp(ends) ? SmcMode.TCP : SmcMode.NONE);
    }

    private String why(KernelTable kernel, KernelTable.Ends ends) {
        Optional<SmcConnection> client = kernel.smc(ends);
        Optional<SmcConnection> server = kernel.smc(ends.swapped());
        if (client.isPresent() && client.get().isSmc()) {
            return client.get().link().map(l -> "RDMA device " + l.device() + ", port " + l.port() + ", link " + l.id())
                    .or(() -> client.get().dmb().map(d -> String.format("shared memory, link group %x", d.linkGroup()))).orElse("no details");
        }
        if (client.isPresent() && client.get().isFallback()) {
            return "client fell back: " + reason(client.get());
        }
        if (server.isPresent() && server.get().isFallback()) {
            return "server fell back: " + reason(server.get());
        }
        if (Smc.isAvailable()) {
            return "neither end is an AF_SMC socket";
        }
        footnotes.put("no SMC here", Smc.unavailabilityCause().getMessage());
        return "no SMC here";
    }

    private String reason(SmcConnection c) {
        boolean peers = c.peerDiagnosisCode() != 0;
        FallbackReason why = peers ? c.peerDiagnosis() : c.reason();
        footnotes.put(why.name(), why.meaning());
        return FallbackReason.describe(c.reasonCode()) + (peers ? ", the peer says " + FallbackReason.describe(c.peerDiagnosisCode()) : "");
    }

    private static String text(SmcMode mode) {
        return mode == SmcMode.NONE ? "?" : mode.name().replace('_', '-');
    }

    private static void row(String connection, String client, String server, String why) {
        System.out.printf("  %-34s %-7s %-7s %s%n", connection, client, server, why);
    }

    private static Path codeSource(Class<?> c) {
        try {
            return Path.of(c.getProtectionDomain().getCodeSource().getLocation().toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private void killAll() {
        synchronized (started) {
            started.forEach(Program::kill);
        }
    }

    private void close() throws IOException {
        synchronized (started) {
            for (Program program : started) {
                program.close();
            }
        }
    }
}
