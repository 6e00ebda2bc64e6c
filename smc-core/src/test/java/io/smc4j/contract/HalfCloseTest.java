package io.smc4j.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrowsExactly;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import org.junit.jupiter.api.Test;

/** shutdownInput and shutdownOutput. */
class HalfCloseTest extends Contract {

    @Test
    void outputOfOneEnd() throws Exception {
        Pair pair = pair();
        write(pair.client(), "request");
        assertSame(pair.client(), pair.client().shutdownOutput());
        assertSame(pair.client(), pair.client().shutdownOutput());
        assertEquals("request", read(pair.server(), 7));
        assertEquals(-1, pair.server().read(ByteBuffer.allocate(1)));
        assertEquals(-1, pair.server().read(ByteBuffer.allocate(1)));
        write(pair.server(), "answer");
        assertEquals("answer", read(pair.client(), 6));
        assertThrowsExactly(AsynchronousCloseException.class, () -> pair.client().write(bytes("more")));
        assertTrue(pair.client().isOpen());
        assertTrue(pair.client().isConnected());
        assertTrue(pair.client().socket().isOutputShutdown());
        assertFalse(pair.client().socket().isInputShutdown());
    }

    @Test
    void outputOfTheAcceptedEnd() throws Exception {
        Pair pair = pair();
        pair.server().shutdownOutput();
        assertEquals(-1, pair.client().read(ByteBuffer.allocate(1)));
        write(pair.client(), "still");
        assertEquals("still", read(pair.server(), 5));
    }

    @Test
    void inputOfOneEnd() throws Exception {
        Pair pair = pair();
        assertSame(pair.client(), pair.client().shutdownInput());
        assertSame(pair.client(), pair.client().shutdownInput());
        assertEquals(-1, pair.client().read(ByteBuffer.allocate(1)));
        assertEquals(-1, pair.client().read(new ByteBuffer[] {ByteBuffer.allocate(1)}));
        assertTrue(pair.client().socket().isInputShutdown());
        write(pair.client(), "out");
        assertEquals("out", read(pair.server(), 3));
    }

    @Test
    void inputWakesABlockedReader() throws Exception {
        Pair pair = pair();
        Background<Integer> read = Background.start(() -> pair.client().read(ByteBuffer.allocate(1))).awaitBlocked();
        pair.client().shutdownInput();
        assertEquals(-1, read.result());
        assertTrue(pair.client().isOpen());
    }

    @Test
    void bothHalvesLeaveTheChannelOpen() throws Exception {
        Pair pair = pair();
        pair.client().shutdownOutput();
        pair.client().shutdownInput();
        assertTrue(pair.client().isOpen());
        assertEquals(-1, pair.server().read(ByteBuffer.allocate(1)));
    }

    @Test
    void bothEndsShutTheirOutput() throws Exception {
        Pair pair = pair();
        write(pair.client(), "a");
        write(pair.server(), "b");
        pair.client().shutdownOutput();
        pair.server().shutdownOutput();
        assertEquals("b", read(pair.client(), 1));
        assertEquals("a", read(pair.server(), 1));
        assertEquals(-1, pair.client().read(ByteBuffer.allocate(1)));
        assertEquals(-1, pair.server().read(ByteBuffer.allocate(1)));
    }

    @Test
    void selectorSeesTheEnd() throws Exception {
        Pair pair = pair();
        Selector selector = selector();
        pair.client().configureBlocking(false);
        SelectionKey key = pair.client().register(selector, SelectionKey.OP_READ);
        assertEquals(0, selector.selectNow());
        pair.server().shutdownOutput();
        awaitReady(selector, key, SelectionKey.OP_READ);
        assertTrue(key.isReadable());
        assertEquals(-1, pair.client().read(ByteBuffer.allocate(1)));
        pair.client().write(bytes("reply"));
        assertEquals("reply", read(pair.server(), 5));
    }

    @Test
    void writeAfterThePeerShutItsInput() throws Exception {
        Pair pair = pair();
        pair.server().shutdownInput();
        write(pair.server(), "x");
        assertEquals("x", read(pair.client(), 1));
        assertTrue(pair.client().isConnected());
    }
}
