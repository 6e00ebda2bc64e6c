package io.smc4j.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import org.junit.jupiter.api.Test;

/** register before, while and after connect (and bind), with selectors of this and of other threads. */
class RegisterOrderTest extends Contract {

    private SocketChannel nonBlocking() throws Exception {
        SocketChannel client = open();
        client.configureBlocking(false);
        return client;
    }

    /** A word each way with the client's end on its selector. */
    private static void exchange(Selector selector, SelectionKey key, Pair pair) throws Exception {
        key.interestOps(SelectionKey.OP_READ);
        write(pair.server(), "hello");
        ByteBuffer in = ByteBuffer.allocate(5);
        while (in.hasRemaining()) {
            awaitReady(selector, key, SelectionKey.OP_READ);
            assertTrue(pair.client().read(in) >= 0);
        }
        key.interestOps(SelectionKey.OP_WRITE);
        awaitReady(selector, key, SelectionKey.OP_WRITE);
        assertEquals(2, pair.client().write(bytes("ok")));
        assertEquals("ok", read(pair.server(), 2));
        key.interestOps(0);
    }

    private static void finish(Selector selector, SelectionKey key, SocketChannel client, boolean connected) throws Exception {
        if (!connected) {
            key.interestOps(SelectionKey.OP_CONNECT);
            awaitReady(selector, key, SelectionKey.OP_CONNECT);
            assertTrue(key.isConnectable());
            assertTrue(client.finishConnect());
        }
    }

    @Test
    void registerThenConnectThenSelect() throws Exception {
        ServerSocketChannel server = listen();
        Selector selector = selector();
        SocketChannel client = nonBlocking();
        SelectionKey key = client.register(selector, SelectionKey.OP_CONNECT, "mine");
        finish(selector, key, client, client.connect(server.getLocalAddress()));
        assertSame(key, client.keyFor(selector));
        assertSame(client, key.channel());
        assertSame(selector, key.selector());
        assertEquals("mine", key.attachment());
        exchange(selector, key, accepted(client, server));
    }

    @Test
    void connectThenRegister() throws Exception {
        ServerSocketChannel server = listen();
        Selector selector = selector();
        SocketChannel client = nonBlocking();
        boolean connected = client.connect(server.getLocalAddress());
        SelectionKey key = client.register(selector, SelectionKey.OP_CONNECT);
        finish(selector, key, client, connected);
        exchange(selector, key, accepted(client, server));
    }

    @Test
    void connectAndFinishThenRegister() throws Exception {
        Selector selector = selector();
        Pair pair = pair();
        pair.client().configureBlocking(false);
        exchange(selector, pair.client().register(selector, 0), pair);
    }

    @Test
    void registerThenSelectThenConnect() throws Exception {
        ServerSocketChannel server = listen();
        Selector selector = selector();
        SocketChannel client = nonBlocking();
        SelectionKey key = client.register(selector, 0);
        assertEquals(0, selector.selectNow());
        key.interestOps(SelectionKey.OP_READ);
        selector.selectNow(); // an unconnected TCP socket polls HUP, so this one may answer 1
        selector.selectedKeys().clear();
        finish(selector, key, client, client.connect(server.getLocalAddress()));
        exchange(selector, key, accepted(client, server));
    }

    /** poll(2) says HUP of a socket that never was connected, and the JDK takes HUP for every interest. */
    @Test
    void unconnectedChannelIsReadyForWhatItWants() throws Exception {
        Selector selector = selector();
        SelectionKey key = nonBlocking().register(selector, SelectionKey.OP_CONNECT);
        assertEquals(1, selector.select(PATIENCE_MILLIS));
        assertEquals(SelectionKey.OP_CONNECT, key.readyOps());
    }

    @Test
    void registerWithTwoSelectorsThenConnect() throws Exception {
        ServerSocketChannel server = listen();
        Selector first = selector();
        Selector second = selector();
        SocketChannel client = nonBlocking();
        SelectionKey one = client.register(first, 0, "one");
        SelectionKey two = client.register(second, 0, "two");
        assertNotSame(one, two);
        finish(second, two, client, client.connect(server.getLocalAddress()));
        Pair pair = accepted(client, server);
        exchange(first, one, pair);
        exchange(second, two, pair);
        assertEquals("one", one.attachment());
        assertEquals("two", two.attachment());
    }

    @Test
    void registerThenConnectThenRegisterWithASecondSelector() throws Exception {
        ServerSocketChannel server = listen();
        Selector first = selector();
        SocketChannel client = nonBlocking();
        SelectionKey one = client.register(first, SelectionKey.OP_CONNECT);
        boolean connected = client.connect(server.getLocalAddress());
        Selector second = selector();
        SelectionKey two = client.register(second, 0);
        finish(first, one, client, connected);
        Pair pair = accepted(client, server);
        one.interestOps(0);
        exchange(second, two, pair);
        exchange(first, one, pair);
        one.cancel();
        first.selectNow();
        exchange(second, two, pair);
        assertTrue(client.isRegistered());
        assertFalse(first.keys().contains(one));
    }

    @Test
    void otherThreadConnectsWhileTheSelectorBlocks() throws Exception {
        ServerSocketChannel server = listen();
        Selector selector = selector();
        SocketChannel client = nonBlocking();
        SelectionKey key = client.register(selector, 0);
        Background<Void> select = Background.<Void>start(() -> {
            while (!key.isValid() || key.interestOps() != SelectionKey.OP_CONNECT) {
                selector.select();
            }
            awaitReady(selector, key, SelectionKey.OP_CONNECT);
            return null;
        }).awaitBlocked();
        boolean connected = client.connect(server.getLocalAddress());
        assertFalse(connected && EXPECT != KernelPath.TCP, "SMC handshakes are never over at once");
        if (connected) { // nothing to wait for; let the other thread go
            key.cancel();
            selector.close();
            return;
        }
        key.interestOps(SelectionKey.OP_CONNECT);
        selector.wakeup();
        select.result();
        assertTrue(client.finishConnect());
        exchange(selector, key, accepted(client, server));
    }

    @Test
    void otherThreadRegistersAndConnectsWhileTheSelectorBlocks() throws Exception {
        ServerSocketChannel server = listen();
        Selector selector = selector();
        Background<SelectionKey> select = Background.start(() -> {
            while (true) {
                selector.select();
                for (SelectionKey k : selector.selectedKeys()) {
                    if (((SocketChannel) k.channel()).finishConnect()) {
                        return k;
                    }
                }
                selector.selectedKeys().clear();
            }
        }).awaitBlocked();
        SocketChannel client = nonBlocking();
        SelectionKey key = client.register(selector, 0);
        if (!client.connect(server.getLocalAddress())) {
            key.interestOps(SelectionKey.OP_CONNECT);
        } else {
            key.interestOps(SelectionKey.OP_WRITE);
        }
        selector.wakeup();
        assertSame(key, select.result());
        selector.selectedKeys().clear();
        exchange(selector, key, accepted(client, server));
    }

    @Test
    void registerDoesNotWaitForABlockedSelector() throws Exception {
        Selector selector = selector();
        Background<Integer> select = Background.start(() -> selector.select()).awaitBlocked();
        SelectionKey key = nonBlocking().register(selector, 0);
        assertTrue(key.isValid());
        assertTrue(selector.keys().contains(key));
        assertFalse(select.isDone());
        selector.wakeup();
        assertEquals(0, select.result());
    }

    @Test
    void cancelThenConnectThenRegisterAgain() throws Exception {
        ServerSocketChannel server = listen();
        Selector selector = selector();
        SocketChannel client = nonBlocking();
        SelectionKey old = client.register(selector, SelectionKey.OP_READ);
        old.cancel();
        selector.selectNow();
        boolean connected = client.connect(server.getLocalAddress());
        SelectionKey key = client.register(selector, SelectionKey.OP_CONNECT);
        assertNotSame(old, key);
        finish(selector, key, client, connected);
        exchange(selector, key, accepted(client, server));
        assertFalse(old.isValid());
    }

    @Test
    void cancelWithoutSelectThenConnect() throws Exception {
        ServerSocketChannel server = listen();
        Selector selector = selector();
        SocketChannel client = nonBlocking();
        client.register(selector, SelectionKey.OP_CONNECT).cancel();
        client.configureBlocking(true);
        Pair pair = connect(client, server);
        exchange(pair);
        selector.selectNow();
        assertFalse(client.isRegistered());
        client.configureBlocking(false);
        exchange(selector, client.register(selector, 0), pair);
    }

    @Test
    void attachmentChangesSurviveConnect() throws Exception {
        ServerSocketChannel server = listen();
        Selector selector = selector();
        SocketChannel client = nonBlocking();
        SelectionKey key = client.register(selector, 0, "a");
        assertEquals("a", key.attach("b"));
        boolean connected = client.connect(server.getLocalAddress());
        assertEquals("b", key.attachment());
        finish(selector, key, client, connected);
        assertEquals("b", key.attach(null));
        exchange(selector, key, accepted(client, server));
    }

    @Test
    void interestSetBeforeConnectIsSelectedAfterIt() throws Exception {
        ServerSocketChannel server = listen();
        Selector selector = selector();
        SocketChannel client = nonBlocking();
        SelectionKey key = client.register(selector, SelectionKey.OP_CONNECT | SelectionKey.OP_READ);
        boolean connected = client.connect(server.getLocalAddress());
        assertEquals(SelectionKey.OP_CONNECT | SelectionKey.OP_READ, key.interestOps());
        if (!connected) {
            awaitReady(selector, key, SelectionKey.OP_CONNECT);
            assertTrue(client.finishConnect());
        }
        Pair pair = accepted(client, server);
        key.interestOps(SelectionKey.OP_READ);
        write(pair.server(), "x");
        awaitReady(selector, key, SelectionKey.OP_READ);
        assertEquals(1, client.read(ByteBuffer.allocate(2)));
    }

    @Test
    void serverRegisteredBeforeBind() throws Exception {
        Selector selector = selector();
        ServerSocketChannel server = own(ServerSocketChannel.open());
        server.configureBlocking(false);
        SelectionKey key = server.register(selector, SelectionKey.OP_ACCEPT, "listener");
        server.bind(loopback(0));
        acceptOne(selector, server, key);
    }

    @Test
    void serverRegisteredAndSelectedBeforeBind() throws Exception {
        Selector selector = selector();
        ServerSocketChannel server = own(ServerSocketChannel.open());
        server.configureBlocking(false);
        SelectionKey key = server.register(selector, SelectionKey.OP_ACCEPT);
        selector.selectNow();
        selector.selectedKeys().clear();
        server.bind(loopback(0));
        acceptOne(selector, server, key);
    }

    @Test
    void serverBoundWhileTheSelectorBlocks() throws Exception {
        Selector selector = selector();
        ServerSocketChannel server = own(ServerSocketChannel.open());
        server.configureBlocking(false);
        SelectionKey key = server.register(selector, 0);
        Background<Integer> select = Background.start(() -> {
            selector.select();
            return selector.select(PATIENCE_MILLIS);
        }).awaitBlocked();
        server.bind(loopback(0));
        key.interestOps(SelectionKey.OP_ACCEPT);
        selector.wakeup();
        SocketChannel client = open();
        client.connect(server.getLocalAddress());
        assertEquals(1, select.result());
        assertTrue(key.isAcceptable());
        exchange(accepted(client, server));
    }

    private void acceptOne(Selector selector, ServerSocketChannel server, SelectionKey key) throws Exception {
        SocketChannel client = open();
        assertTrue(client.connect(server.getLocalAddress()));
        SocketChannel end = null;
        while (end == null) {
            awaitReady(selector, key, SelectionKey.OP_ACCEPT);
            end = server.accept();
        }
        own(end);
        assertSame(key, server.keyFor(selector));
        assertSame(server, key.channel());
        assertPath(client);
        assertPath(end);
        exchange(new Pair(client, end));
    }
}
