package io.smc4j.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code java.net} in virtual threads (JDK 21 and later; by reflection, as the tests are compiled for 17). */
class NetVirtualThreadTest extends NetContract {

    /** The first release in which a monitor does not pin. */
    private static final int FIRST_WITHOUT_MONITORS = 24;
    /** Connections that are open at once, two descriptors each. */
    private static final int CONNECTIONS = Integer.getInteger("smc.contract.virtual.connections", 200);
    private static final int ECHOES = Integer.getInteger("smc.contract.virtual.echoes", 100);
    private static final int MESSAGE = 64;
    private static final String PINNED = "jdk.VirtualThreadPinned";
    /** Handshakes at once: a listener that has too many answers with plain TCP (SMC_LIMIT_HS). */
    private static final int CONNECTING = 8;

    @BeforeEach
    void jdkHasVirtualThreads() {
        VirtualThreads.assumeThere();
    }

    @Test
    void readWhileAnotherThreadCloses() {
        assertSameFailure(n -> {
            Socket socket = sockets(n).client();
            InputStream in = socket.getInputStream();
            Background<Integer> read = VirtualThreads.start(() -> in.read()).awaitBlocked();
            socket.close();
            read.result();
        });
    }

    @Test
    void readInterrupted() {
        assertSameFailure(n -> {
            Socket socket = sockets(n).client();
            InputStream in = socket.getInputStream();
            Background<Integer> read = VirtualThreads.start(() -> in.read()).awaitBlocked();
            read.thread().interrupt();
            read.result();
        });
    }

    @Test
    void readTimesOut() {
        assertSameFailure(n -> {
            Socket socket = sockets(n).client();
            socket.setSoTimeout(200);
            VirtualThreads.start(() -> socket.getInputStream().read()).result();
        });
    }

    @Test
    void acceptInterrupted() {
        assertSameFailure(n -> {
            ServerSocket server = n.listening();
            Background<Socket> accept = VirtualThreads.start(server::accept).awaitBlocked();
            accept.thread().interrupt();
            accept.result();
        });
    }

    @Test
    void connectWhileAnotherThreadCloses() throws Exception {
        BlackHole hole = own(new BlackHole());
        assertSameFailure(n -> {
            Socket socket = n.socket();
            Background<Object> connect = VirtualThreads.start(() -> {
                socket.connect(hole.address());
                return null;
            }).awaitBlocked();
            socket.close();
            connect.result();
        });
    }

    @Test
    @Timeout(value = 15, unit = TimeUnit.MINUTES) // for the numbers that a run by hand asks for
    void manyBlockingSocketsPinNoCarrier(@TempDir Path directory) throws Exception {
        ServerSocket server = net.server();
        server.bind(loopback(0), 4096);
        ExecutorService executor = (ExecutorService) java.util.concurrent.Executors.class.getMethod("newVirtualThreadPerTaskExecutor").invoke(null);
        echo(server, executor, 4); // what the JDK itself initialises with its first sockets
        try (Recording recording = new Recording()) {
            recording.enable(PINNED).withThreshold(Duration.ZERO).withStackTrace();
            recording.start();
            long begin = System.nanoTime();
            echo(server, executor, CONNECTIONS);
            long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin);
            recording.stop();
            Path file = directory.resolve("pinned.jfr");
            recording.dump(file);
            List<RecordedEvent> pinned = Files.size(file) == 0 ? List.of() : RecordingFile.readAllEvents(file).stream()
                    .filter(e -> e.getEventType().getName().equals(PINNED)).toList();
            System.out.println(CONNECTIONS + " virtual threads, a socket and " + ECHOES + " echoes each, in " + millis + " ms: " + pinned.size()
                    + " " + PINNED);
            if (Runtime.version().feature() >= FIRST_WITHOUT_MONITORS) {
                assertEquals(List.of(), pinned);
            }
        } finally {
            server.close();
            executor.shutdown();
        }
        assertTrue(executor.awaitTermination(PATIENCE_SECONDS, TimeUnit.SECONDS));
    }

    /** {@code connections} at once, each with a virtual thread at both ends. */
    private void echo(ServerSocket server, ExecutorService executor, int connections) throws Exception {
        Future<?> acceptor = executor.submit(() -> {
            for (int i = 0; i < connections; i++) {
                Socket end = server.accept();
                executor.submit(() -> {
                    byte[] message = new byte[MESSAGE];
                    try (end) {
                        while (end.getInputStream().readNBytes(message, 0, MESSAGE) == MESSAGE) {
                            end.getOutputStream().write(message);
                        }
                    }
                    return null;
                });
            }
            return null;
        });
        Semaphore connecting = new Semaphore(CONNECTING);
        CountDownLatch connected = new CountDownLatch(connections);
        CountDownLatch go = new CountDownLatch(1);
        List<Future<Integer>> clients = new ArrayList<>();
        for (int i = 0; i < connections; i++) {
            byte mark = (byte) i;
            clients.add(executor.submit(() -> client(server, mark, connecting, connected, go)));
        }
        while (!connected.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            assertFalse(clients.stream().anyMatch(Future::isDone), "a client failed");
        }
        acceptor.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        if (EXPECT.isSmc()) {
            List<KernelPath> paths = KernelPath.smcConnectionsOf(server.getLocalPort());
            assertEquals(2 * connections, paths.size(), "ends of connections over SMC");
            assertTrue(paths.stream().allMatch(p -> p == EXPECT), paths::toString);
        }
        go.countDown();
        for (Future<Integer> client : clients) {
            assertEquals(ECHOES, client.get(10, TimeUnit.MINUTES));
        }
    }

    private Integer client(ServerSocket server, byte mark, Semaphore connecting, CountDownLatch connected, CountDownLatch go)
            throws IOException, InterruptedException {
        try (Socket socket = net.socket()) {
            connecting.acquire();
            try {
                socket.connect(new InetSocketAddress(server.getInetAddress(), server.getLocalPort()));
            } finally {
                connecting.release();
                connected.countDown();
            }
            if (EXPECT == KernelPath.MPTCP) {
                assertPath(socket);
            }
            go.await();
            byte[] message = new byte[MESSAGE];
            for (int i = 0; i < ECHOES; i++) {
                java.util.Arrays.fill(message, (byte) (mark + i));
                socket.getOutputStream().write(message);
                byte[] back = socket.getInputStream().readNBytes(MESSAGE);
                assertEquals(MESSAGE, back.length);
                assertEquals(message[MESSAGE - 1], back[MESSAGE - 1]);
            }
            return ECHOES;
        }
    }
}
