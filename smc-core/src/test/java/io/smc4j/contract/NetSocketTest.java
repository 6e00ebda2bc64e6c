package io.smc4j.contract;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrowsExactly;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.InputStream;
import java.io.OutputStream;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Connecting, streams and options of {@link Socket}. */
class NetSocketTest extends NetContract {

    @Test
    void unconnected() throws Exception {
        Socket socket = net.socket();
        assertFalse(socket.isConnected() || socket.isBound() || socket.isClosed());
        assertNull(socket.getInetAddress());
        assertEquals(0, socket.getPort());
        assertEquals(-1, socket.getLocalPort());
        assertNull(socket.getLocalSocketAddress());
        assertNull(socket.getRemoteSocketAddress());
        assertEquals(new Socket().toString(), socket.toString());
        assertSameFailure(n -> n.socket().getInputStream());
        assertSameFailure(n -> n.socket().getOutputStream());
        assertSameFailure(n -> n.socket().shutdownInput());
        assertSameFailure(n -> n.socket().shutdownOutput());
        assertSameFailure(n -> n.socket().sendUrgentData(1));
        assertEquals(new Socket().supportedOptions(), net.socket().supportedOptions());
    }

    @Test
    void bothEnds() throws Exception {
        ServerSocket server = net.listening();
        Socket client = net.socket();
        client.connect(server.getLocalSocketAddress());
        Sockets pair = accepted(client, server);
        assertTrue(client.isConnected() && client.isBound() && !client.isClosed());
        assertEquals(server.getLocalPort(), client.getPort());
        assertEquals(server.getLocalSocketAddress(), client.getRemoteSocketAddress());
        assertEquals(address("127.0.0.1"), client.getInetAddress());
        assertEquals(address("127.0.0.1"), client.getLocalAddress());
        assertTrue(client.getLocalPort() > 0);
        assertEquals(client.getLocalSocketAddress(), pair.server().getRemoteSocketAddress());
        assertEquals(client.getLocalPort(), pair.server().getPort());
        assertEquals(server.getLocalPort(), pair.server().getLocalPort());
        assertEquals("Socket[addr=/127.0.0.1,port=" + client.getPort() + ",localport=" + client.getLocalPort() + "]", client.toString());
        assertNull(client.getChannel());
        exchange(pair);
        streams(client, pair.server());
        streams(pair.server(), client);
    }

    private static void streams(Socket from, Socket to) throws Exception {
        byte[] data = "some bytes over streams".getBytes(java.nio.charset.StandardCharsets.US_ASCII);
        OutputStream out = from.getOutputStream();
        InputStream in = to.getInputStream();
        out.write(data[0]);
        out.write(data, 1, data.length - 1);
        out.flush();
        byte[] read = new byte[data.length];
        read[0] = (byte) in.read();
        assertEquals(data.length - 1, in.readNBytes(read, 1, data.length - 1));
        assertArrayEquals(data, read);
        assertEquals(0, in.available());
        assertThrowsExactly(IndexOutOfBoundsException.class, () -> in.read(read, 1, read.length));
        assertThrowsExactly(IndexOutOfBoundsException.class, () -> out.write(read, 1, read.length));
        assertEquals(0, in.read(read, 0, 0));
        out.write(read, 0, 0);
        assertThrowsExactly(NullPointerException.class, () -> in.read(null, 0, 1));
    }

    @Test
    void ipv6() throws Exception {
        ServerSocket server = net.server();
        server.bind(loopback6(0));
        Socket client = net.socket();
        client.connect(server.getLocalSocketAddress());
        exchange(accepted(client, server));
        assertEquals(address("::1"), client.getInetAddress());
    }

    @Test
    void megabytesBothWays() throws Exception {
        Sockets pair = sockets();
        byte[] data = new byte[3 << 20];
        new Random(9).nextBytes(data);
        Background<byte[]> there = Background.start(() -> pair.server().getInputStream().readNBytes(data.length));
        Background<byte[]> back = Background.start(() -> pair.client().getInputStream().readNBytes(data.length));
        Background<Void> answer = Background.start(() -> {
            pair.server().getOutputStream().write(data);
            return null;
        });
        pair.client().getOutputStream().write(data);
        assertArrayEquals(data, there.result());
        assertArrayEquals(data, back.result());
        answer.result();
    }

    @Test
    void availableCountsWhatIsThere() throws Exception {
        Sockets pair = sockets();
        write(pair.client(), "12345");
        InputStream in = pair.server().getInputStream();
        assertEquals('1', in.read());
        long end = System.nanoTime() + PATIENCE_MILLIS * 1_000_000;
        while (in.available() == 0 && System.nanoTime() < end) {
            Thread.sleep(5);
        }
        assertEquals(4, in.available());
    }

    @Test
    void readTimeout() throws Exception {
        Sockets pair = sockets();
        Socket socket = pair.client();
        assertEquals(0, socket.getSoTimeout());
        socket.setSoTimeout(150);
        assertEquals(150, socket.getSoTimeout());
        InputStream in = socket.getInputStream();
        long start = System.nanoTime();
        assertEquals("Read timed out", assertThrowsExactly(SocketTimeoutException.class, in::read).getMessage());
        assertTrue(System.nanoTime() - start >= 140_000_000L);
        write(pair.server(), "late");
        assertEquals("late", read(socket, 4));
        exchange(pair);
    }

    @Test
    void readTimeoutSetBeforeConnect() throws Exception {
        ServerSocket server = net.listening();
        Socket client = net.socket();
        client.setSoTimeout(100);
        client.connect(server.getLocalSocketAddress());
        Sockets pair = accepted(client, server);
        assertEquals(100, client.getSoTimeout());
        assertThrowsExactly(SocketTimeoutException.class, () -> client.getInputStream().read());
        exchange(pair);
    }

    @Test
    void connectWithinTheTimeout() throws Exception {
        ServerSocket server = net.listening();
        Socket client = net.socket();
        client.connect(server.getLocalSocketAddress(), (int) PATIENCE_MILLIS);
        exchange(accepted(client, server));
    }

    @Test
    void connectTimeout() throws Exception {
        BlackHole hole = own(new BlackHole());
        long start = System.nanoTime();
        assertSameFailure(n -> n.socket().connect(hole.address(), 300));
        assertTrue(System.nanoTime() - start >= 590_000_000L);
        Socket socket = net.socket();
        assertThrowsExactly(SocketTimeoutException.class, () -> socket.connect(hole.address(), 100));
    }

    @Test
    void refused() throws Exception {
        InetSocketAddress nobody = (InetSocketAddress) nobody();
        assertEquals(ConnectException.class, assertSameFailure(n -> n.socket().connect(nobody)).getClass());
        assertSameFailure(n -> n.socket().connect(nobody, 10_000));
        assertSameFailure(n -> {
            Socket socket = n.socket();
            assertThrowsExactly(ConnectException.class, () -> socket.connect(nobody));
            socket.connect(nobody);
        });
        assertSameFailure(n -> {
            Socket socket = n.socket();
            assertThrowsExactly(ConnectException.class, () -> socket.connect(nobody));
            socket.setTcpNoDelay(true);
        });
    }

    @Test
    void connectErrors() throws Exception {
        assertSameFailure(n -> n.socket().connect(InetSocketAddress.createUnresolved("nowhere.invalid", 1)));
        assertSameFailure(n -> n.socket().connect(null));
        assertSameFailure(n -> n.socket().connect(loopback(1), -1));
        assertSameFailure(n -> n.socket().connect(UnixDomainSocketAddress.of("/nowhere")));
        assertSameFailure(n -> sockets(n).client().connect(loopback(1)));
        assertSameFailure(n -> sockets(n).server().connect(loopback(1)));
        assertSameFailure(n -> sockets(n).client().bind(loopback(0)));
        assertSameFailure(n -> n.socket().bind(new InetSocketAddress(address("192.0.2.1"), 0)));
        assertSameFailure(n -> n.socket().bind(InetSocketAddress.createUnresolved("nowhere.invalid", 1)));
        ServerSocket taken = jdk.listening();
        assertSameFailure(n -> n.socket().bind(taken.getLocalSocketAddress()));
        assertSameFailure(n -> {
            Socket socket = n.socket();
            socket.bind(loopback(0));
            socket.bind(loopback(0));
        });
    }

    @Test
    void boundThenConnected() throws Exception {
        for (InetSocketAddress local : new InetSocketAddress[] {loopback(0), new InetSocketAddress(0)}) {
            Socket socket = net.socket();
            socket.bind(local);
            assertTrue(socket.isBound());
            int port = socket.getLocalPort();
            assertTrue(port > 0);
            ServerSocket server = net.listening();
            socket.connect(server.getLocalSocketAddress());
            Sockets pair = accepted(socket, server);
            assertEquals(port, pair.server().getPort());
            assertEquals(port, socket.getLocalPort());
            assertEquals(loopback(port), socket.getLocalSocketAddress());
            assertFalse(socket.getReuseAddress());
            exchange(pair);
        }
    }

    @Test
    void connectToTheWildcardAddress() throws Exception {
        ServerSocket server = jdk.server();
        server.bind(new InetSocketAddress(0));
        Socket client = net.socket();
        client.connect(new InetSocketAddress(server.getLocalPort()));
        own(server.accept());
        assertTrue(client.isConnected());
        assertFalse(client.getInetAddress().isAnyLocalAddress());
    }

    @Test
    void optionsSetBeforeConnect() throws Exception {
        Socket socket = net.socket();
        set(socket);
        ServerSocket server = net.listening();
        socket.connect(server.getLocalSocketAddress());
        Sockets pair = accepted(socket, server);
        check(socket);
        exchange(pair);
    }

    @Test
    void optionsSetAfterConnect() throws Exception {
        Sockets pair = sockets();
        set(pair.client());
        set(pair.server());
        check(pair.client());
        check(pair.server());
        exchange(pair);
    }

    private static void set(Socket socket) throws Exception {
        socket.setTcpNoDelay(true);
        socket.setKeepAlive(true);
        socket.setSoLinger(true, 3);
        socket.setReceiveBufferSize(50_000);
        socket.setSendBufferSize(50_000);
        if (!KnownDifference.MPTCP_LACKS_OPTIONS.applies()) {
            socket.setReuseAddress(true);
            socket.setTrafficClass(0x08);
        }
    }

    private static void check(Socket socket) throws Exception {
        assertTrue(socket.getTcpNoDelay() && socket.getKeepAlive());
        assertEquals(3, socket.getSoLinger());
        assertTrue(socket.getReceiveBufferSize() >= 50_000);
        assertEquals(true, socket.getOption(StandardSocketOptions.TCP_NODELAY));
        assertEquals(3, socket.getOption(StandardSocketOptions.SO_LINGER));
        if (!KnownDifference.MPTCP_LACKS_OPTIONS.applies()) {
            assertEquals(0x08, socket.getTrafficClass());
            assertEquals(0x08, socket.getOption(StandardSocketOptions.IP_TOS));
            socket.setOption(StandardSocketOptions.IP_TOS, 0x10);
            assertEquals(0x10, socket.getTrafficClass());
            assertTrue(socket.getReuseAddress());
            socket.setOOBInline(true);
            assertTrue(socket.getOOBInline());
        }
        socket.setSoLinger(false, 0);
        assertEquals(-1, socket.getSoLinger());
        assertEquals(-1, socket.getOption(StandardSocketOptions.SO_LINGER));
        socket.setOption(StandardSocketOptions.TCP_NODELAY, false);
        assertFalse(socket.getTcpNoDelay());
    }

    @Test
    void optionErrors() {
        assertSameFailure(n -> n.socket().setOption(StandardSocketOptions.IP_MULTICAST_LOOP, true));
        assertSameFailure(n -> n.socket().getOption(StandardSocketOptions.IP_MULTICAST_LOOP));
        assertSameFailure(n -> n.socket().setSoTimeout(-1));
        assertSameFailure(n -> n.socket().setTrafficClass(256));
        assertSameFailure(n -> n.socket().setSendBufferSize(0));
        assertSameFailure(n -> sockets(n).client().setOption(null, true));
    }

    @Test
    void urgentDataInline() throws Exception {
        if (!KnownDifference.MPTCP_LACKS_OPTIONS.applies()) {
            Sockets pair = sockets();
            pair.server().setOOBInline(true);
            pair.client().sendUrgentData('!');
            assertEquals("!", read(pair.server(), 1));
        }
    }

    @Test
    void mixedWithTheJdk() throws Exception {
        ServerSocket ours = net.listening();
        Socket theirs = jdk.socket();
        theirs.connect(ours.getLocalSocketAddress());
        exchange(new Sockets(theirs, own(ours.accept())));
        ServerSocket plain = jdk.listening();
        Socket client = net.socket();
        set(client);
        client.connect(plain.getLocalSocketAddress());
        exchange(new Sockets(client, own(plain.accept())));
        check(client);
        client.close();
    }
}
