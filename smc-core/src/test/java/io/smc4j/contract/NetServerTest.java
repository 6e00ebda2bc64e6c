package io.smc4j.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrowsExactly;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.StandardSocketOptions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** {@link ServerSocket}. */
class NetServerTest extends NetContract {

    @Test
    void unbound() throws Exception {
        ServerSocket server = net.server();
        assertFalse(server.isBound() || server.isClosed());
        assertEquals(-1, server.getLocalPort());
        assertNull(server.getInetAddress());
        assertNull(server.getLocalSocketAddress());
        assertEquals("ServerSocket[unbound]", server.toString());
        assertTrue(server.getReuseAddress());
        assertSameFailure(n -> n.server().accept());
        assertEquals(new ServerSocket().supportedOptions(), server.supportedOptions());
        assertNull(server.getChannel());
    }

    @Test
    void bound() throws Exception {
        ServerSocket server = net.listening();
        assertTrue(server.isBound());
        assertEquals(address("127.0.0.1"), server.getInetAddress());
        assertEquals("ServerSocket[addr=/127.0.0.1,localport=" + server.getLocalPort() + "]", server.toString());
        assertEquals(loopback(server.getLocalPort()), server.getLocalSocketAddress());
    }

    @Test
    void bindErrors() throws Exception {
        ServerSocket taken = net.listening();
        assertSameFailure(n -> n.server().bind(taken.getLocalSocketAddress()));
        assertSameFailure(n -> n.listening().bind(loopback(0)));
        assertSameFailure(n -> n.server().bind(new InetSocketAddress(address("192.0.2.1"), 0)));
        assertSameFailure(n -> n.server().bind(InetSocketAddress.createUnresolved("nowhere.invalid", 1)));
        assertSameFailure(n -> {
            ServerSocket server = n.listening();
            server.close();
            server.accept();
        });
        assertSameFailure(n -> {
            ServerSocket server = n.server();
            server.close();
            server.bind(loopback(0));
        });
        assertSameFailure(n -> {
            ServerSocket server = n.server();
            server.close();
            server.setSoTimeout(1);
        });
    }

    /** The bind of another listener fails: the port is really the SMC socket's. */
    @Test
    void portIsTaken() throws Exception {
        ServerSocket server = net.listening();
        assertThrowsExactly(java.net.BindException.class, () -> jdk.server().bind(server.getLocalSocketAddress()));
    }

    @Test
    void wildcard() throws Exception {
        ServerSocket server = net.server();
        server.bind(null);
        assertTrue(server.getInetAddress().isAnyLocalAddress());
        Socket client = net.socket();
        client.connect(loopback(server.getLocalPort()));
        exchange(new Sockets(client, own(server.accept())));
        Socket six = net.socket();
        six.connect(loopback6(server.getLocalPort()));
        exchange(new Sockets(six, own(server.accept())));
    }

    @Test
    void acceptTimeout() throws Exception {
        ServerSocket server = net.listening();
        server.setSoTimeout(150);
        assertEquals(150, server.getSoTimeout());
        assertEquals("Accept timed out", assertThrowsExactly(SocketTimeoutException.class, server::accept).getMessage());
        Socket client = net.socket();
        client.connect(server.getLocalSocketAddress());
        server.setSoTimeout((int) PATIENCE_MILLIS);
        Sockets pair = accepted(client, server);
        assertEquals(0, pair.server().getSoTimeout());
        exchange(pair);
    }

    @Test
    void options() throws Exception {
        ServerSocket server = net.server();
        server.setReceiveBufferSize(50_000);
        server.setReuseAddress(true);
        if (!KnownDifference.MPTCP_LACKS_OPTIONS.applies()) {
            server.setOption(StandardSocketOptions.IP_TOS, 0x10);
        }
        server.bind(loopback(0));
        assertTrue(server.getReceiveBufferSize() >= 50_000);
        assertTrue(server.getReuseAddress());
        Socket client = net.socket();
        client.connect(server.getLocalSocketAddress());
        Sockets pair = accepted(client, server);
        assertTrue(pair.server().getReceiveBufferSize() >= 50_000);
        exchange(pair);
    }

    /** A listener's subclass that accepts into a socket's subclass, as RMI and many servers do. */
    @Test
    void implAcceptIntoASubclass() throws Exception {
        class Named extends Socket {
        }

        class Listener extends ServerSocket {
            Listener() throws java.io.IOException {
            }

            @Override
            public Socket accept() throws java.io.IOException {
                Named socket = new Named();
                implAccept(socket);
                return socket;
            }
        }

        // Without a factory a subclass has the JDK's implementation: see InstallTest for ours.
        ServerSocket server = own(new Listener());
        server.bind(loopback(0));
        Socket client = net.socket();
        client.connect(server.getLocalSocketAddress());
        Socket end = own(server.accept());
        assertEquals(Named.class, end.getClass());
        exchange(new Sockets(client, end));
    }

    @Test
    void acceptedSocketOutlivesItsServer() throws Exception {
        Sockets pair = sockets();
        exchange(pair);
        ServerSocket server = net.listening();
        Socket client = net.socket();
        client.connect(server.getLocalSocketAddress());
        Sockets second = accepted(client, server);
        server.close();
        exchange(second);
    }

    @Test
    void manyConnections() throws Exception {
        ServerSocket server = net.server();
        server.bind(loopback(0), 100);
        List<Sockets> pairs = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            Socket client = net.socket();
            client.connect(server.getLocalSocketAddress());
            pairs.add(accepted(client, server));
        }
        for (Sockets pair : pairs) {
            exchange(pair);
        }
    }

    /** Failing connects, and connections over and over, leave no descriptor behind. */
    @Test
    void noDescriptorIsLeaked() throws Exception {
        InetSocketAddress nobody = (InetSocketAddress) nobody();
        for (int round = 0; round < 3; round++) {
            connectAndFail(nobody, 20);
        }
        int before = descriptors();
        connectAndFail(nobody, 100);
        long end = System.nanoTime() + PATIENCE_MILLIS * 1_000_000;
        while (descriptors() > before + 5 && System.nanoTime() < end) {
            Thread.sleep(50); // what closes later, for its handshake or data
        }
        assertTrue(descriptors() <= before + 5, before + " descriptors before, " + descriptors() + " after");
    }

    private void connectAndFail(InetSocketAddress nobody, int times) throws Exception {
        try (ServerSocket server = net.listening()) {
            for (int i = 0; i < times; i++) {
                try (Socket socket = net.socket()) {
                    assertThrowsExactly(java.net.ConnectException.class, () -> socket.connect(nobody));
                }
                try (Socket client = net.socket()) {
                    client.connect(server.getLocalSocketAddress());
                    try (Socket end = server.accept()) {
                        exchange(new Sockets(client, end));
                    }
                }
            }
        }
    }

    private static int descriptors() {
        return new java.io.File("/proc/self/fd").list().length;
    }
}
