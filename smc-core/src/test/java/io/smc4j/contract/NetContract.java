package io.smc4j.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.smc4j.internal.Natives;
import io.smc4j.net.MptcpSockets;
import io.smc4j.net.SmcSockets;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/**
 * The contract of {@code java.net}'s sockets. Where the JDK's answer is an exception it is asked for in the same JVM, by the same steps with a socket of its own:
 * type and message have to be the same.
 */
abstract class NetContract extends Contract {

    /** Makes the sockets of one implementation. */
    interface Net {
        Socket socket() throws IOException;

        ServerSocket server() throws IOException;

        /** A listener on a free port of 127.0.0.1. */
        default ServerSocket listening() throws IOException {
            ServerSocket server = server();
            server.bind(loopback(0));
            return server;
        }
    }

    /** Something done with a socket of one implementation or the other. */
    interface Steps {
        void run(Net net) throws Exception;
    }

    /** Two ends of one connection. */
    record Sockets(Socket client, Socket server) {
    }

    /** The JDK's own; no factory is set in this JVM. */
    final Net jdk = new Net() {
        @Override
        public Socket socket() {
            return own(new Socket());
        }

        @Override
        public ServerSocket server() throws IOException {
            return own(new ServerSocket());
        }
    };

    /** The implementation under test. */
    final Net net = switch (System.getProperty("smc.contract.provider", "jdk")) {
        case "jdk" -> jdk;
        case "mptcp" -> new Net() {
            @Override
            public Socket socket() throws IOException {
                return own(MptcpSockets.newSocket());
            }

            @Override
            public ServerSocket server() {
                return own(MptcpSockets.newServerSocket());
            }
        };
        default -> new Net() {
            @Override
            public Socket socket() throws IOException {
                return own(SmcSockets.newSocket());
            }

            @Override
            public ServerSocket server() throws IOException {
                return own(SmcSockets.newServerSocket());
            }
        };
    };

    /** Two ends of a connection over 127.0.0.1 on the expected path. */
    final Sockets sockets() throws IOException {
        return sockets(net);
    }

    final Sockets sockets(Net of) throws IOException {
        ServerSocket server = of.listening();
        Socket client = of.socket();
        client.connect(server.getLocalSocketAddress());
        return accepted(client, server, of);
    }

    /** The pair for a client whose connection waits in {@code server}'s queue. */
    final Sockets accepted(Socket client, ServerSocket server) throws IOException {
        return accepted(client, server, net);
    }

    private Sockets accepted(Socket client, ServerSocket server, Net of) throws IOException {
        Socket end = own(server.accept());
        assertNotNull(end);
        if (of == net) {
            assertPath(client);
            assertPath(end);
        }
        return new Sockets(client, end);
    }

    /** Asserts by the kernel's word that a connection is on the path this run expects for its remote address. */
    static void assertPath(Socket socket) throws IOException {
        if (Natives.isLoaded()) {
            assertEquals(expected(((InetSocketAddress) socket.getRemoteSocketAddress()).getAddress()), KernelPath.ofDescriptor(MptcpSockets.fd(socket)),
                    () -> "path of " + socket);
        } else {
            assertEquals(KernelPath.TCP, EXPECT);
        }
    }

    /** Asserts that {@code steps} end in the same exception, message included, with sockets of the JDK and with ours; answers ours. */
    final Throwable assertSameFailure(Steps steps) {
        Throwable expected = assertThrows(Throwable.class, () -> steps.run(jdk));
        Throwable actual = assertThrows(Throwable.class, () -> steps.run(net), () -> "the JDK: " + expected);
        assertEquals(describe(expected), describe(actual), () -> "thrown: " + java.util.Arrays.toString(actual.getStackTrace()));
        return actual;
    }

    /** As {@link #assertSameFailure}, where on some JDK there may be none. */
    final void assertSameOutcome(Steps steps) {
        assertEquals(outcome(jdk, steps), outcome(net, steps));
    }

    private static String outcome(Net of, Steps steps) {
        try {
            steps.run(of);
            return "no exception";
        } catch (Exception e) {
            return describe(e);
        }
    }

    private static String describe(Throwable e) {
        return e.getClass().getName() + ": " + e.getMessage();
    }

    static void write(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
    }

    static String read(Socket socket, int length) throws IOException {
        return new String(socket.getInputStream().readNBytes(length), StandardCharsets.UTF_8);
    }

    /** A word there and back. */
    static void exchange(Sockets pair) throws IOException {
        write(pair.client, "ping");
        assertEquals("ping", read(pair.server, 4));
        write(pair.server, "pong");
        assertEquals("pong", read(pair.client, 4));
    }

    static final int BLOCK = 512;

    /**
     * Writes blocks until neither end's buffer takes more, and answers the bytes of the writes that came back; a thread is left in one more until the socket is
     * closed.
     */
    static long fill(Socket socket) throws Exception {
        java.util.concurrent.atomic.AtomicLong written = new java.util.concurrent.atomic.AtomicLong();
        Background<Void> writer = Background.start(() -> {
            byte[] block = new byte[BLOCK];
            for (;;) {
                socket.getOutputStream().write(block);
                written.addAndGet(block.length);
            }
        });
        long before;
        do {
            before = written.get();
            Thread.sleep(200);
        } while (written.get() != before && !writer.isDone());
        return before;
    }
}
