package io.smc4j.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrowsExactly;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** select in all its forms, wakeup, close, interrupt. */
class SelectorTest extends Contract {

    private static final int WAKEUPS = 500;

    private static SelectionKey register(Selector selector, SocketChannel channel, int ops) throws Exception {
        channel.configureBlocking(false);
        return channel.register(selector, ops);
    }

    @Test
    void freshSelector() throws Exception {
        Selector selector = selector();
        assertTrue(selector.isOpen());
        assertTrue(selector.keys().isEmpty());
        assertTrue(selector.selectedKeys().isEmpty());
        assertEquals(0, selector.selectNow());
        assertEquals(0, selector.select(1));
        assertTrue(selector.toString().length() > 0);
    }

    @Test
    void setsAreGuarded() throws Exception {
        Selector selector = selector();
        SelectionKey key = register(selector, pair().client(), SelectionKey.OP_WRITE);
        assertEquals(Set.of(key), selector.keys());
        assertThrowsExactly(UnsupportedOperationException.class, () -> selector.keys().remove(key));
        assertThrowsExactly(UnsupportedOperationException.class, () -> selector.keys().clear());
        assertEquals(1, selector.select(PATIENCE_MILLIS));
        assertThrowsExactly(UnsupportedOperationException.class, () -> selector.selectedKeys().add(key));
        assertEquals(Set.of(key), selector.selectedKeys());
        assertTrue(selector.selectedKeys().remove(key));
        assertTrue(selector.selectedKeys().isEmpty());
        assertEquals(1, selector.select(PATIENCE_MILLIS));
        selector.selectedKeys().clear();
        assertEquals(1, selector.selectNow());
        var iterator = selector.selectedKeys().iterator();
        assertSame(key, iterator.next());
        iterator.remove();
        assertTrue(selector.selectedKeys().isEmpty());
    }

    @Test
    void selectCountsOnlyWhatChanged() throws Exception {
        Pair pair = pair();
        Selector selector = selector();
        SelectionKey key = register(selector, pair.client(), SelectionKey.OP_WRITE);
        assertEquals(1, selector.select(PATIENCE_MILLIS));
        assertEquals(0, selector.selectNow());
        assertEquals(SelectionKey.OP_WRITE, key.readyOps());
        write(pair.server(), "x");
        key.interestOps(SelectionKey.OP_WRITE | SelectionKey.OP_READ);
        int changed = 0;
        for (long start = System.nanoTime(); changed == 0 && System.nanoTime() - start < PATIENCE_MILLIS * 1_000_000;) {
            changed = selector.select(PATIENCE_MILLIS); // 0 while the byte is on its way: the key is writable all the time
        }
        assertEquals(1, changed);
        assertEquals(SelectionKey.OP_WRITE | SelectionKey.OP_READ, key.readyOps());
        assertTrue(key.isReadable() && key.isWritable() && !key.isConnectable() && !key.isAcceptable());
    }

    @Test
    void selectedKeyKeepsItsReadyOpsUntilRemoved() throws Exception {
        Pair pair = pair();
        Selector selector = selector();
        SelectionKey key = register(selector, pair.client(), SelectionKey.OP_READ);
        write(pair.server(), "x");
        assertEquals(1, selector.select(PATIENCE_MILLIS));
        assertEquals(1, pair.client().read(ByteBuffer.allocate(8)));
        assertEquals(0, selector.selectNow());
        assertTrue(key.isReadable());
        selector.selectedKeys().remove(key);
        assertEquals(0, selector.selectNow());
        assertTrue(selector.selectedKeys().isEmpty());
    }

    @Test
    void timeouts() throws Exception {
        Selector selector = selector();
        register(selector, pair().client(), SelectionKey.OP_READ);
        long start = System.nanoTime();
        assertEquals(0, selector.select(100));
        assertTrue(System.nanoTime() - start >= 90_000_000L);
        assertThrowsExactly(IllegalArgumentException.class, () -> selector.select(-1));
        assertThrowsExactly(IllegalArgumentException.class, () -> selector.select(k -> { }, -1));
    }

    @Test
    void dataWakesABlockedSelect() throws Exception {
        Pair pair = pair();
        Selector selector = selector();
        register(selector, pair.client(), SelectionKey.OP_READ);
        Background<Integer> select = Background.start(() -> selector.select()).awaitBlocked();
        write(pair.server(), "x");
        assertEquals(1, select.result());
    }

    @Test
    void wakeupOfABlockedSelect() throws Exception {
        Selector selector = selector();
        register(selector, pair().client(), SelectionKey.OP_READ);
        Background<Integer> select = Background.start(() -> selector.select()).awaitBlocked();
        assertSame(selector, selector.wakeup());
        assertEquals(0, select.result());
    }

    @Test
    void wakeupBeforeSelectCountsOnce() throws Exception {
        Selector selector = selector();
        selector.wakeup();
        selector.wakeup();
        assertEquals(0, selector.select());
        Background<Integer> select = Background.start(() -> selector.select()).awaitBlocked();
        selector.wakeup();
        assertEquals(0, select.result());
    }

    @Test
    void selectNowTakesTheWakeup() throws Exception {
        Selector selector = selector();
        selector.wakeup();
        assertEquals(0, selector.selectNow());
        Background<Integer> select = Background.start(() -> selector.select()).awaitBlocked();
        selector.wakeup();
        select.result();
    }

    @Test
    void wakeupOfSelectWithAConsumer() throws Exception {
        Selector selector = selector();
        Background<Integer> select = Background.start(() -> selector.select(k -> { })).awaitBlocked();
        selector.wakeup();
        assertEquals(0, select.result());
    }

    /** A cancelled key is something that a selection looks at on its own; the wake-up that follows is the program's all the same. */
    @Test
    void noWakeupIsLostToACancelledKey() throws Exception {
        Selector selector = selector();
        AtomicInteger woken = new AtomicInteger();
        Background<Void> loop = Background.start(() -> {
            for (int seen = 0; seen < WAKEUPS; seen = woken.get()) {
                selector.select();
            }
            return null;
        });
        for (int i = 0; i < WAKEUPS; i++) {
            try (SocketChannel channel = SocketChannel.open()) {
                register(selector, channel, 0).cancel();
                woken.incrementAndGet();
                selector.wakeup();
            }
        }
        loop.result();
        selector.selectNow();
        assertTrue(selector.keys().isEmpty());
    }

    @Test
    void interruptOfABlockedSelect() throws Exception {
        Selector selector = selector();
        Background<Boolean> select = Background.start(() -> {
            selector.select();
            return Thread.currentThread().isInterrupted();
        }).awaitBlocked();
        select.thread().interrupt();
        assertTrue(select.result());
        assertTrue(selector.isOpen());
    }

    @Test
    void interruptBeforeSelect() throws Exception {
        Selector selector = selector();
        assertEquals(0, Background.start(() -> {
            Thread.currentThread().interrupt();
            return selector.select();
        }).result());
        assertTrue(selector.isOpen());
    }

    @Test
    void consumer() throws Exception {
        Pair pair = pair();
        Selector selector = selector();
        SelectionKey key = register(selector, pair.client(), SelectionKey.OP_READ);
        List<SelectionKey> seen = new ArrayList<>();
        assertEquals(0, selector.selectNow(seen::add));
        assertEquals(0, selector.select(seen::add, 10));
        assertTrue(seen.isEmpty());
        write(pair.server(), "x");
        assertEquals(1, selector.select(k -> {
            assertTrue(k.isReadable());
            seen.add(k);
        }));
        assertEquals(1, selector.select(seen::add, PATIENCE_MILLIS));
        assertEquals(1, selector.selectNow(seen::add));
        assertEquals(List.of(key, key, key), seen);
        assertSame(key, seen.get(0));
        assertTrue(selector.selectedKeys().isEmpty());
        assertThrowsExactly(NullPointerException.class, () -> selector.select(null));
        assertThrowsExactly(NullPointerException.class, () -> selector.select(null, 1));
        assertThrowsExactly(NullPointerException.class, () -> selector.selectNow(null));
    }

    @Test
    void consumerThatThrows() throws Exception {
        Pair pair = pair();
        Selector selector = selector();
        register(selector, pair.client(), SelectionKey.OP_WRITE);
        assertThrowsExactly(IllegalStateException.class, () -> selector.select(k -> {
            throw new IllegalStateException("consumer");
        }));
        assertTrue(selector.isOpen());
        assertEquals(1, selector.select(k -> { }));
    }

    @Test
    void consumerThatCancels() throws Exception {
        Pair pair = pair();
        Selector selector = selector();
        register(selector, pair.client(), SelectionKey.OP_WRITE);
        assertEquals(1, selector.select(SelectionKey::cancel));
        assertEquals(0, selector.selectNow());
        assertTrue(selector.keys().isEmpty());
        assertFalse(pair.client().isRegistered());
    }

    @Test
    void consumerThatSelectsOrClosesInside() throws Exception {
        Pair pair = pair();
        Selector selector = selector();
        register(selector, pair.client(), SelectionKey.OP_WRITE);
        selector.select(k -> assertThrowsExactly(IllegalStateException.class, selector::selectNow));
        assertEquals(1, selector.selectNow(k -> assertTrue(k.isWritable())));
    }

    @Test
    void interestChangedWhileTheSelectorBlocks() throws Exception {
        Pair pair = pair();
        Selector selector = selector();
        SelectionKey key = register(selector, pair.client(), 0);
        Background<Integer> select = Background.start(() -> {
            int n = selector.select();
            return n != 0 ? n : selector.select();
        }).awaitBlocked();
        assertEquals(0, key.interestOpsOr(SelectionKey.OP_WRITE));
        selector.wakeup();
        assertEquals(1, select.result());
        assertTrue(key.isWritable());
    }

    @Test
    void interestTakenAwayIsNotSelected() throws Exception {
        Pair pair = pair();
        Selector selector = selector();
        SelectionKey key = register(selector, pair.client(), SelectionKey.OP_WRITE | SelectionKey.OP_READ);
        assertEquals(1, selector.select(PATIENCE_MILLIS));
        selector.selectedKeys().clear();
        assertEquals(SelectionKey.OP_WRITE | SelectionKey.OP_READ, key.interestOpsAnd(~SelectionKey.OP_WRITE));
        assertEquals(SelectionKey.OP_READ, key.interestOps());
        assertEquals(0, selector.selectNow());
        key.interestOps(0);
        write(pair.server(), "x");
        assertEquals(0, selector.select(100));
        key.interestOps(SelectionKey.OP_READ);
        assertEquals(1, selector.select(PATIENCE_MILLIS));
    }

    @Test
    void closeWithRegisteredKeys() throws Exception {
        Pair pair = pair();
        Selector selector = selector();
        SelectionKey key = register(selector, pair.client(), SelectionKey.OP_READ);
        assertTrue(pair.client().isRegistered());
        selector.close();
        selector.close();
        assertFalse(selector.isOpen());
        assertFalse(key.isValid());
        assertFalse(pair.client().isRegistered());
        assertTrue(pair.client().isOpen());
        pair.client().configureBlocking(true);
        exchange(pair);
    }

    @Test
    void everyOperationOfAClosedSelector() throws Exception {
        Selector selector = selector();
        Pair pair = pair();
        pair.client().configureBlocking(false);
        selector.close();
        assertThrowsExactly(ClosedSelectorException.class, selector::keys);
        assertThrowsExactly(ClosedSelectorException.class, selector::selectedKeys);
        assertThrowsExactly(ClosedSelectorException.class, selector::selectNow);
        assertThrowsExactly(ClosedSelectorException.class, () -> selector.select());
        assertThrowsExactly(ClosedSelectorException.class, () -> selector.select(1));
        assertThrowsExactly(ClosedSelectorException.class, () -> selector.selectNow(k -> { }));
        assertSame(selector, selector.wakeup());
        assertThrowsExactly(ClosedSelectorException.class, () -> pair.client().register(selector, SelectionKey.OP_READ));
    }

    @Test
    void closeWhileSelectBlocks() throws Exception {
        Selector selector = selector();
        register(selector, pair().client(), SelectionKey.OP_READ);
        Background<Integer> select = Background.start(() -> selector.select()).awaitBlocked();
        selector.close();
        assertEquals(0, select.result());
    }

    @Test
    void closedChannelLeavesTheSelector() throws Exception {
        Pair pair = pair();
        Selector selector = selector();
        SelectionKey key = register(selector, pair.client(), SelectionKey.OP_READ);
        pair.client().close();
        assertFalse(key.isValid());
        selector.selectNow();
        assertTrue(selector.keys().isEmpty());
        assertTrue(selector.selectedKeys().isEmpty());
        assertFalse(pair.client().isRegistered());
        assertEquals(-1, pair.server().read(ByteBuffer.allocate(1)));
    }

    @Test
    void closedChannelLeavesTheSelectedKeys() throws Exception {
        Pair pair = pair();
        Selector selector = selector();
        register(selector, pair.client(), SelectionKey.OP_WRITE);
        assertEquals(1, selector.select(PATIENCE_MILLIS));
        pair.client().close();
        selector.selectNow();
        assertTrue(selector.selectedKeys().isEmpty());
        assertTrue(selector.keys().isEmpty());
    }

    /** The JDK does not end a select when a channel closes; the key goes with the next one. */
    @Test
    void channelClosedWhileSelectBlocks() throws Exception {
        Pair pair = pair();
        Selector selector = selector();
        register(selector, pair.client(), SelectionKey.OP_READ);
        Background<Integer> select = Background.start(() -> selector.select()).awaitBlocked();
        pair.client().close();
        selector.wakeup();
        select.result();
        selector.selectNow();
        assertTrue(selector.keys().isEmpty());
    }

    @Test
    void peerSeesTheEndOfAChannelClosedWhileRegisteredOnlyAfterSelect() throws Exception {
        Pair pair = pair();
        Selector selector = selector();
        register(selector, pair.client(), SelectionKey.OP_READ);
        pair.client().close();
        selector.selectNow();
        assertEquals(-1, pair.server().read(ByteBuffer.allocate(1)));
    }
}
