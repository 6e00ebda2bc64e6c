package io.smc4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.smc4j.diag.FallbackReason;
import io.smc4j.diag.SmcConnection;
import io.smc4j.diag.SmcConnections;
import io.smc4j.internal.ChannelFd;
import io.smc4j.internal.Errno;
import io.smc4j.internal.Linux;
import io.smc4j.internal.Natives;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.management.ManagementFactory;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.ByteBuffer;
import java.nio.channels.Channel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** The command line on a live kernel, compared with what a program of another language reads from smc_diag. */
class CliLabTest {

    private static String lab;

    @BeforeAll
    static void inTheLab() {
        lab = System.getenv("SMC_LAB");
        if (lab == null) {
            System.out.println("CliLabTest skipped: not in the lab (SMC_LAB is not set)");
        }
        assumeTrue(lab != null, "not in the lab (SMC_LAB is not set)");
    }

    private static String run(String... arguments) {
        StringWriter out = new StringWriter();
        CommandLine c = SmcCli.commandLine(arguments);
        c.setOut(new PrintWriter(out));
        assertEquals(SmcCli.OK, c.execute(arguments));
        return out.toString();
    }

    private static <C extends Channel> C smc(C channel) throws IOException {
        int fd = Errno.check("socket", Natives.calls().socket(Linux.AF_SMC, Linux.SOCK_STREAM | Linux.SOCK_CLOEXEC, Linux.SMCPROTO_SMC));
        Errno.check("dup3", Natives.calls().dup3(fd, ChannelFd.of(channel), Linux.O_CLOEXEC));
        Natives.calls().close(fd);
        return channel;
    }

    private static ServerSocketChannel server() throws IOException {
        return smc(ServerSocketChannel.open(StandardProtocolFamily.INET)).bind(new InetSocketAddress("127.0.0.1", 0), 128);
    }

    /** Over the lab's SMC, and in the same listing two fallbacks: a plain client of an SMC listener, and an SMC client of a plain one. */
    @Test
    void connectionsAreThoseOfAnIndependentReader() throws Exception {
        try (ServerSocketChannel server = server(); SocketChannel client = smc(SocketChannel.open(StandardProtocolFamily.INET));
                ServerSocketChannel plainServer = ServerSocketChannel.open(StandardProtocolFamily.INET).bind(new InetSocketAddress("127.0.0.1", 0));
                SocketChannel fallenBack = smc(SocketChannel.open(StandardProtocolFamily.INET)); SocketChannel plain = SocketChannel.open(server.getLocalAddress());
                SocketChannel acceptedPlain = server.accept()) {
            client.connect(server.getLocalAddress());
            fallenBack.connect(plainServer.getLocalAddress());
            try (SocketChannel accepted = server.accept(); SocketChannel acceptedFallenBack = plainServer.accept()) {
                assertTrue(plain.isConnected() && acceptedPlain.isConnected() && acceptedFallenBack.isConnected());
                accepted.write(ByteBuffer.allocate(10));
                Set<String> theirs = new TreeSet<>(independent());
                Set<String> ours = SmcConnections.list().stream().map(CliLabTest::line).collect(Collectors.toCollection(TreeSet::new));
                assertEquals(theirs, ours);
                assertEquals(5, ours.size());
                theirs.forEach(System.out::println);
                tables(client, fallenBack, acceptedPlain, theirs);
            }
        }
    }

    private static void tables(SocketChannel client, SocketChannel fallenBack, SocketChannel acceptedPlain, Set<String> theirs) throws IOException {
        String table = run("connections", "-a", "-d");
        String mode = "smcd".equals(lab) ? "SMCD" : "smcr".equals(lab) ? "SMCR" : "TCP 0x03030000";
        String row = row(table, client);
        assertTrue(row.contains(" " + mode + " ") && row.contains(ProcessHandle.current().pid() + "/java"), row);
        assertTrue(row(table, fallenBack).contains(" TCP 0x03010000 "), table);
        assertTrue(row(table, acceptedPlain).contains(" TCP 0x03010000 "), table);
        assertTrue(table.contains("LISTEN"), table);
        String own = String.valueOf(port(client));
        String[] kernel = theirs.stream().map(l -> l.split(" ")).filter(f -> f[2].equals(own)).findFirst().orElseThrow();
        if (!"no-device".equals(lab)) {
            for (int i = 7; i <= 10; i++) { // token, send buffer, receive buffer, peer's receive buffer
                assertTrue(row.contains(String.format(" %08x ", Long.parseLong(kernel[i]))), kernel[i] + " in " + row);
            }
            String special = row(run("connections", "smcd".equals(lab) ? "-D" : "-R"), client);
            assertTrue(special.contains("smcd".equals(lab) ? String.format("%016x", Long.parseUnsignedLong(kernel[15])) : kernel[11]), special);
        }
        String explained = run("connections", "--explain");
        assertTrue(explained.contains(FallbackReason.PEERNOSMC.advice()), explained);
        assertEquals("no-device".equals(lab), explained.contains(FallbackReason.NOSMCDEV.advice()));
        assertEquals("smcd".equals(lab) ? 3 : 1, run("connections", "-D").lines().count());
        assertEquals("smcr".equals(lab) ? 3 : 1, run("connections", "-R").lines().count());
        assertEquals(2, run("connections", "-l").lines().count());
        assertEquals(!"no-device".equals(lab), run("linkgroups").contains("SMC4J-LAB"));
        for (String command : List.of("devices", "ueid", "check --json", "linkgroups --json")) {
            if (!command.startsWith("check") || !"no-device".equals(lab)) {
                assertTrue(run(command.split(" ")).length() > 0, command);
            }
        }
    }

    private static int port(SocketChannel c) throws IOException {
        return ((InetSocketAddress) c.getLocalAddress()).getPort();
    }

    /** The row of a socket by its own and its peer's port: the other end has them the other way round. */
    private static String row(String table, SocketChannel c) throws IOException {
        String addresses = "127\\.0\\.0\\.1:" + port(c) + " +127\\.0\\.0\\.1:" + ((InetSocketAddress) c.getRemoteAddress()).getPort() + " ";
        Pattern p = Pattern.compile(addresses);
        return table.lines().filter(l -> p.matcher(l).find()).findFirst().orElseThrow(() -> new AssertionError(addresses + " in\n" + table));
    }

    /** {@code stats}, as text and as JSON, before and after a transfer of known size. */
    @Test
    void statsGrowByWhatATransferMoved() throws Exception {
        assumeTrue(!"no-device".equals(lab), "needs SMC");
        String before = run("stats", "--json");
        int bytes = 50_000;
        try (ServerSocketChannel server = server(); SocketChannel client = smc(SocketChannel.open(StandardProtocolFamily.INET))) {
            client.connect(server.getLocalAddress());
            try (SocketChannel accepted = server.accept()) {
                assertEquals(bytes, client.write(ByteBuffer.allocate(bytes)));
                ByteBuffer in = ByteBuffer.allocate(bytes);
                while (in.hasRemaining()) {
                    assertTrue(accepted.read(in) > 0);
                }
            }
        }
        String after = run("stats", "--json");
        assertEquals(bytes, number(after, "txBytes") - number(before, "txBytes"));
        assertEquals(bytes, number(after, "rxBytes") - number(before, "rxBytes"));
        for (String side : List.of("clientV2", "serverV2")) {
            assertEquals(1, number(after, side) - number(before, side), side);
        }
        assertTrue(run("stats").lines().anyMatch(l -> l.matches(" +Data transmitted \\(bytes\\) +" + number(after, "txBytes"))), () -> run("stats"));
        assertTrue(run("stats").contains("#"), "the histograms are drawn");
    }

    /** A counter of the lab's technology in the JSON of {@code stats}. */
    private static long number(String json, String name) {
        String part = json.substring(json.indexOf("smcd".equals(lab) ? "\"smcd\"" : "\"smcr\""));
        Matcher m = Pattern.compile("\"" + name + "\" : (\\d+)").matcher(part);
        assertTrue(m.find(), json);
        return Long.parseLong(m.group(1));
    }

    @Test
    void explainConnectsAndTellsTheSteps() throws Exception {
        assumeTrue(!"no-device".equals(lab), "needs SMC");
        String mode = "smcd".equals(lab) ? "SMC_D" : "SMC_R";
        try (ServerSocketChannel server = server()) {
            String target = "127.0.0.1:" + ((InetSocketAddress) server.getLocalAddress()).getPort();
            String said = run("explain", target, "--connect");
            assertTrue(said.contains("SMC is tried") && said.contains(mode + " ACTIVE"), said);
            for (String step : List.of("resolve", "decide", "connect", "ask the kernel")) {
                assertTrue(said.lines().anyMatch(l -> l.matches("  " + step + " +[\\d,]+ us  .+")), step + " in " + said);
            }
        }
        try (ServerSocketChannel plain = ServerSocketChannel.open(StandardProtocolFamily.INET).bind(new InetSocketAddress("127.0.0.1", 0))) {
            String said = run("explain", "127.0.0.1:" + ((InetSocketAddress) plain.getLocalAddress()).getPort(), "--connect");
            assertTrue(said.contains("fallback: PEERNOSMC (0x03010000)") && said.contains(FallbackReason.PEERNOSMC.advice()), said);
        }
    }

    @Test
    void watchListsAgainUntilItIsInterrupted() throws Exception {
        StringWriter out = new StringWriter();
        CommandLine c = SmcCli.commandLine("connections");
        c.setOut(new PrintWriter(out));
        int[] code = {-1};
        Thread watch = new Thread(() -> code[0] = c.execute("connections", "--watch", "1"));
        try (ServerSocketChannel server = server(); SocketChannel client = smc(SocketChannel.open(StandardProtocolFamily.INET))) {
            watch.start();
            client.connect(server.getLocalAddress());
            String row = "127.0.0.1:" + port(client);
            for (int i = 0; i < 300 && !(out.toString().contains(row) && out.toString().split("Local Address").length > 3); i++) {
                Thread.sleep(100);
            }
        }
        watch.interrupt();
        watch.join(20_000);
        assertEquals(SmcCli.OK, code[0]);
        assertTrue(out.toString().split("Local Address").length > 3, out::toString); // three tables, and the connection in the later ones
    }

    private static String line(SmcConnection c) {
        boolean fallback = c.isFallback();
        int mode = fallback ? 1 : c.mode() == io.smc4j.diag.SmcMode.SMC_D ? 2 : 0;
        return c.state().number() + " " + mode + " " + port(c.local()) + " " + port(c.remote()) + " " + c.inode() + " "
                + Integer.toUnsignedString(c.reasonCode()) + " " + Integer.toUnsignedString(c.peerDiagnosisCode())
                + c.buffers().map(b -> " " + b.token() + " " + b.sendSize() + " " + b.receiveSize() + " " + b.peerReceiveSize()).orElse(" -")
                + c.link().map(l -> " " + l.device() + " " + l.port() + " " + l.gid() + " " + l.peerGid() + " " + l.role().ordinal()).orElse(" -")
                + c.dmb().map(d -> " " + d.linkGroup() + " " + Long.toUnsignedString(d.gid()) + " " + Long.toUnsignedString(d.peerGid()) + " "
                        + Long.toUnsignedString(d.token()) + " " + Long.toUnsignedString(d.peerToken())).orElse(" -");
    }

    private static int port(InetSocketAddress a) {
        return a == null ? 0 : a.getPort();
    }

    private static List<String> independent() throws Exception {
        Path script = Path.of(CliLabTest.class.getResource("/smcdiag.py").toURI());
        Process p = new ProcessBuilder("python3", script.toString()).redirectErrorStream(true).start();
        List<String> lines = new String(p.getInputStream().readAllBytes()).lines().toList();
        assertEquals(0, p.waitFor(), lines::toString);
        return lines;
    }

    /** 5,000 sockets: the listing and the search for their processes, in CPU time of this thread. */
    @Test
    void fiveThousandSockets() throws Exception {
        List<Integer> open = new ArrayList<>();
        try {
            for (int i = 0; i < 5_000; i++) {
                open.add(Errno.check("socket", Natives.calls().socket(Linux.AF_SMC, Linux.SOCK_STREAM | Linux.SOCK_CLOEXEC, Linux.SMCPROTO_SMC)));
            }
            run("connections", "-a");
            long start = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
            String table = run("connections", "-a");
            long millis = (ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - start) / 1_000_000;
            System.out.println("connections -a with 5000 sockets: " + millis + " ms of CPU in this guest");
            assertTrue(table.lines().count() > 5_000, () -> table.lines().count() + " lines");
        } finally {
            open.forEach(fd -> Natives.calls().close(fd));
        }
    }
}
