package io.smc4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.smc4j.Smc;
import io.smc4j.cli.bench.EchoServer;
import io.smc4j.cli.bench.Side;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

/** {@code bench} from its command line, with its server in a process of its own. */
@Timeout(120)
class BenchCommandTest {

    private static final List<String> SHORT = List.of("--duration", "300ms", "--warmup", "100ms", "--qps", "2000", "--connections", "4");

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int run(List<String> more, String... arguments) {
        List<String> all = new ArrayList<>(List.of(arguments));
        all.addAll(more);
        String[] words = all.toArray(String[]::new);
        CommandLine c = SmcCli.commandLine(words);
        c.setOut(new PrintWriter(out));
        c.setErr(new PrintWriter(err));
        return c.execute(words);
    }

    @Test
    void oneSideOverTcp() {
        assertEquals(SmcCli.OK, run(SHORT, "bench", "--compare", "tcp"), err::toString);
        for (String row : List.of("HTTP echo, 128 bytes, 4 connections", "QPS ", "P50 ", "P99.9 ", "kernel  4 TCP", "a process of its own", "no network")) {
            assertTrue(out.toString().contains(row), () -> row + " in\n" + out);
        }
        assertEquals(List.of(), ProcessHandle.current().children().filter(p -> p.info().commandLine().orElse("").contains("--until-stdin-ends")).toList(), "the server has ended");
    }

    /** A machine without SMC, which most that build this are: the side fails, and says why. */
    @Test
    void sideSmcIsSmcOrFails() {
        int code = run(SHORT, "bench", "--compare", "tcp,smc", "--rounds", "1");
        if (Smc.isAvailable()) {
            assertEquals(SmcCli.OK, code, err::toString);
            assertTrue(out.toString().lines().anyMatch(l -> l.matches("kernel +4 TCP +4 SMC_[RD]")), out::toString);
        } else {
            assertEquals(SmcCli.NO, code, err::toString);
            assertTrue(err.toString().contains("4 of 4 connections are not SMC but 4 TCP; this machine has no SMC"), err::toString);
            assertTrue(err.toString().contains(Smc.unavailabilityCause().getMessage()), err::toString);
            assertEquals("", out.toString());
        }
    }

    @Test
    void bothSidesInTurnAsJson() {
        assertEquals(SmcCli.OK, run(SHORT, "bench", "--compare", "tcp,smc", "--rounds", "2", "--allow-fallback", "--protocol", "raw", "--json"), err::toString);
        assertTrue(out.toString().contains("\"format\" : \"smc4j-bench\""), out::toString);
        assertEquals(4, out.toString().lines().filter(l -> l.contains("\"generatorBusy\"")).count(), "rounds");
    }

    /** Written by one run and another, and read. */
    @Test
    void diffReadsWhatJsonWrote(@TempDir Path dir) throws IOException {
        for (String name : List.of("a", "b")) {
            out.getBuffer().setLength(0);
            assertEquals(SmcCli.OK, run(List.of("--duration", "100ms", "--warmup", "0s", "--qps", "2000", "--connections", "4"), "bench", "--compare", "tcp", "--rounds", "3", "--json"), err::toString);
            Files.writeString(dir.resolve(name), out.toString());
        }
        String a = dir.resolve("a").toString();
        String b = dir.resolve("b").toString();
        out.getBuffer().setLength(0);
        assertEquals(SmcCli.OK, run(List.of(), "bench", "diff", a, b), err::toString);
        assertTrue(out.toString().contains("tcp of " + a) && out.toString().contains("different times"), out::toString);
        assertTrue(out.toString().lines().anyMatch(l -> l.matches("P99.9 +[\\d.]+ [um]?s +[\\d.]+ [um]?s +\\d+\\.\\d{3} +\\S+ to .*")), out::toString);
        out.getBuffer().setLength(0);
        assertEquals(SmcCli.OK, run(List.of(), "bench", "diff", a, a, "--json"), err::toString);
        assertTrue(out.toString().contains("\"ratio\" : 1.0"), out::toString);
        assertEquals(SmcCli.CANNOT_TELL, run(List.of(), "bench", "diff", a, dir.resolve("c").toString()));
        assertTrue(err.toString().contains("c: no such file"), err::toString);
        Files.writeString(dir.resolve("c"), Files.readString(dir.resolve("a")).replace("\"tcp\"", "\"udp\""));
        assertEquals(SmcCli.USAGE, run(List.of(), "bench", "diff", a, dir.resolve("c").toString()));
        assertTrue(err.toString().contains("sides[0].side: udp: expected tcp or smc"), err::toString);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "2 | --qps 0 | --qps 0.0: expected more than 0",
        "2 | --qps -5 | --qps -5.0: expected more than 0",
        "2 | --qps NaN | --qps NaN: expected",
        "2 | --qps many | Invalid value for option '--qps'",
        "2 | --payload 1048577 | --payload 1048577: expected from 1 to 1048576 bytes",
        "2 | --payload 0 | --payload 0: expected",
        "2 | --connections 0 | --connections 0: expected",
        "2 | --duration 1x | '1x' is no duration",
        "2 | --duration 1ms | --duration 0.001 s: expected from 100ms",
        "2 | --rounds 0 | --rounds 0: expected",
        "2 | --compare tcp,quic | 'quic' is no side: expected tcp or smc",
        "2 | --compare tcp,tcp | names tcp twice",
        "2 | --compare tcp,smc --server tcp=127.0.0.1:1 | side smc has none",
        "2 | --server nowhere | expected HOST:PORT",
        "2 | --path x | --path x: expected a path",
        "3 | --compare tcp --server 127.0.0.1:1 | 127.0.0.1:1: cannot connect: Connection refused"})
    void whatCannotBeRunIsNamed(int code, String arguments, String message) {
        assertEquals(code, run(List.of(arguments.split(" ")), "bench"), err::toString);
        assertTrue(err.toString().contains(message), err::toString);
        assertFalse(err.toString().contains("\tat "), err::toString);
    }

    /** Seen before anything runs; a page of before stays. */
    @Test
    void aPageThatCannotBeWrittenIsNamed(@TempDir Path dir) throws IOException {
        for (String file : List.of(dir.toString(), dir.resolve("none/page.html").toString(), "/proc/page.html")) {
            assertEquals(SmcCli.USAGE, run(SHORT, "bench", "--compare", "tcp", "--report", file));
            assertTrue(err.toString().contains("--report " + file + ": cannot be written: "), err::toString);
            assertEquals("", out.toString());
        }
        Path page = Files.writeString(dir.resolve("page.html"), "before");
        assertEquals(SmcCli.CANNOT_TELL, run(SHORT, "bench", "--compare", "tcp", "--server", "127.0.0.1:1", "--report", page.toString()));
        assertEquals("before", Files.readString(page));
        assertEquals(SmcCli.OK, run(SHORT, "bench", "--compare", "tcp", "--report", page.toString()), err::toString);
        assertTrue(Files.readString(page).startsWith("<!DOCTYPE html>") && Files.readString(page).contains("4 TCP"));
    }

    @Test
    void aPortInUseIsNamed() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String address = "127.0.0.1:" + taken.getLocalPort();
            assertEquals(SmcCli.CANNOT_TELL, run(List.of(), "bench", "server", "--listen", "tcp=" + address));
            assertTrue(err.toString().contains("cannot listen on " + address + ": Address already in use"), err::toString);
        }
        assertEquals(SmcCli.USAGE, run(List.of(), "bench", "server", "--listen", "udp=127.0.0.1:0"));
        assertEquals(SmcCli.USAGE, run(List.of(), "bench", "server"));
    }

    /** Ended in the middle: what has been measured is printed, and the server's process ends. */
    @Test
    void anEndInTheMiddle() throws Exception {
        Process p = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-cp", System.getProperty("java.class.path"), SmcCli.class.getName(),
                "bench", "--compare", "tcp", "--qps", "500", "--connections", "2", "--warmup", "0s", "--duration", "1s", "--rounds", "100")
                .redirectErrorStream(true).start();
        List<ProcessHandle> servers = new ArrayList<>();
        StringBuilder text = new StringBuilder();
        for (int c = p.getInputStream().read(); c >= 0; c = p.getInputStream().read()) {
            text.append((char) c);
            if (servers.isEmpty() && text.indexOf("round 1/100") >= 0) {
                p.children().forEach(servers::add);
                p.toHandle().destroy(); // unlike p.destroy(), which closes what is read here
            }
        }
        assertTrue(p.waitFor(60, TimeUnit.SECONDS));
        assertNotEquals(0, p.exitValue());
        assertTrue(text.indexOf("The run was interrupted") > 0 && text.indexOf("QPS ") > 0, text::toString);
        assertEquals(1, servers.size());
        servers.get(0).onExit().get(30, TimeUnit.SECONDS);
    }

    /** A server that goes away in the middle: what has been measured is printed, and the exit code says that it is not all. */
    @Test
    void aServerThatGoesAway() throws Exception {
        EchoServer server = new EchoServer(Side.TCP, new InetSocketAddress("127.0.0.1", 0), 1);
        String address = "127.0.0.1:" + server.address().getPort();
        Thread end = new Thread(() -> {
            try {
                Thread.sleep(1500);
                server.close();
            } catch (IOException | InterruptedException e) {
                throw new AssertionError(e);
            }
        });
        end.start();
        int code = run(SHORT, "bench", "--compare", "tcp", "--rounds", "100", "--server", address);
        end.join();
        assertEquals(SmcCli.CANNOT_TELL, code, err::toString);
        assertTrue(err.toString().contains(address) && out.toString().contains("- The run broke off: " + address), () -> out + "" + err);
    }

    @Test
    void textIsAscii() {
        run(List.of(), "bench", "--help");
        assertTrue(StandardCharsets.US_ASCII.newEncoder().canEncode(out.toString()), out::toString);
    }
}
