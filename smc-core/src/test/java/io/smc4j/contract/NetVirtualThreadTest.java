package io.smc4j.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import jdk.jfr.consumer.RecordedEvent;
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
    /** More are served by a JVM of its own, or the descriptors would not do: two for each connection, and many systems give a process 20,000 or fewer. */
    private static final int IN_ONE_JVM = 1_000;
    private static final int BACKLOG = 4096;
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
    @Timeout(value = 30, unit = TimeUnit.MINUTES) // for the numbers that a run by hand asks for
    void manyBlockingSocketsPinNoCarrier(@TempDir Path directory) throws Exception {
        try (ServerSocket server = net.server()) {
            server.bind(loopback(0));
            echo(server.getLocalPort(), 4, accept(server, 4)); // what the JDK itself initialises with its first sockets
        }
        int atServer = 0;
        List<RecordedEvent> pinned;
        try (PinnedEvents events = PinnedEvents.start()) {
            long begin = System.nanoTime();
            if (CONNECTIONS > IN_ONE_JVM) {
                try (EchoServer server = new EchoServer(directory)) {
                    echo(server.port, CONNECTIONS, null);
                    atServer = server.stop();
                }
            } else {
                try (ServerSocket server = net.server()) {
                    server.bind(loopback(0), BACKLOG);
                    echo(server.getLocalPort(), CONNECTIONS, accept(server, CONNECTIONS));
                }
            }
            long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin);
            pinned = events.stop(directory);
            System.out.println(CONNECTIONS + " virtual threads, a socket and " + ECHOES + " echoes each, in " + millis + " ms: " + (pinned.size() + atServer)
                    + " jdk.VirtualThreadPinned" + (CONNECTIONS > IN_ONE_JVM ? ", the server's JVM included" : ""));
        }
        if (Runtime.version().feature() >= FIRST_WITHOUT_MONITORS) {
            assertEquals(List.of(), pinned);
            assertEquals(0, atServer, "in the server's JVM; see above");
        }
    }

    /** Takes so many connections, each with a virtual thread that echoes. */
    private static Background<Object> accept(ServerSocket server, int connections) {
        return VirtualThreads.start(() -> {
            for (int i = 0; i < connections; i++) {
                Socket end = server.accept();
                VirtualThreads.unstarted(() -> EchoServer.echo(end)).start();
            }
            return null;
        });
    }

    /**
     * {@code connections} at once, each with a virtual thread of its own.
     *
     * @param acceptor what has to be over when all are connected, or null where the server is another JVM
     */
    private void echo(int port, int connections, Background<Object> acceptor) throws Exception {
        Semaphore connecting = new Semaphore(CONNECTING);
        CountDownLatch connected = new CountDownLatch(connections);
        CountDownLatch go = new CountDownLatch(1);
        List<Background<Integer>> clients = new ArrayList<>();
        try {
            for (int i = 0; i < connections; i++) {
                byte mark = (byte) i;
                clients.add(VirtualThreads.start(() -> client(port, mark, connecting, connected, go)));
            }
            while (!connected.await(1, TimeUnit.SECONDS)) {
                assertFalse(acceptor != null && acceptor.isDone() && connected.getCount() > CONNECTING, () -> "the server accepts no more: " + connected.getCount() + " to come");
                for (Background<Integer> client : clients) {
                    if (client.isDone()) {
                        client.result(); // throws what it met
                    }
                }
            }
            if (acceptor != null) {
                acceptor.result();
            }
            if (EXPECT.isSmc()) {
                List<KernelPath> paths = KernelPath.smcConnectionsOf(port);
                assertEquals(2 * connections, paths.size(), "ends of connections over SMC");
                assertTrue(paths.stream().allMatch(p -> p == EXPECT), paths::toString);
            }
        } finally {
            go.countDown();
        }
        for (Background<Integer> client : clients) {
            client.thread().join(TimeUnit.MINUTES.toMillis(20));
            assertEquals(ECHOES, client.result());
        }
    }

    private Integer client(int port, byte mark, Semaphore connecting, CountDownLatch connected, CountDownLatch go) throws IOException, InterruptedException {
        try (Socket socket = net.socket()) {
            connecting.acquire();
            try {
                socket.connect(loopback(port));
            } finally {
                connecting.release();
                connected.countDown();
            }
            if (EXPECT == KernelPath.MPTCP) {
                assertPath(socket);
            }
            go.await();
            byte[] message = new byte[EchoServer.MESSAGE];
            for (int i = 0; i < ECHOES; i++) {
                java.util.Arrays.fill(message, (byte) (mark + i));
                socket.getOutputStream().write(message);
                byte[] back = socket.getInputStream().readNBytes(EchoServer.MESSAGE);
                assertEquals(EchoServer.MESSAGE, back.length);
                assertEquals(message[EchoServer.MESSAGE - 1], back[EchoServer.MESSAGE - 1]);
            }
            return ECHOES;
        }
    }
}
