package io.smc4j.contract;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrowsExactly;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.net.UnknownHostException;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.IllegalBlockingModeException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import org.junit.jupiter.api.Test;

/** {@code SocketChannel.socket()}. */
class SocketAdaptorTest extends Contract {

    @Test
    void unconnected() throws Exception {
        SocketChannel channel = open();
        Socket socket = channel.socket();
        assertSame(socket, channel.socket());
        assertSame(channel, socket.getChannel());
        assertFalse(socket.isConnected() || socket.isBound() || socket.isClosed());
        assertNull(socket.getInetAddress());
        assertEquals(0, socket.getPort());
        assertEquals(-1, socket.getLocalPort());
        assertTrue(socket.getLocalAddress().isAnyLocalAddress());
        assertNull(socket.getLocalSocketAddress());
        assertNull(socket.getRemoteSocketAddress());
        assertThrowsExactly(SocketException.class, socket::getInputStream);
        assertThrowsExactly(SocketException.class, socket::getOutputStream);
        assertTrue(socket.toString().length() > 0);
    }

    @Test
    void connectAndStreams() throws Exception {
        ServerSocketChannel server = listen();
        SocketChannel channel = open();
        Socket socket = channel.socket();
        socket.connect(server.getLocalAddress());
        assertTrue(channel.isConnected());
        Pair pair = accepted(channel, server);
        assertTrue(socket.isConnected() && socket.isBound() && !socket.isClosed());
        assertEquals(port(server), socket.getPort());
        assertEquals(address("127.0.0.1"), socket.getInetAddress());
        assertEquals(channel.getLocalAddress(), socket.getLocalSocketAddress());
        assertEquals(channel.getRemoteAddress(), socket.getRemoteSocketAddress());
        assertEquals(((InetSocketAddress) channel.getLocalAddress()).getPort(), socket.getLocalPort());
        assertEquals(address("127.0.0.1"), socket.getLocalAddress());
        assertTrue(socket.toString().contains(String.valueOf(port(server))), socket.toString());
        streams(socket, pair.server().socket());
        streams(pair.server().socket(), socket);
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
    }

    @Test
    void streamsCarryAMegabyte() throws Exception {
        Pair pair = pair();
        byte[] data = new byte[1 << 20];
        new java.util.Random(9).nextBytes(data);
        Background<byte[]> receive = Background.start(() -> pair.server().socket().getInputStream().readNBytes(data.length));
        pair.client().socket().getOutputStream().write(data);
        assertArrayEquals(data, receive.result());
    }

    @Test
    void availableCountsWhatIsThere() throws Exception {
        Pair pair = pair();
        write(pair.client(), "12345");
        InputStream in = pair.server().socket().getInputStream();
        assertEquals('1', in.read());
        long end = System.nanoTime() + PATIENCE_MILLIS * 1_000_000;
        while (in.available() == 0 && System.nanoTime() < end) {
            Thread.sleep(5);
        }
        assertEquals(4, in.available());
    }

    @Test
    void readTimeout() throws Exception {
        Pair pair = pair();
        Socket socket = pair.client().socket();
        assertEquals(0, socket.getSoTimeout());
        socket.setSoTimeout(150);
        assertEquals(150, socket.getSoTimeout());
        InputStream in = socket.getInputStream();
        long start = System.nanoTime();
        assertThrowsExactly(SocketTimeoutException.class, in::read);
        assertTrue(System.nanoTime() - start >= 140_000_000L);
        assertTrue(pair.client().isOpen());
        write(pair.server(), "late");
        assertEquals("late", new String(in.readNBytes(4), java.nio.charset.StandardCharsets.US_ASCII));
        exchange(pair);
        assertThrowsExactly(IllegalArgumentException.class, () -> socket.setSoTimeout(-1));
    }

    @Test
    void readTimeoutSetBeforeConnect() throws Exception {
        ServerSocketChannel server = listen();
        SocketChannel channel = open();
        channel.socket().setSoTimeout(100);
        connect(channel, server);
        assertEquals(100, channel.socket().getSoTimeout());
        assertThrowsExactly(SocketTimeoutException.class, () -> channel.socket().getInputStream().read());
    }

    @Test
    void connectTimeout() throws Exception {
        BlackHole hole = own(new BlackHole());
        SocketChannel channel = open();
        assertThrowsExactly(SocketTimeoutException.class, () -> channel.socket().connect(hole.address(), 200));
        assertFalse(channel.isOpen());
        assertTrue(channel.socket().isClosed());
    }

    @Test
    void connectWithinTheTimeout() throws Exception {
        ServerSocketChannel server = listen();
        SocketChannel channel = open();
        channel.socket().connect(server.getLocalAddress(), (int) PATIENCE_MILLIS);
        exchange(accepted(channel, server));
        assertTrue(channel.isBlocking());
    }

    @Test
    void connectErrors() throws Exception {
        SocketChannel refused = open();
        assertThrowsExactly(ConnectException.class, () -> refused.socket().connect(nobody(), 10_000));
        assertFalse(refused.isOpen());
        SocketChannel channel = open();
        Socket socket = channel.socket();
        assertThrowsExactly(UnknownHostException.class, () -> open().socket().connect(InetSocketAddress.createUnresolved("nowhere.invalid", 1)));
        assertThrowsExactly(IllegalArgumentException.class, () -> socket.connect(null));
        assertThrowsExactly(IllegalArgumentException.class, () -> socket.connect(loopback(1), -1));
        assertThrowsExactly(SocketException.class, () -> socket.connect(UnixDomainSocketAddress.of("/nowhere")));
        Pair pair = connect(channel, listen());
        SocketChannel jdk = own(SelectorProviderOfTheJdk.get().openSocketChannel());
        jdk.connect(listen().getLocalAddress());
        assertThrowsExactly(typeOnTheJdk(Exception.class, () -> jdk.socket().connect(loopback(1))), () -> socket.connect(loopback(1)));
        exchange(pair);
    }

    @Test
    void bind() throws Exception {
        SocketChannel channel = open();
        Socket socket = channel.socket();
        socket.bind(loopback(0));
        assertTrue(socket.isBound());
        int port = socket.getLocalPort();
        assertTrue(port > 0);
        assertThrowsExactly(SocketException.class, () -> socket.bind(loopback(0)));
        ServerSocketChannel server = listen();
        socket.connect(server.getLocalAddress(), (int) PATIENCE_MILLIS);
        Pair pair = accepted(channel, server);
        assertEquals(port, ((InetSocketAddress) pair.server().getRemoteAddress()).getPort());
    }

    @Test
    void nonBlockingChannelHasNoStreams() throws Exception {
        Pair pair = pair();
        Socket socket = pair.client().socket();
        InputStream in = socket.getInputStream();
        OutputStream out = socket.getOutputStream();
        pair.client().configureBlocking(false);
        assertThrowsExactly(IllegalBlockingModeException.class, in::read);
        assertThrowsExactly(IllegalBlockingModeException.class, () -> out.write(1));
        SocketChannel other = open();
        other.configureBlocking(false);
        assertThrowsExactly(IllegalBlockingModeException.class, () -> other.socket().connect(loopback(1), 100));
    }

    @Test
    void optionsAreTheChannels() throws Exception {
        SocketChannel channel = open();
        Socket socket = channel.socket();
        socket.setTcpNoDelay(true);
        socket.setKeepAlive(true);
        socket.setSoLinger(true, 3);
        socket.setReuseAddress(true);
        socket.setTrafficClass(0x08);
        socket.setReceiveBufferSize(50_000);
        socket.setSendBufferSize(50_000);
        socket.setPerformancePreferences(1, 2, 3);
        Pair pair = connect(channel, listen());
        assertTrue(socket.getTcpNoDelay() && socket.getKeepAlive() && socket.getReuseAddress());
        assertEquals(3, socket.getSoLinger());
        assertEquals(0x08, socket.getTrafficClass());
        assertTrue(socket.getReceiveBufferSize() >= 50_000);
        assertEquals(!KnownDifference.SEND_BUFFER_IS_THE_PEERS.applies(), socket.getSendBufferSize() >= 50_000);
        assertEquals(true, channel.getOption(StandardSocketOptions.TCP_NODELAY));
        socket.setSoLinger(false, 0);
        assertEquals(-1, socket.getSoLinger());
        assertEquals(-1, channel.getOption(StandardSocketOptions.SO_LINGER));
        if (!KnownDifference.MPTCP_LACKS_OPTIONS.applies()) {
            socket.setOOBInline(true);
            assertTrue(socket.getOOBInline());
        }
        assertEquals(channel.supportedOptions(), socket.supportedOptions());
        socket.setOption(StandardSocketOptions.TCP_NODELAY, false);
        assertEquals(false, socket.getOption(StandardSocketOptions.TCP_NODELAY));
        exchange(pair);
    }

    @Test
    void halfClose() throws Exception {
        Pair pair = pair();
        Socket socket = pair.client().socket();
        socket.shutdownOutput();
        assertTrue(socket.isOutputShutdown());
        assertEquals(-1, pair.server().socket().getInputStream().read());
        assertThrowsExactly(SocketException.class, socket::getOutputStream);
        socket.shutdownOutput();
        socket.shutdownInput();
        assertTrue(socket.isInputShutdown());
        assertThrowsExactly(SocketException.class, socket::getInputStream);
    }

    @Test
    void close() throws Exception {
        Pair pair = pair();
        Socket socket = pair.client().socket();
        InputStream in = socket.getInputStream();
        socket.close();
        assertTrue(socket.isClosed());
        assertFalse(pair.client().isOpen());
        assertFalse(socket.isConnected());
        assertThrowsExactly(SocketException.class, socket::getInputStream);
        assertThrowsExactly(ClosedChannelException.class, in::read);
        assertThrowsExactly(SocketException.class, () -> socket.setTcpNoDelay(true));
        SocketChannel jdk = own(SelectorProviderOfTheJdk.get().openSocketChannel());
        jdk.close();
        assertThrowsExactly(typeOnTheJdk(IOException.class, () -> jdk.socket().connect(loopback(1))), () -> socket.connect(loopback(1)));
        assertThrowsExactly(typeOnTheJdk(IOException.class, () -> jdk.socket().bind(loopback(0))), () -> socket.bind(loopback(0)));
        assertEquals(-1, pair.server().socket().getInputStream().read());
        assertTrue(socket.toString().length() > 0);
    }

    @Test
    void closingAStreamClosesTheChannel() throws Exception {
        Pair pair = pair();
        pair.client().socket().getOutputStream().close();
        assertFalse(pair.client().isOpen());
        pair.server().socket().getInputStream().close();
        assertFalse(pair.server().isOpen());
    }

    @Test
    void readWhileAnotherThreadCloses() throws Exception {
        Pair pair = pair();
        InputStream in = pair.client().socket().getInputStream();
        Background<Integer> read = Background.start(() -> in.read()).awaitBlocked();
        pair.client().socket().close();
        read.failure(AsynchronousCloseException.class);
    }

    @Test
    void timedReadWhileAnotherThreadCloses() throws Exception {
        Pair pair = pair();
        pair.client().socket().setSoTimeout((int) PATIENCE_MILLIS * 2);
        InputStream in = pair.client().socket().getInputStream();
        Background<Integer> read = Background.start(() -> in.read()).awaitBlocked();
        pair.client().close();
        read.failure(AsynchronousCloseException.class);
    }

    @Test
    void acceptedSocket() throws Exception {
        Pair pair = pair();
        Socket socket = pair.server().socket();
        assertSame(pair.server(), socket.getChannel());
        assertTrue(socket.isConnected() && socket.isBound());
        assertEquals(pair.client().getLocalAddress(), socket.getRemoteSocketAddress());
    }

    @Test
    void urgentDataInline() throws Exception {
        Pair pair = pair();
        if (KnownDifference.MPTCP_LACKS_OPTIONS.applies()) {
            assertThrowsExactly(SocketException.class, () -> pair.server().socket().setOOBInline(true));
        } else {
            pair.server().socket().setOOBInline(true);
            pair.client().socket().sendUrgentData('!');
            assertEquals("!", read(pair.server(), 1));
        }
    }
}
