package io.smc4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import io.smc4j.diag.SmcFamily;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** Exit codes, JSON and messages on whatever machine runs the test. */
class SmcCliTest {

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int run(String... arguments) {
        out.getBuffer().setLength(0);
        err.getBuffer().setLength(0);
        CommandLine c = SmcCli.commandLine();
        c.setOut(new PrintWriter(out));
        c.setErr(new PrintWriter(err));
        return c.execute(arguments);
    }

    private void assertJson() throws IOException {
        int tokens = 0;
        try (JsonParser p = new JsonFactory().createParser(out.toString())) {
            while (p.nextToken() != null) {
                tokens++;
            }
        }
        assertTrue(tokens > 0, out::toString);
    }

    private void assertNoTrace() {
        assertFalse((out + "" + err).contains("\tat "), () -> out + "" + err);
        assertFalse(out.toString().contains("\033["), "colours without a terminal");
    }

    @ParameterizedTest
    @ValueSource(strings = {"connections", "stats", "linkgroups", "devices", "ueid"})
    void kernelQuestions(String command) throws IOException {
        int code = run(command, "--json");
        assertNoTrace();
        if (SmcFamily.isLoaded()) {
            assertEquals(SmcCli.OK, code, err::toString);
            assertJson();
        } else {
            assertEquals(SmcCli.CANNOT_TELL, code);
            assertTrue(err.toString().contains("modprobe smc"), err::toString);
            assertEquals(1, err.toString().lines().count(), err::toString);
        }
    }

    @Test
    void checkAnswersEverywhere() throws IOException {
        int code = run("check", "--pod");
        assertNoTrace();
        assertTrue(code == SmcCli.OK || code == SmcCli.NO);
        for (String row : List.of("module smc", "native library", "RDMA devices", "memlock", "JVM flags", "sidecar", "smc.mode")) {
            assertTrue(out.toString().contains(row), () -> row + " in\n" + out);
        }
        run("check", "--json");
        assertJson();
    }

    @Test
    void explainConnects() throws Exception {
        try (ServerSocket server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            String target = "127.0.0.1:" + server.getLocalPort();
            assertEquals(SmcCli.OK, run("explain", target, "--connect", "--json"), err::toString);
            assertJson();
            assertTrue(out.toString().contains("\"mode\" : \"TCP\"") || out.toString().contains("\"mode\" : \"SMC"), out::toString);
        }
        assertEquals(SmcCli.OK, run("explain", "192.0.2.1:80"), err::toString); // asks nobody without --connect
        assertNoTrace();
    }

    /** The flags of a process that runs, of one without the switch, and of none. */
    @Test
    void checkLooksAtAProcess() throws Exception {
        String flag = "-Djava.nio.channels.spi.SelectorProvider=io.smc4j.nio.SmcSelectorProvider";
        assertEquals("note         JVM flags: switch only", jvmFlags(flag));
        assertEquals("ok           JVM flags: switch and access", jvmFlags(flag, "--enable-native-access=ALL-UNNAMED", "-XX:+IgnoreUnrecognizedVMOptions"));
        assertEquals("note         JVM flags: no switch", jvmFlags("-Dother=1"));
        run("check", "--pid", "4000001");
        assertTrue(out.toString().lines().anyMatch(l -> l.startsWith("cannot tell  JVM flags") && l.contains("/proc/4000001/cmdline cannot be read")), out::toString);
        assertEquals(SmcCli.USAGE, run("check", "--pid", "me"));
    }

    private String jvmFlags(String... flags) throws Exception {
        List<String> command = new java.util.ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
        command.addAll(List.of(flags));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), Waits.class.getName()));
        Process p = new ProcessBuilder(command).redirectErrorStream(true).start();
        try {
            assertEquals('!', p.getInputStream().read());
            run("check", "--pid", String.valueOf(p.pid()));
            String row = out.toString().lines().filter(l -> l.contains("JVM flags")).findFirst().orElseThrow();
            assertTrue(row.contains("process " + p.pid()), row);
            return row.substring(0, 13) + "JVM flags: " + (row.contains("switch and --enable-native-access") ? "switch and access" : row.contains("the switch is there") ? "switch only"
                    : row.contains("the switch is not there") ? "no switch" : row);
        } finally {
            p.destroyForcibly().waitFor();
        }
    }

    /** A JVM to be looked at. */
    static final class Waits {
        private Waits() {
        }

        public static void main(String[] args) throws IOException {
            System.out.print('!');
            System.out.flush();
            System.in.read();
        }
    }

    @Test
    void wrongCommandLines() {
        assertEquals(SmcCli.USAGE, run());
        assertEquals(SmcCli.USAGE, run("nonsense"));
        assertEquals(SmcCli.USAGE, run("explain", "host-without-port"));
        assertEquals(SmcCli.USAGE, run("syn-check", "127.0.0.1:99999"));
        assertEquals(SmcCli.USAGE, run("syn-check", "--gap=0", "127.0.0.1:1"));
        assertNoTrace();
    }

    @Test
    void helpNamesEachExitCode() {
        assertEquals(SmcCli.OK, run("--help"));
        for (int code = 0; code <= 3; code++) {
            assertTrue(out.toString().contains("  " + code + "   "), out::toString);
        }
        assertEquals(SmcCli.OK, run("generate-completion"));
    }

    @Test
    void aSidecarShowsByItsPorts(@TempDir Path root) throws IOException {
        Files.createDirectories(root.resolve("proc/net"));
        Files.createDirectories(root.resolve("etc/podinfo"));
        Files.writeString(root.resolve("proc/net/tcp"), """
                  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
                   0: 00000000:3A99 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1337        0 1 1 0 100 0 0 10 0
                   1: 0100007F:3A9E 0100007F:0001 01 00000000:00000000 00:00000000 00000000  1337        0 2 1 0 100 0 0 10 0
                """);
        Files.writeString(root.resolve("etc/podinfo/annotations"), "a=\"b\"\nsmc.asm.alibabacloud.com/enabled=\"false\"\n");
        List<Finding> rows = new java.util.ArrayList<>();
        new PodChecks(new RootFiles(root), true).examine(rows);
        Finding sidecar = rows.stream().filter(f -> f.name().equals("sidecar")).findFirst().orElseThrow();
        assertEquals(Finding.Status.NOTE, sidecar.status());
        assertTrue(sidecar.evidence().contains("15001 (outbound)") && !sidecar.evidence().contains("15006"), sidecar::toString);
        Finding annotation = rows.stream().filter(f -> f.name().equals("pod's annotation")).findFirst().orElseThrow();
        assertEquals(Finding.Status.MISSING, annotation.status());
    }

    @Test
    void theDoctorReadsAMachine(@TempDir Path root) throws IOException {
        Path port = root.resolve("sys/class/infiniband/erdma_0/ports/1");
        Files.createDirectories(port);
        Files.writeString(port.resolve("state"), "4: ACTIVE\n");
        Files.createDirectories(root.resolve("proc/sys/net/smc"));
        Files.createDirectories(root.resolve("proc/sys/kernel"));
        Files.writeString(root.resolve("proc/sys/kernel/osrelease"), "5.10.134-16.1.al8.x86_64\n");
        Files.writeString(root.resolve("proc/sys/net/smc/wmem"), "16384\n");
        Files.writeString(root.resolve("proc/sys/net/smc/tcp2smc"), "1\n");
        List<Finding> rows = new Doctor(root, false, null).examine();
        assertEquals(Finding.Status.MISSING, row(rows, "kernel").status());
        assertEquals("erdma_0/1 4: ACTIVE", row(rows, "RDMA devices").evidence());
        assertEquals(Finding.Status.OK, row(rows, "erdma").status());
        assertTrue(row(rows, "net.smc.wmem").remedy().contains("sysctl -w net.smc.wmem"));
        assertTrue(row(rows, "net.smc.tcp2smc").remedy().contains("tcp2smc=0"));
        assertEquals(Finding.Status.CANNOT_TELL, row(rows, "sidecar").status());
    }

    private static Finding row(List<Finding> rows, String name) {
        return rows.stream().filter(f -> f.name().equals(name)).findFirst().orElseThrow(() -> new AssertionError(name + " in " + rows));
    }
}
