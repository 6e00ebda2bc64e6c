package io.smc4j.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrowsExactly;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.IllegalBlockingModeException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import org.junit.jupiter.api.Test;

/** Selection keys, and blocking mode while there are some. */
class KeyTest extends Contract {

    @Test
    void register() throws Exception {
        Selector selector = selector();
        SocketChannel client = pair().client();
        assertFalse(client.isRegistered());
        assertNull(client.keyFor(selector));
        client.configureBlocking(false);
        SelectionKey key = client.register(selector, SelectionKey.OP_READ);
        assertTrue(client.isRegistered());
        assertSame(key, client.keyFor(selector));
        assertNull(client.keyFor(selector()));
        assertSame(client, key.channel());
        assertSame(selector, key.selector());
        assertNull(key.attachment());
        assertEquals(SelectionKey.OP_READ, key.interestOps());
        assertEquals(0, key.readyOps());
        assertTrue(key.isValid());
        assertTrue(key.toString().length() > 0);
    }

    @Test
    void registerAgainChangesTheSameKey() throws Exception {
        Selector selector = selector();
        SocketChannel client = pair().client();
        client.configureBlocking(false);
        SelectionKey key = client.register(selector, SelectionKey.OP_READ, "a");
        assertSame(key, client.register(selector, SelectionKey.OP_WRITE, "b"));
        assertEquals(SelectionKey.OP_WRITE, key.interestOps());
        assertEquals("b", key.attachment());
        assertSame(key, client.register(selector, 0));
        assertNull(key.attachment());
        assertEquals(1, selector.keys().size());
    }

    @Test
    void twoSelectors() throws Exception {
        Selector first = selector();
        Selector second = selector();
        Pair pair = pair();
        pair.client().configureBlocking(false);
        SelectionKey one = pair.client().register(first, SelectionKey.OP_READ);
        SelectionKey two = pair.client().register(second, SelectionKey.OP_READ);
        assertNotSame(one, two);
        write(pair.server(), "x");
        assertEquals(1, first.select(PATIENCE_MILLIS));
        assertEquals(1, second.select(PATIENCE_MILLIS));
        one.cancel();
        first.selectNow();
        assertTrue(pair.client().isRegistered());
        assertThrowsExactly(IllegalBlockingModeException.class, () -> pair.client().configureBlocking(true));
        second.close();
        assertFalse(pair.client().isRegistered());
        pair.client().configureBlocking(true);
    }

    @Test
    void wrongRegistrations() throws Exception {
        Selector selector = selector();
        SocketChannel client = pair().client();
        assertThrowsExactly(IllegalBlockingModeException.class, () -> client.register(selector, SelectionKey.OP_READ));
        client.configureBlocking(false);
        assertThrowsExactly(IllegalArgumentException.class, () -> client.register(selector, SelectionKey.OP_ACCEPT));
        assertThrowsExactly(NullPointerException.class, () -> client.register(null, SelectionKey.OP_READ));
        ServerSocketChannel server = listen();
        server.configureBlocking(false);
        assertThrowsExactly(IllegalArgumentException.class, () -> server.register(selector, SelectionKey.OP_READ));
        assertTrue(selector.keys().isEmpty());
        SelectionKey key = client.register(selector, 0);
        assertThrowsExactly(IllegalArgumentException.class, () -> key.interestOps(SelectionKey.OP_ACCEPT));
        assertThrowsExactly(IllegalArgumentException.class, () -> key.interestOpsOr(SelectionKey.OP_ACCEPT));
    }

    @Test
    void cancelled() throws Exception {
        Selector selector = selector();
        SocketChannel client = pair().client();
        client.configureBlocking(false);
        SelectionKey key = client.register(selector, SelectionKey.OP_READ, "kept");
        key.cancel();
        key.cancel();
        assertFalse(key.isValid());
        assertThrowsExactly(CancelledKeyException.class, key::interestOps);
        assertThrowsExactly(CancelledKeyException.class, () -> key.interestOps(0));
        assertThrowsExactly(CancelledKeyException.class, () -> key.interestOpsOr(SelectionKey.OP_READ));
        assertThrowsExactly(CancelledKeyException.class, () -> key.interestOpsAnd(0));
        assertThrowsExactly(CancelledKeyException.class, key::readyOps);
        assertThrowsExactly(CancelledKeyException.class, key::isReadable);
        assertEquals("kept", key.attachment());
        assertThrowsExactly(CancelledKeyException.class, () -> client.register(selector, SelectionKey.OP_READ, "other"));
        assertEquals("other", key.attachment());
        assertSame(client, key.channel());
        assertSame(selector, key.selector());
        assertTrue(key.toString().length() > 0);
        assertTrue(selector.keys().contains(key));
        assertTrue(client.isRegistered());
        selector.selectNow();
        assertTrue(selector.keys().isEmpty());
        assertFalse(client.isRegistered());
        assertNull(client.keyFor(selector));
        assertNotSame(key, client.register(selector, SelectionKey.OP_READ));
    }

    @Test
    void cancelledKeyIsNotSelected() throws Exception {
        Selector selector = selector();
        Pair pair = pair();
        pair.client().configureBlocking(false);
        SelectionKey key = pair.client().register(selector, SelectionKey.OP_WRITE);
        assertEquals(1, selector.select(PATIENCE_MILLIS));
        key.cancel();
        assertTrue(selector.selectedKeys().contains(key));
        assertEquals(0, selector.selectNow());
        assertTrue(selector.selectedKeys().isEmpty());
        assertTrue(selector.keys().isEmpty());
    }

    @Test
    void cancelWhileTheSelectorBlocks() throws Exception {
        Selector selector = selector();
        Pair pair = pair();
        pair.client().configureBlocking(false);
        SelectionKey key = pair.client().register(selector, SelectionKey.OP_READ);
        Background<Integer> select = Background.start(() -> selector.select()).awaitBlocked();
        key.cancel();
        selector.wakeup();
        assertEquals(0, select.result());
        assertTrue(selector.keys().isEmpty());
    }

    @Test
    void blockingModeWhileRegistered() throws Exception {
        Selector selector = selector();
        Pair pair = pair();
        assertSame(pair.client(), pair.client().configureBlocking(false));
        assertFalse(pair.client().isBlocking());
        SelectionKey key = pair.client().register(selector, SelectionKey.OP_READ);
        assertThrowsExactly(IllegalBlockingModeException.class, () -> pair.client().configureBlocking(true));
        assertFalse(pair.client().isBlocking());
        pair.client().configureBlocking(false);
        key.cancel();
        selector.selectNow();
        pair.client().configureBlocking(true);
        assertTrue(pair.client().isBlocking());
        exchange(pair);
    }

    /** What the JDK's own HTTP server does: cancel, then blocking mode without a select between. */
    @Test
    void cancelThenBlockingModeWithoutSelect() throws Exception {
        Selector selector = selector();
        Pair pair = pair();
        for (SocketChannel channel : new SocketChannel[] {pair.client(), pair.server()}) {
            channel.configureBlocking(false);
            SelectionKey key = channel.register(selector, SelectionKey.OP_READ);
            selector.selectNow();
            key.cancel();
            channel.configureBlocking(true);
            exchange(pair);
            assertTrue(channel.isRegistered());
            assertTrue(selector.keys().contains(key));
            selector.selectNow();
            assertFalse(channel.isRegistered());
            channel.configureBlocking(false);
            assertNotNull(channel.register(selector, SelectionKey.OP_READ));
            selector.selectNow();
            channel.keyFor(selector).cancel();
            channel.configureBlocking(true);
        }
        exchange(pair);
    }

    @Test
    void serverCancelThenBlockingMode() throws Exception {
        Selector selector = selector();
        ServerSocketChannel server = listen();
        server.configureBlocking(false);
        SelectionKey key = server.register(selector, SelectionKey.OP_ACCEPT);
        assertEquals(0, selector.selectNow());
        key.cancel();
        server.configureBlocking(true);
        exchange(connect(open(), server));
        selector.selectNow();
        assertFalse(server.isRegistered());
    }

    @Test
    void blockingLock() throws Exception {
        SocketChannel client = open();
        assertNotNull(client.blockingLock());
        assertSame(client.blockingLock(), client.blockingLock());
        Object lock = client.blockingLock();
        Background<Object> mode;
        synchronized (lock) {
            mode = Background.start(() -> client.configureBlocking(false));
            long end = System.nanoTime() + PATIENCE_MILLIS * 1_000_000;
            while (mode.thread().getState() != Thread.State.BLOCKED && System.nanoTime() < end) {
                Thread.sleep(5);
            }
            assertTrue(client.isBlocking());
        }
        assertSame(client, mode.result());
        connect(open(), listen());
        assertSame(lock, client.blockingLock());
    }

    @Test
    void nonBlockingAcceptedChannel() throws Exception {
        Selector selector = selector();
        Pair pair = pair();
        assertTrue(pair.server().isBlocking());
        pair.server().configureBlocking(false);
        SelectionKey key = pair.server().register(selector, SelectionKey.OP_READ, pair);
        assertSame(pair.server(), key.channel());
        write(pair.client(), "x");
        awaitReady(selector, key, SelectionKey.OP_READ);
        assertEquals(1, pair.server().read(ByteBuffer.allocate(4)));
        assertSame(pair, key.attachment());
    }
}
