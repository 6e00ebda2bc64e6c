package io.smc4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

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
        CommandLine c = SmcCli.commandLine();
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

    @Test
    void connectionsAreThoseOfAnIndependentReader() throws Exception {
        try (ServerSocketChannel server = server(); SocketChannel client = smc(SocketChannel.open(StandardProtocolFamily.INET))) {
            client.connect(server.getLocalAddress());
            try (SocketChannel accepted = server.accept()) {
                accepted.write(ByteBuffer.allocate(10));
                Set<String> theirs = new TreeSet<>(independent());
                Set<String> ours = SmcConnections.list().stream().map(CliLabTest::line).collect(Collectors.toCollection(TreeSet::new));
                assertEquals(theirs, ours);
                assertEquals(3, ours.size());
                String table = run("connections", "-a", "-d");
                String mode = "smcd".equals(lab) ? "SMCD" : "smcr".equals(lab) ? "SMCR" : "TCP 0x03030000";
                int port = ((InetSocketAddress) client.getLocalAddress()).getPort();
                String row = table.lines().filter(l -> l.contains("127.0.0.1:" + port + " ")).filter(l -> l.contains(" " + mode + " "))
                        .findFirst().orElseThrow(() -> new AssertionError(table));
                assertTrue(row.contains(ProcessHandle.current().pid() + "/java"), row);
                assertTrue(table.contains("LISTEN"), table);
                assertEquals("no-device".equals(lab), run("connections", "--explain").contains(io.smc4j.diag.FallbackReason.NOSMCDEV.advice()));
                assertEquals("smcd".equals(lab) ? 3 : 1, run("connections", "-D").lines().count());
                assertEquals("smcr".equals(lab) ? 3 : 1, run("connections", "-R").lines().count());
                assertEquals(!"no-device".equals(lab), run("linkgroups").contains("SMC4J-LAB"));
                for (String command : List.of("stats", "devices", "ueid", "check --json", "stats --json", "linkgroups --json")) {
                    if (!command.startsWith("check") || !"no-device".equals(lab)) {
                        assertTrue(run(command.split(" ")).length() > 0, command);
                    }
                }
            }
        }
    }

    private static String line(SmcConnection c) {
        boolean fallback = c.isFallback();
        int mode = fallback ? 1 : c.mode() == io.smc4j.diag.SmcMode.SMC_D ? 2 : 0;
        return c.state().number() + " " + mode + " " + port(c.local()) + " " + port(c.remote()) + " " + c.inode() + " "
                + Integer.toUnsignedString(c.reasonCode()) + " " + Integer.toUnsignedString(c.peerDiagnosisCode());
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
