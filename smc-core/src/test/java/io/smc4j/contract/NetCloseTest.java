package io.smc4j.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrowsExactly;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** close, half-close, asynchronous close, interrupt and reset of {@link Socket} and {@link ServerSocket}. */
class NetCloseTest extends NetContract {

    @Test
    void readWhileAnotherThreadCloses() throws Exception {
        for (boolean timed : new boolean[] {false, true}) {
            assertSameFailure(n -> {
                Socket socket = sockets(n).client();
                socket.setSoTimeout(timed ? (int) PATIENCE_MILLIS * 2 : 0);
                InputStream in = socket.getInputStream();
                Background<Integer> read = Background.start(() -> in.read()).awaitBlocked();
                socket.close();
                read.result();
            });
        }
    }

    @Test
    void readOfAnAcceptedSocketWhileAnotherThreadCloses() {
        assertSameFailure(n -> {
            Socket socket = sockets(n).server();
            InputStream in = socket.getInputStream();
            Background<Integer> read = Background.start(() -> in.read()).awaitBlocked();
            socket.close();
            read.result();
        });
    }

    @Test
    void writeWhileAnotherThreadCloses() {
        assertSameFailure(n -> {
            Sockets pair = sockets(n);
            Background<Void> write = Background.start(() -> {
                byte[] block = new byte[64 * 1024];
                for (;;) {
                    pair.client().getOutputStream().write(block);
                }
            });
            Thread.sleep(500);
            write.awaitBlocked();
            pair.client().setSoLinger(true, 0);
            pair.client().close();
            write.result();
        });
    }

    @Test
    void acceptWhileAnotherThreadCloses() {
        for (boolean timed : new boolean[] {false, true}) {
            assertSameFailure(n -> {
                ServerSocket server = n.listening();
                server.setSoTimeout(timed ? (int) PATIENCE_MILLIS * 2 : 0);
                Background<Socket> accept = Background.start(server::accept).awaitBlocked();
                server.close();
                accept.result();
            });
        }
    }

    @Test
    void connectWhileAnotherThreadCloses() throws Exception {
        BlackHole hole = own(new BlackHole());
        for (int timeout : new int[] {0, (int) PATIENCE_MILLIS * 2}) {
            assertSameFailure(n -> {
                Socket socket = n.socket();
                Background<Void> connect = Background.<Void>start(() -> {
                    socket.connect(hole.address(), timeout);
                    return null;
                }).awaitBlocked();
                socket.close();
                connect.result();
            });
        }
    }

    /** java.net's sockets do not heed interrupts. */
    @Test
    void interruptWhileReading() throws Exception {
        Sockets pair = sockets();
        InputStream in = pair.client().getInputStream();
        Background<Boolean> read = Background.start(() -> in.read() == 'x' && Thread.currentThread().isInterrupted()).awaitBlocked();
        read.thread().interrupt();
        Thread.sleep(200);
        assertFalse(read.isDone());
        write(pair.server(), "x");
        assertTrue(read.result());
        exchange(pair);
    }

    @Test
    void interruptWhileAccepting() throws Exception {
        ServerSocket server = net.listening();
        Background<Socket> accept = Background.start(server::accept).awaitBlocked();
        accept.thread().interrupt();
        Thread.sleep(200);
        assertFalse(accept.isDone());
        Socket client = net.socket();
        client.connect(server.getLocalSocketAddress());
        exchange(new Sockets(client, own(accept.result())));
    }

    @Test
    void interruptedBeforeEverything() throws Exception {
        ServerSocket server = net.listening();
        Background<Sockets> all = Background.start(() -> {
            Thread.currentThread().interrupt();
            Socket client = net.socket();
            client.connect(server.getLocalSocketAddress());
            Sockets pair = accepted(client, server);
            exchange(pair);
            assertTrue(Thread.currentThread().isInterrupted());
            return pair;
        });
        exchange(all.result());
    }

    @Test
    void interruptWhileConnecting() throws Exception {
        BlackHole hole = own(new BlackHole());
        assertSameFailure(n -> {
            Socket socket = n.socket();
            Background<Void> connect = Background.<Void>start(() -> {
                socket.connect(hole.address(), 2500);
                return null;
            }).awaitBlocked();
            connect.thread().interrupt();
            connect.result();
        });
    }

    @Test
    void everythingOfAClosedSocket() throws Exception {
        closed(n -> sockets(n).client());
        closed(n -> sockets(n).server());
        closed(Net::socket);
        Sockets pair = sockets();
        InputStream in = pair.client().getInputStream();
        OutputStream out = pair.client().getOutputStream();
        pair.client().close();
        pair.client().close();
        assertTrue(pair.client().isClosed() && pair.client().isConnected());
        assertEquals("Socket closed", assertThrowsExactly(SocketException.class, in::read).getMessage());
        assertEquals("Socket closed", assertThrowsExactly(SocketException.class, () -> out.write(1)).getMessage());
        assertEquals(-1, pair.server().getInputStream().read());
    }

    private interface Made {
        Socket by(Net net) throws Exception;
    }

    private interface Use {
        void of(Socket socket) throws Exception;
    }

    private void closed(Made made) {
        Use[] uses = {Socket::getInputStream, Socket::getOutputStream, Socket::shutdownInput, Socket::shutdownOutput, s -> s.setTcpNoDelay(true),
            s -> s.connect(loopback(1)), s -> s.bind(loopback(0)), s -> s.setSoTimeout(1), Socket::getSoTimeout, s -> s.sendUrgentData(1),
            s -> s.getOption(java.net.StandardSocketOptions.IP_TOS), Socket::getTrafficClass};
        for (Use use : uses) {
            assertSameOutcome(n -> {
                Socket socket = made.by(n);
                socket.close();
                use.of(socket);
            });
        }
    }

    @Test
    void closingAStreamClosesTheSocket() throws Exception {
        Sockets pair = sockets();
        pair.client().getOutputStream().close();
        assertTrue(pair.client().isClosed());
        pair.server().getInputStream().close();
        assertTrue(pair.server().isClosed());
    }

    @Test
    void halfClose() throws Exception {
        Sockets pair = sockets();
        write(pair.client(), "question");
        OutputStream out = pair.client().getOutputStream();
        pair.client().shutdownOutput();
        assertTrue(pair.client().isOutputShutdown() && !pair.client().isClosed());
        assertEquals("question", read(pair.server(), 8));
        assertEquals(-1, pair.server().getInputStream().read());
        write(pair.server(), "answer");
        assertEquals("answer", read(pair.client(), 6));
        assertThrowsExactly(SocketException.class, () -> out.write(1));
        pair.client().shutdownInput();
        assertTrue(pair.client().isInputShutdown());
        assertSameFailure(n -> twice(sockets(n).client(), Socket::shutdownOutput));
        assertSameFailure(n -> twice(sockets(n).client(), Socket::shutdownInput));
        assertSameFailure(n -> {
            Socket socket = sockets(n).client();
            socket.shutdownOutput();
            socket.getOutputStream();
        });
        assertSameFailure(n -> {
            Socket socket = sockets(n).client();
            OutputStream stream = socket.getOutputStream();
            socket.shutdownOutput();
            stream.write(1);
        });
    }

    private static void twice(Socket socket, Use use) throws Exception {
        use.of(socket);
        use.of(socket);
    }

    @Test
    void readAfterShutdownInput() throws Exception {
        Sockets pair = sockets();
        InputStream in = pair.client().getInputStream();
        pair.client().shutdownInput();
        assertEquals(-1, in.read());
        assertEquals(0, in.available());
        write(pair.client(), "still");
        assertEquals("still", read(pair.server(), 5));
    }

    @Test
    void theEndIsRepeated() throws Exception {
        Sockets pair = sockets();
        write(pair.client(), "last words");
        pair.client().close();
        assertEquals("last words", read(pair.server(), 10));
        assertEquals(-1, pair.server().getInputStream().read());
        assertEquals(-1, pair.server().getInputStream().read());
    }

    @Test
    void writeToAPeerThatIsGone() throws Exception {
        assumeFalse(KnownDifference.MPTCP_CLOSE_IS_NO_RESET.applies(), () -> KnownDifference.MPTCP_CLOSE_IS_NO_RESET.reason());
        Sockets pair = sockets();
        pair.server().close();
        SocketException e = assertThrowsExactly(SocketException.class, () -> {
            for (;;) {
                write(pair.client(), "x");
            }
        });
        assertTrue(e.getMessage().startsWith("Broken pipe") || e.getMessage().startsWith("Connection reset"), e.getMessage());
        assertFalse(pair.client().isClosed());
    }

    /** What write accepted before close is delivered, however late the peer reads; close does not wait. */
    @Test
    void closeDeliversWhatWriteAccepted() throws Exception {
        Sockets pair = sockets();
        long written = fill(pair.client());
        long start = System.nanoTime();
        pair.client().close();
        assertTrue(System.nanoTime() - start < TimeUnit.MILLISECONDS.toNanos(1500), "close waited");
        Thread.sleep(3000); // longer than the 2 s for which the kernel drains an SMC socket in close
        assertEquals(written, readToTheEnd(pair.server()), BLOCK); // of the write that close ended some may have gone out
    }

    @Test
    void shutdownOutputDeliversWhatWriteAccepted() throws Exception {
        Sockets pair = sockets();
        byte[] data = new byte[300_000];
        Background<Void> writer = Background.start(() -> {
            pair.client().getOutputStream().write(data);
            pair.client().shutdownOutput();
            return null;
        });
        Thread.sleep(3000);
        assertEquals(data.length, readToTheEnd(pair.server()));
        writer.result();
        write(pair.server(), "seen");
        assertEquals("seen", read(pair.client(), 4));
    }

    private static long readToTheEnd(Socket socket) throws IOException {
        byte[] buffer = new byte[64 * 1024];
        long read = 0;
        InputStream in = socket.getInputStream();
        for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
            read += n;
        }
        return read;
    }

    @Test
    void portIsFreeAfterClose() throws Exception {
        ServerSocket server = net.listening();
        Socket client = net.socket();
        client.connect(server.getLocalSocketAddress());
        Sockets pair = accepted(client, server);
        pair.client().close();
        assertEquals(-1, pair.server().getInputStream().read());
        pair.server().close();
        server.close();
        ServerSocket again = net.server();
        again.bind(server.getLocalSocketAddress());
        Socket second = net.socket();
        second.connect(again.getLocalSocketAddress());
        exchange(accepted(second, again));
    }
}
