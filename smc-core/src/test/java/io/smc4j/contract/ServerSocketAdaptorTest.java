package io.smc4j.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrowsExactly;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.IllegalBlockingModeException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import org.junit.jupiter.api.Test;

/** {@code ServerSocketChannel.socket()}. */
class ServerSocketAdaptorTest extends Contract {

    @Test
    void bindThroughTheSocket() throws Exception {
        ServerSocketChannel channel = own(ServerSocketChannel.open());
        ServerSocket socket = channel.socket();
        assertSame(socket, channel.socket());
        assertSame(channel, socket.getChannel());
        assertFalse(socket.isBound() || socket.isClosed());
        assertNull(socket.getInetAddress());
        assertEquals(-1, socket.getLocalPort());
        assertTrue(socket.toString().length() > 0);
        socket.bind(loopback(0), 20);
        assertTrue(socket.isBound());
        assertEquals(port(channel), socket.getLocalPort());
        assertEquals(address("127.0.0.1"), socket.getInetAddress());
        assertEquals(channel.getLocalAddress(), socket.getLocalSocketAddress());
        assertThrowsExactly(SocketException.class, () -> socket.bind(loopback(0)));
        assertTrue(socket.toString().contains(String.valueOf(port(channel))), socket.toString());
        exchange(connect(open(), channel));
    }

    @Test
    void bindErrors() throws Exception {
        ServerSocketChannel server = listen();
        ServerSocket socket = own(ServerSocketChannel.open()).socket();
        assertThrowsExactly(BindException.class, () -> socket.bind(server.getLocalAddress()));
        assertThrowsExactly(SocketException.class, () -> socket.bind(InetSocketAddress.createUnresolved("nowhere.invalid", 0)));
        assertThrowsExactly(SocketException.class, () -> socket.bind(UnixDomainSocketAddress.of("/nowhere")));
        assertFalse(socket.isBound());
        assertThrowsExactly(SocketException.class, socket::accept);
    }

    @Test
    void acceptAnswersTheChannelsSocket() throws Exception {
        ServerSocketChannel server = listen();
        SocketChannel client = open();
        client.connect(server.getLocalAddress());
        Socket accepted = own(server.socket().accept());
        SocketChannel end = accepted.getChannel();
        assertNotNull(end);
        assertPath(client);
        assertPath(end);
        assertTrue(accepted.isConnected());
        assertEquals(client.getLocalAddress(), accepted.getRemoteSocketAddress());
        exchange(new Pair(client, end));
    }

    @Test
    void acceptTimeout() throws Exception {
        ServerSocketChannel server = listen();
        ServerSocket socket = server.socket();
        assertEquals(0, socket.getSoTimeout());
        socket.setSoTimeout(150);
        assertEquals(150, socket.getSoTimeout());
        long start = System.nanoTime();
        assertThrowsExactly(SocketTimeoutException.class, socket::accept);
        assertTrue(System.nanoTime() - start >= 140_000_000L);
        assertTrue(server.isOpen());
        socket.setSoTimeout((int) PATIENCE_MILLIS);
        SocketChannel client = open();
        client.connect(server.getLocalAddress());
        Socket accepted = own(socket.accept());
        assertPath(accepted.getChannel());
        exchange(new Pair(client, accepted.getChannel()));
        assertThrowsExactly(IllegalArgumentException.class, () -> socket.setSoTimeout(-1));
    }

    @Test
    void acceptTimeoutSetBeforeBind() throws Exception {
        ServerSocketChannel server = own(ServerSocketChannel.open());
        server.socket().setSoTimeout(100);
        server.bind(loopback(0));
        assertThrowsExactly(SocketTimeoutException.class, server.socket()::accept);
    }

    @Test
    void acceptOfANonBlockingChannel() throws Exception {
        ServerSocketChannel server = listen();
        server.configureBlocking(false);
        assertThrowsExactly(IllegalBlockingModeException.class, server.socket()::accept);
    }

    @Test
    void acceptWhileAnotherThreadCloses() throws Exception {
        ServerSocketChannel server = listen();
        Background<Socket> accept = Background.start(() -> server.socket().accept()).awaitBlocked();
        server.close();
        accept.failure(AsynchronousCloseException.class);
    }

    @Test
    void timedAcceptWhileAnotherThreadCloses() throws Exception {
        ServerSocketChannel server = listen();
        server.socket().setSoTimeout((int) PATIENCE_MILLIS * 2);
        Background<Socket> accept = Background.start(() -> server.socket().accept()).awaitBlocked();
        server.socket().close();
        accept.failure(AsynchronousCloseException.class);
    }

    @Test
    void options() throws Exception {
        ServerSocketChannel server = own(ServerSocketChannel.open());
        ServerSocket socket = server.socket();
        assertTrue(socket.getReuseAddress());
        socket.setReuseAddress(false);
        assertFalse(socket.getReuseAddress());
        socket.setReceiveBufferSize(60_000);
        assertTrue(socket.getReceiveBufferSize() >= 60_000);
        socket.setPerformancePreferences(1, 2, 3);
        assertEquals(server.supportedOptions(), socket.supportedOptions());
        server.bind(loopback(0));
        assertTrue(socket.getReceiveBufferSize() >= 60_000);
        assertFalse(socket.getReuseAddress());
    }

    @Test
    void close() throws Exception {
        ServerSocketChannel server = listen();
        ServerSocket socket = server.socket();
        socket.close();
        socket.close();
        assertTrue(socket.isClosed());
        assertFalse(server.isOpen());
        assertTrue(socket.isBound());
        ServerSocketChannel jdk = own(SelectorProviderOfTheJdk.get().openServerSocketChannel());
        jdk.bind(loopback(0)).close();
        assertThrowsExactly(typeOnTheJdk(ClosedChannelException.class, jdk.socket()::accept), socket::accept);
        assertThrowsExactly(SocketException.class, socket::getSoTimeout);
        assertThrowsExactly(ClosedChannelException.class, () -> socket.bind(loopback(0)));
        assertTrue(socket.toString().length() > 0);
    }
}
