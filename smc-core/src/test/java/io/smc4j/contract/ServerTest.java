package io.smc4j.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrowsExactly;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.AlreadyBoundException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.NotYetBoundException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.UnresolvedAddressException;
import java.nio.channels.UnsupportedAddressTypeException;
import org.junit.jupiter.api.Test;

/** Server channels: bind, accept and what accept answers. */
class ServerTest extends Contract {

    private ServerSocketChannel unbound() throws Exception {
        return own(ServerSocketChannel.open());
    }

    @Test
    void states() throws Exception {
        ServerSocketChannel server = unbound();
        assertTrue(server.isOpen());
        assertTrue(server.isBlocking());
        assertNull(server.getLocalAddress());
        assertThrowsExactly(NotYetBoundException.class, server::accept);
        assertTrue(server.toString().length() > 0);
        assertSame(server, server.bind(loopback(0)));
        InetSocketAddress address = (InetSocketAddress) server.getLocalAddress();
        assertEquals(address("127.0.0.1"), address.getAddress());
        assertTrue(address.getPort() > 0);
        assertTrue(server.toString().length() > 0);
        server.close();
        assertFalse(server.isOpen());
        assertThrowsExactly(ClosedChannelException.class, server::getLocalAddress);
        ServerSocketChannel jdk = own(SelectorProviderOfTheJdk.get().openServerSocketChannel());
        jdk.bind(loopback(0)).close();
        assertThrowsExactly(typeOnTheJdk(ClosedChannelException.class, jdk::accept), server::accept);
        assertThrowsExactly(ClosedChannelException.class, () -> server.bind(loopback(0)));
        assertTrue(server.toString().length() > 0);
    }

    @Test
    void bindTwice() throws Exception {
        ServerSocketChannel server = listen();
        assertThrowsExactly(AlreadyBoundException.class, () -> server.bind(loopback(0)));
        exchange(connect(open(), server));
    }

    @Test
    void portInUse() throws Exception {
        ServerSocketChannel server = listen();
        ServerSocketChannel second = unbound();
        assertThrowsExactly(BindException.class, () -> second.bind(server.getLocalAddress()));
        assertTrue(second.isOpen());
        assertNull(second.getLocalAddress());
        exchange(connect(open(), second.bind(loopback(0))));
    }

    @Test
    void addressOfNoInterface() throws Exception {
        ServerSocketChannel server = unbound();
        assertThrowsExactly(BindException.class, () -> server.bind(new InetSocketAddress(address("203.0.113.1"), 0)));
        exchange(connect(open(), server.bind(loopback(0))));
    }

    @Test
    void wrongAddresses() throws Exception {
        ServerSocketChannel server = unbound();
        assertThrowsExactly(UnresolvedAddressException.class, () -> server.bind(InetSocketAddress.createUnresolved("nowhere.invalid", 0)));
        assertThrowsExactly(UnsupportedAddressTypeException.class, () -> server.bind(UnixDomainSocketAddress.of("/nowhere")));
        ServerSocketChannel v4 = own(ServerSocketChannel.open(StandardProtocolFamily.INET));
        assertThrowsExactly(UnsupportedAddressTypeException.class, () -> v4.bind(loopback6(0)));
        assertTrue(server.isOpen() && v4.isOpen());
    }

    @Test
    void bindToNullIsTheWildcard() throws Exception {
        ServerSocketChannel server = unbound().bind(null);
        InetSocketAddress address = (InetSocketAddress) server.getLocalAddress();
        assertTrue(address.getAddress().isAnyLocalAddress(), address.toString());
        assertTrue(address.getPort() > 0);
        ServerSocketChannel v4 = own(ServerSocketChannel.open(StandardProtocolFamily.INET)).bind(null, 10);
        assertTrue(((InetSocketAddress) v4.getLocalAddress()).getAddress().isAnyLocalAddress());
    }

    @Test
    void wildcardServerTakesIpv4AndIpv6() throws Exception {
        ServerSocketChannel server = unbound().bind(null);
        for (InetSocketAddress to : new InetSocketAddress[] {loopback(port(server)), loopback6(port(server))}) {
            SocketChannel client = open();
            assertTrue(client.connect(to));
            SocketChannel end = own(server.accept());
            assertEquals(to, client.getRemoteAddress());
            assertEquals(client.getLocalAddress(), end.getRemoteAddress());
            exchange(new Pair(client, end));
        }
    }

    @Test
    void acceptedChannel() throws Exception {
        ServerSocketChannel server = listen();
        Pair pair = connect(open(), server);
        SocketChannel end = pair.server();
        assertTrue(end.isOpen());
        assertTrue(end.isConnected());
        assertFalse(end.isConnectionPending());
        assertTrue(end.finishConnect());
        assertTrue(end.isBlocking());
        assertFalse(end.isRegistered());
        assertEquals(server.getLocalAddress(), end.getLocalAddress());
        assertEquals(pair.client().getLocalAddress(), end.getRemoteAddress());
        assertEquals(SelectionKey.OP_CONNECT | SelectionKey.OP_READ | SelectionKey.OP_WRITE, end.validOps());
    }

    @Test
    void nonBlockingAccept() throws Exception {
        ServerSocketChannel server = listen();
        server.configureBlocking(false);
        assertNull(server.accept());
        Selector selector = selector();
        SelectionKey key = server.register(selector, SelectionKey.OP_ACCEPT);
        assertEquals(0, selector.selectNow());
        SocketChannel client = open();
        assertTrue(client.connect(server.getLocalAddress()));
        awaitReady(selector, key, SelectionKey.OP_ACCEPT);
        Pair pair = accepted(client, server);
        assertTrue(pair.server().isBlocking());
        assertNull(server.accept());
        exchange(pair);
    }

    @Test
    void acceptWaitsForAConnection() throws Exception {
        ServerSocketChannel server = listen();
        Background<SocketChannel> accept = Background.start(server::accept).awaitBlocked();
        SocketChannel client = open();
        client.connect(server.getLocalAddress());
        SocketChannel end = own(accept.result());
        assertPath(client);
        assertPath(end);
        exchange(new Pair(client, end));
    }

    @Test
    void severalWaitInTheQueue() throws Exception {
        ServerSocketChannel server = listen();
        SocketChannel[] clients = new SocketChannel[10];
        for (int i = 0; i < clients.length; i++) {
            clients[i] = open();
            assertTrue(clients[i].connect(server.getLocalAddress()));
            write(clients[i], "n" + i);
        }
        boolean[] seen = new boolean[clients.length];
        for (int i = 0; i < clients.length; i++) {
            SocketChannel end = own(server.accept());
            assertPath(end);
            seen[read(end, 2).charAt(1) - '0'] = true;
            write(end, "k");
        }
        for (int i = 0; i < clients.length; i++) {
            assertTrue(seen[i]);
            assertEquals("k", read(clients[i], 1));
            assertPath(clients[i]);
        }
    }

    @Test
    void clientThatIsGoneBeforeAccept() throws Exception {
        ServerSocketChannel server = listen();
        SocketChannel client = open();
        client.connect(server.getLocalAddress());
        write(client, "bye");
        client.close();
        SocketChannel end = own(server.accept());
        assertEquals("bye", read(end, 3));
        assertEquals(-1, end.read(java.nio.ByteBuffer.allocate(1)));
        exchange(connect(open(), server));
    }

    @Test
    void queueEndsWithTheServer() throws Exception {
        ServerSocketChannel server = listen();
        SocketChannel client = open();
        client.connect(server.getLocalAddress());
        server.close();
        Background.start(() -> {
            java.nio.ByteBuffer one = java.nio.ByteBuffer.allocate(1);
            try {
                return client.read(one);
            } catch (java.net.SocketException e) {
                return -1; // TCP resets, unless the close won the race with the last ACK
            }
        }).result();
        SocketChannel next = open();
        assertThrowsExactly(java.net.ConnectException.class, () -> next.connect(loopback(((InetSocketAddress) client.getRemoteAddress()).getPort())));
    }
}
