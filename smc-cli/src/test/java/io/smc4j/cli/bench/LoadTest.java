package io.smc4j.cli.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The load generator against servers of this JVM. */
@Timeout(60)
class LoadTest {

    private static final InetSocketAddress ANY = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

    private static Plan plan(Protocol protocol, boolean closed, double qps, int connections, int payload, double seconds, int threads) {
        return new Plan(protocol, closed, qps, connections, payload, seconds, 0, 1, threads, "/echo");
    }

    private static Round measured(Plan plan, InetSocketAddress server, AtomicBoolean stopped) throws IOException {
        try (RoundRun r = new RoundRun(plan, Side.TCP, server, stopped::get)) {
            r.open();
            Modes modes = r.modes();
            r.warmUp();
            Round round = r.measure(1, System.nanoTime(), modes, (nanos, point) -> { });
            assertEquals(round.answers() + round.unanswered(), r.latencies().getTotalCount());
            return round;
        }
    }

    @ParameterizedTest
    @CsvSource({"HTTP, 1, 1, 1", "HTTP, 5, 128, 2", "RAW, 3, 1, 1", "RAW, 4, 1048576, 1", "HTTP, 2, 1048576, 2", "RAW, 64, 7, 3"})
    void echoesOfEachKindCome(Protocol protocol, int connections, int payload, int threads) throws IOException {
        try (EchoServer server = new EchoServer(Side.TCP, ANY, 2)) {
            Round open = measured(plan(protocol, false, 100, connections, payload, 0.4, threads), server.address(), new AtomicBoolean());
            assertEquals(40, open.answers() + open.unsent(), open::toString);
            assertEquals(Map.of("TCP", connections), open.modes().counts());
            assertEquals(connections, open.modes().connections().size());
            Round closed = measured(plan(protocol, true, 0, connections, payload, 0.2, threads), server.address(), new AtomicBoolean());
            assertTrue(closed.answers() >= connections && closed.unsent() == 0, closed::toString);
            assertTrue(closed.latency().p50() > 0 && closed.latency().p50() <= closed.latency().p999() && closed.latency().p999() <= closed.latency().max());
        }
    }

    /** A server that pauses for half a second delays every request that was due meanwhile, not the one that it had. */
    @Test
    void aPauseDelaysAllThatWasDueInIt() throws Exception {
        AtomicBoolean paused = new AtomicBoolean();
        try (ServerSocket listener = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            Thread echo = new Thread(() -> echo(listener, paused));
            echo.setDaemon(true);
            echo.start();
            InetSocketAddress server = (InetSocketAddress) listener.getLocalSocketAddress();
            try (RoundRun r = new RoundRun(plan(Protocol.RAW, false, 200, 1, 8, 2, 1), Side.TCP, server, () -> false)) {
                r.open();
                Round round = r.measure(1, System.nanoTime(), r.modes(), (nanos, point) -> { });
                long late = r.latencies().getCountBetweenValues(100_000_000, Meter.MAX_NANOS);
                assertTrue(paused.get());
                assertTrue(late >= 70, late + " of " + round); // due in the first 400 of 500 ms: 80
                assertTrue(round.service().p50() < 100_000_000, round::toString);
                assertEquals(400, round.answers() + round.unsent(), round::toString);
            }
        }
    }

    private static void echo(ServerSocket listener, AtomicBoolean paused) {
        try (Socket s = listener.accept()) {
            s.setTcpNoDelay(true);
            byte[] b = new byte[8];
            for (int i = 0; s.getInputStream().readNBytes(b, 0, 8) == 8; i++) {
                if (i == 100) {
                    Thread.sleep(500);
                    paused.set(true);
                }
                s.getOutputStream().write(b);
            }
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void aRunThatIsStoppedKeepsWhatItHas() throws Exception {
        AtomicBoolean stopped = new AtomicBoolean();
        try (EchoServer server = new EchoServer(Side.TCP, ANY, 1)) {
            Thread t = new Thread(() -> {
                try {
                    Thread.sleep(300);
                } catch (InterruptedException e) {
                    throw new AssertionError(e);
                }
                stopped.set(true);
            });
            t.start();
            Round round = measured(plan(Protocol.HTTP, false, 200, 2, 8, 3600, 1), server.address(), stopped);
            assertTrue(round.answers() > 0 && round.seconds() < 30, round::toString);
            t.join();
        }
    }

    /** What servers that are no echo get, each with what it says. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "HTTP | SSH-2.0-x | is no HTTP, but begins with 'SSH-2.0-x'",
        "HTTP | HTTP/1.1 404 Not Found~~ | is not 200, but 'HTTP/1.1 404",
        "HTTP | HTTP/1.1 200 OK~Transfer-Encoding: chunked~~ | no usable Content-Length",
        "HTTP | HTTP/1.1 200 OK~Content-Length: 99999999999~~ | no usable Content-Length",
        "HTTP | HTTP/1.1 200 OK~Content-Length: 2~~ok | has 2 bytes, the request 16: no echo",
        "HTTP | HTTP/1.1 200 OK~Content-Length: 16~~0123456789abcdef | is not what was sent",
        "RAW | HTTP/1.1 400 Bad | begins with 'HTTP/1.1 400 Bad': no raw echo",
        "RAW | '' | closed by the server before it answered"})
    void aServerThatIsNoEchoIsNamed(Protocol protocol, String answer, String message) throws Exception {
        try (ServerSocket listener = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            Thread t = new Thread(() -> {
                try (Socket s = listener.accept()) {
                    InputStream in = s.getInputStream();
                    assertTrue(in.read(new byte[16]) > 0);
                    OutputStream out = s.getOutputStream();
                    out.write(answer.replace("~", "\r\n").getBytes(StandardCharsets.US_ASCII));
                    s.shutdownOutput();
                    in.readAllBytes();
                } catch (IOException e) {
                    return; // the client has gone
                }
            });
            t.start();
            try (RoundRun r = new RoundRun(plan(protocol, true, 0, 1, 16, 1, 1), Side.TCP, (InetSocketAddress) listener.getLocalSocketAddress(), () -> false)) {
                String said = assertThrows(IOException.class, r::open).getMessage();
                assertTrue(said.contains(message) && said.contains(":" + listener.getLocalPort() + ": "), said);
            }
            t.join();
        }
    }

    @Test
    void theServerSurvivesWhatIsNoRequest() throws Exception {
        try (EchoServer server = new EchoServer(Side.TCP, ANY, 1)) {
            for (String request : new String[] {"POST / HTTP/1.1\r\n\r\n", "POST / HTTP/1.1\r\nContent-Length: 2000000\r\n\r\n", "POST " + "x".repeat(3_000_000)}) {
                try (Socket s = new Socket(server.address().getAddress(), server.address().getPort())) {
                    s.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
                    assertEquals(-1, s.getInputStream().read(), request.substring(0, 15));
                } catch (IOException e) {
                    continue; // reset: closed with bytes unread
                }
            }
            assertTrue(measured(plan(Protocol.HTTP, true, 0, 1, 8, 0.1, 1), server.address(), new AtomicBoolean()).answers() > 0);
        }
    }
}
