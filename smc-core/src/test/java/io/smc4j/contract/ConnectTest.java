package io.smc4j.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrowsExactly;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.AlreadyConnectedException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ConnectionPendingException;
import java.nio.channels.NoConnectionPendingException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.UnresolvedAddressException;
import java.nio.channels.UnsupportedAddressTypeException;
import org.junit.jupiter.api.Test;

/** connect and finishConnect: states, addresses and errors. */
class ConnectTest extends Contract {

    /** An address type that no provider knows. */
    private static final class OtherAddress extends SocketAddress {
        private static final long serialVersionUID = 1L;
    }

    @Test
    void statesOfABlockingConnect() throws Exception {
        ServerSocketChannel server = listen();
        SocketChannel client = open();
        assertTrue(client.isOpen());
        assertTrue(client.isBlocking());
        assertFalse(client.isConnected());
        assertFalse(client.isConnectionPending());
        assertNull(client.getLocalAddress());
        assertNull(client.getRemoteAddress());
        Pair pair = connect(client, server);
        assertTrue(client.isConnected());
        assertFalse(client.isConnectionPending());
        assertTrue(client.finishConnect());
        assertEquals(server.getLocalAddress(), client.getRemoteAddress());
        assertEquals(client.getLocalAddress(), pair.server().getRemoteAddress());
        assertEquals(client.getRemoteAddress(), pair.server().getLocalAddress());
        assertEquals(address("127.0.0.1"), ((InetSocketAddress) client.getLocalAddress()).getAddress());
        exchange(pair);
    }

    @Test
    void staticOpenConnects() throws Exception {
        ServerSocketChannel server = listen();
        SocketChannel client = own(SocketChannel.open(server.getLocalAddress()));
        assertTrue(client.isConnected());
        exchange(accepted(client, server));
    }

    @Test
    void statesOfANonBlockingConnect() throws Exception {
        try (BlackHole hole = new BlackHole(); SocketChannel client = SocketChannel.open()) {
            client.configureBlocking(false);
            assertFalse(client.connect(hole.address()));
            assertTrue(client.isConnectionPending());
            assertFalse(client.isConnected());
            assertFalse(client.finishConnect());
            assertEquals(hole.address(), client.getRemoteAddress());
            assertThrowsExactly(ConnectionPendingException.class, () -> client.connect(hole.address()));
            assertThrowsExactly(ConnectionPendingException.class, () -> client.bind(loopback(0)));
            assertTrue(client.isConnectionPending());
            assertTrue(client.isOpen());
        }
    }

    @Test
    void nonBlockingConnectFinishesByASelector() throws Exception {
        ServerSocketChannel server = listen();
        SocketChannel client = open();
        client.configureBlocking(false);
        connectWith(selector(), client, server.getLocalAddress());
        assertTrue(client.isConnected());
        assertFalse(client.isConnectionPending());
        assertTrue(client.finishConnect());
        accepted(client, server);
    }

    @Test
    void nonBlockingConnectFinishesByPolling() throws Exception {
        ServerSocketChannel server = listen();
        SocketChannel client = open();
        client.configureBlocking(false);
        if (!client.connect(server.getLocalAddress())) {
            while (!client.finishConnect()) {
                Thread.sleep(1);
            }
        }
        accepted(client, server);
    }

    @Test
    void pendingConnectFinishesInBlockingMode() throws Exception {
        ServerSocketChannel server = listen();
        SocketChannel client = open();
        client.configureBlocking(false);
        boolean done = client.connect(server.getLocalAddress());
        client.configureBlocking(true);
        assertTrue(done || client.finishConnect());
        exchange(accepted(client, server));
    }

    @Test
    void finishConnectNeedsAConnect() throws Exception {
        SocketChannel client = open();
        assertThrowsExactly(NoConnectionPendingException.class, client::finishConnect);
    }

    @Test
    void secondConnect() throws Exception {
        ServerSocketChannel server = listen();
        Pair pair = connect(open(), server);
        assertThrowsExactly(AlreadyConnectedException.class, () -> pair.client().connect(server.getLocalAddress()));
        assertThrowsExactly(AlreadyConnectedException.class, () -> pair.server().connect(server.getLocalAddress()));
        exchange(pair);
    }

    @Test
    void refusedInBlockingModeClosesTheChannel() throws Exception {
        SocketChannel client = open();
        SocketAddress nobody = nobody();
        ConnectException refused = assertThrowsExactly(ConnectException.class, () -> client.connect(nobody));
        assertEquals("Connection refused", refused.getMessage());
        assertFalse(client.isOpen());
        SocketChannel jdk = own(SelectorProviderOfTheJdk.get().openSocketChannel());
        jdk.close();
        assertThrowsExactly(typeOnTheJdk(ClosedChannelException.class, () -> jdk.connect(nobody)), () -> client.connect(nobody));
    }

    @Test
    void refusedIpv6() throws Exception {
        SocketChannel client = open();
        int port = ((InetSocketAddress) nobody()).getPort();
        assertThrowsExactly(ConnectException.class, () -> client.connect(loopback6(port)));
        assertFalse(client.isOpen());
    }

    @Test
    void refusedByStaticOpen() throws Exception {
        SocketAddress nobody = nobody();
        assertThrowsExactly(ConnectException.class, () -> SocketChannel.open(nobody));
    }

    @Test
    void refusedWithASelector() throws Exception {
        SocketChannel client = open();
        client.configureBlocking(false);
        Selector selector = selector();
        SelectionKey key = client.register(selector, 0);
        ConnectException refused = assertThrowsExactly(ConnectException.class, () -> {
            assertFalse(client.connect(nobody()));
            key.interestOps(SelectionKey.OP_CONNECT);
            awaitReady(selector, key, SelectionKey.OP_CONNECT);
            client.finishConnect();
        });
        assertEquals("Connection refused", refused.getMessage());
        assertFalse(client.isOpen());
        assertFalse(key.isValid());
        selector.selectNow();
        assertTrue(selector.keys().isEmpty());
    }

    @Test
    void unresolvedAddress() throws Exception {
        SocketChannel client = open();
        InetSocketAddress unresolved = InetSocketAddress.createUnresolved("nowhere.invalid", 80);
        assertThrowsExactly(UnresolvedAddressException.class, () -> client.connect(unresolved));
        assertThrowsExactly(UnresolvedAddressException.class, () -> SocketChannel.open(unresolved));
        assertTrue(client.isOpen());
        exchange(connect(client, listen()));
    }

    @Test
    void wrongAddressTypes() throws Exception {
        SocketChannel client = open();
        assertThrowsExactly(UnsupportedAddressTypeException.class, () -> client.connect(new OtherAddress()));
        assertThrowsExactly(UnsupportedAddressTypeException.class, () -> client.connect(UnixDomainSocketAddress.of("/nowhere")));
        assertThrowsExactly(NullPointerException.class, () -> client.connect(null));
        assertThrowsExactly(UnsupportedAddressTypeException.class, () -> client.bind(new OtherAddress()));
        assertThrowsExactly(UnsupportedAddressTypeException.class, () -> client.bind(UnixDomainSocketAddress.of("/nowhere")));
        assertTrue(client.isOpen());
        assertNull(client.getLocalAddress());
        exchange(connect(client, listen()));
    }

    @Test
    void ipv6AddressOnAnIpv4Channel() throws Exception {
        ServerSocketChannel server = own(ServerSocketChannel.open()).bind(loopback6(0));
        SocketChannel client = own(SocketChannel.open(StandardProtocolFamily.INET));
        assertThrowsExactly(UnsupportedAddressTypeException.class, () -> client.connect(server.getLocalAddress()));
        assertThrowsExactly(UnsupportedAddressTypeException.class, () -> client.bind(loopback6(0)));
        assertTrue(client.isOpen());
    }

    @Test
    void closedChannel() throws Exception {
        SocketChannel client = open();
        ServerSocketChannel server = listen();
        client.close();
        SocketChannel jdk = own(SelectorProviderOfTheJdk.get().openSocketChannel());
        jdk.close();
        assertThrowsExactly(typeOnTheJdk(ClosedChannelException.class, () -> jdk.connect(server.getLocalAddress())), () -> client.connect(server.getLocalAddress()));
        assertThrowsExactly(typeOnTheJdk(ClosedChannelException.class, jdk::finishConnect), client::finishConnect);
        assertThrowsExactly(ClosedChannelException.class, () -> client.bind(loopback(0)));
        assertThrowsExactly(ClosedChannelException.class, client::getLocalAddress);
        assertThrowsExactly(ClosedChannelException.class, client::getRemoteAddress);
        assertFalse(client.isConnected());
        assertFalse(client.isConnectionPending());
    }

    /** The JDK takes the wildcard address for this host. */
    @Test
    void connectToTheWildcardAddress() throws Exception {
        ServerSocketChannel server = own(ServerSocketChannel.open(StandardProtocolFamily.INET)).bind(new InetSocketAddress(0));
        SocketChannel client = open();
        assertTrue(client.connect(new InetSocketAddress(address("0.0.0.0"), port(server))));
        SocketChannel end = own(server.accept());
        exchange(new Pair(client, end));
    }

    @Test
    void boundClientKeepsItsPort() throws Exception {
        ServerSocketChannel server = listen();
        SocketChannel client = open();
        assertEquals(client, client.bind(loopback(0)));
        SocketAddress local = client.getLocalAddress();
        Pair pair = connect(client, server);
        assertEquals(local, client.getLocalAddress());
        assertEquals(local, pair.server().getRemoteAddress());
        exchange(pair);
    }

    @Test
    void boundClientKeepsItsAddress() throws Exception {
        ServerSocketChannel server = listen();
        SocketChannel client = open();
        client.bind(new InetSocketAddress(address("127.0.0.2"), 0));
        Pair pair = connect(client, server);
        assertEquals(address("127.0.0.2"), ((InetSocketAddress) pair.server().getRemoteAddress()).getAddress());
        exchange(pair);
    }

    @Test
    void boundToTheWildcardKeepsItsPort() throws Exception {
        ServerSocketChannel server = listen();
        SocketChannel client = open().bind(null);
        int port = ((InetSocketAddress) client.getLocalAddress()).getPort();
        Pair pair = connect(client, server);
        assertEquals(port, ((InetSocketAddress) pair.server().getRemoteAddress()).getPort());
        exchange(pair);
    }

    @Test
    void boundAndRegisteredClientKeepsItsPort() throws Exception {
        ServerSocketChannel server = listen();
        SocketChannel client = open().bind(loopback(0));
        SocketAddress local = client.getLocalAddress();
        client.configureBlocking(false);
        connectWith(selector(), client, server.getLocalAddress());
        assertEquals(local, accepted(client, server).server().getRemoteAddress());
        assertEquals(local, client.getLocalAddress());
    }

    @Test
    void bindTwice() throws Exception {
        SocketChannel client = open();
        client.bind(loopback(0));
        assertThrowsExactly(java.nio.channels.AlreadyBoundException.class, () -> client.bind(loopback(0)));
        assertTrue(client.isOpen());
    }

    @Test
    void bindAfterConnect() throws Exception {
        Pair pair = pair();
        assertThrowsExactly(java.nio.channels.AlreadyBoundException.class, () -> pair.client().bind(loopback(0)));
        assertThrowsExactly(java.nio.channels.AlreadyBoundException.class, () -> pair.server().bind(loopback(0)));
        exchange(pair);
    }

    @Test
    void bindToAPortInUse() throws Exception {
        ServerSocketChannel server = listen();
        SocketChannel client = open();
        assertThrowsExactly(java.net.BindException.class, () -> client.bind(server.getLocalAddress()));
    }

    @Test
    void textNeverThrows() throws Exception {
        SocketChannel client = open();
        assertTrue(client.toString().length() > 0);
        client.bind(loopback(0));
        assertTrue(client.toString().length() > 0);
        Pair pair = connect(client, listen());
        assertTrue(client.toString().contains(String.valueOf(((InetSocketAddress) client.getRemoteAddress()).getPort())), client.toString());
        assertTrue(pair.server().toString().length() > 0);
        client.shutdownInput().shutdownOutput();
        assertTrue(client.toString().length() > 0);
        client.close();
        assertTrue(client.toString().contains("closed"), client.toString());
    }

    @Test
    void identityIsTheChannelsOwn() throws Exception {
        Pair pair = pair();
        assertEquals(pair.client(), pair.client());
        assertFalse(pair.client().equals(pair.server()));
        assertEquals(System.identityHashCode(pair.client()), pair.client().hashCode());
    }
}
