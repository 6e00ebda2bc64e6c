package io.smc4j.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrowsExactly;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.Channel;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.NotYetConnectedException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;

/** close, asynchronous close and interrupt of every blocking operation. */
class CloseTest extends Contract {

    /** Less than the handshake time-outs of the kernel (6 s and more), which a close must not wait for. */
    private static final long AT_ONCE_NANOS = 5_000_000_000L;

    private static ByteBuffer buffer() {
        return ByteBuffer.allocate(64 * 1024);
    }

    /**
     * Writes that come to wait for the peer. One that has written a part when it is woken answers so, and the next one finds the channel closed:
     * the exception may be ClosedChannelException or the subclass that tells more.
     */
    private static Background<Void> writeWhenFull(SocketChannel channel) throws Exception {
        fill(channel);
        channel.configureBlocking(true);
        return Background.<Void>start(() -> {
            while (true) {
                channel.write(buffer());
            }
        }).awaitBlocked();
    }

    /** Closes {@code channel} and asserts that the thread that is blocked in it ends at once, which leaves room for a slow machine. */
    private static void closeWakes(Channel channel, Background<?> blocked) throws Exception {
        long start = System.nanoTime();
        channel.close();
        long closed = System.nanoTime() - start;
        blocked.failure(AsynchronousCloseException.class);
        long ended = System.nanoTime() - start;
        assertTrue(ended < AT_ONCE_NANOS, () -> "close took " + closed / 1_000_000 + " ms, the other thread ended after " + ended / 1_000_000 + " ms");
    }

    @Test
    void readWhileAnotherThreadCloses() throws Exception {
        Pair pair = pair();
        Background<Integer> read = Background.start(() -> pair.client().read(buffer())).awaitBlocked();
        closeWakes(pair.client(), read);
        assertFalse(pair.client().isOpen());
    }

    @Test
    void readOfAnAcceptedChannelWhileAnotherThreadCloses() throws Exception {
        Pair pair = pair();
        Background<Long> read = Background.start(() -> pair.server().read(new ByteBuffer[] {buffer(), buffer()})).awaitBlocked();
        closeWakes(pair.server(), read);
    }

    @Test
    void writeWhileAnotherThreadCloses() throws Exception {
        Pair pair = pair();
        Background<Void> write = writeWhenFull(pair.client());
        pair.client().close();
        write.failureOf(ClosedChannelException.class);
    }

    @Test
    void connectWhileAnotherThreadCloses() throws Exception {
        BlackHole hole = own(new BlackHole());
        SocketChannel client = open();
        Background<Boolean> connect = Background.start(() -> client.connect(hole.address())).awaitBlocked();
        closeWakes(client, connect);
    }

    @Test
    void finishConnectWhileAnotherThreadCloses() throws Exception {
        BlackHole hole = own(new BlackHole());
        SocketChannel client = open();
        client.configureBlocking(false);
        assertFalse(client.connect(hole.address()));
        client.configureBlocking(true);
        Background<Boolean> finish = Background.start(client::finishConnect).awaitBlocked();
        closeWakes(client, finish);
    }

    @Test
    void acceptWhileAnotherThreadCloses() throws Exception {
        ServerSocketChannel server = listen();
        Background<SocketChannel> accept = Background.start(server::accept).awaitBlocked();
        closeWakes(server, accept);
    }

    @Test
    void readInterrupted() throws Exception {
        Pair pair = pair();
        Background<Integer> read = Background.start(() -> {
            try {
                return pair.client().read(buffer());
            } finally {
                assertTrue(Thread.currentThread().isInterrupted());
            }
        }).awaitBlocked();
        read.thread().interrupt();
        read.failure(ClosedByInterruptException.class);
        assertFalse(pair.client().isOpen());
        assertEquals(-1, pair.server().read(buffer()));
    }

    @Test
    void writeInterrupted() throws Exception {
        Pair pair = pair();
        Background<Void> write = writeWhenFull(pair.client());
        write.thread().interrupt();
        write.failureOf(ClosedChannelException.class);
        assertFalse(pair.client().isOpen());
    }

    @Test
    void connectInterrupted() throws Exception {
        BlackHole hole = own(new BlackHole());
        SocketChannel client = open();
        Background<Boolean> connect = Background.start(() -> client.connect(hole.address())).awaitBlocked();
        connect.thread().interrupt();
        connect.failure(ClosedByInterruptException.class);
        assertFalse(client.isOpen());
    }

    @Test
    void acceptInterrupted() throws Exception {
        ServerSocketChannel server = listen();
        Background<SocketChannel> accept = Background.start(server::accept).awaitBlocked();
        accept.thread().interrupt();
        accept.failure(ClosedByInterruptException.class);
        assertFalse(server.isOpen());
    }

    @Test
    void interruptedBeforeTheOperation() throws Exception {
        Pair pair = pair();
        ServerSocketChannel server = listen();
        SocketAddress address = server.getLocalAddress();
        SocketChannel unconnected = open();
        interruptedFirst(() -> pair.client().read(buffer()));
        interruptedFirst(() -> pair.server().write(bytes("x")));
        interruptedFirst(() -> unconnected.connect(address));
        interruptedFirst(server::accept);
        assertFalse(pair.client().isOpen());
        assertFalse(pair.server().isOpen());
        assertFalse(unconnected.isOpen());
        assertFalse(server.isOpen());
    }

    private static void interruptedFirst(Callable<?> operation) {
        Background.start(() -> {
            Thread.currentThread().interrupt();
            return operation.call();
        }).failure(ClosedByInterruptException.class);
    }

    @Test
    void everyOperationOfAClosedChannel() throws Exception {
        SocketChannel client = pair().client();
        Selector selector = selector();
        client.close();
        client.close();
        assertFalse(client.isOpen());
        assertThrowsExactly(ClosedChannelException.class, () -> client.read(buffer()));
        assertThrowsExactly(ClosedChannelException.class, () -> client.read(new ByteBuffer[] {buffer()}));
        assertThrowsExactly(ClosedChannelException.class, () -> client.write(buffer()));
        assertThrowsExactly(ClosedChannelException.class, () -> client.write(new ByteBuffer[] {buffer()}, 0, 1));
        assertThrowsExactly(ClosedChannelException.class, client::shutdownInput);
        assertThrowsExactly(ClosedChannelException.class, client::shutdownOutput);
        assertThrowsExactly(ClosedChannelException.class, () -> client.configureBlocking(false));
        assertThrowsExactly(ClosedChannelException.class, () -> client.register(selector, SelectionKey.OP_READ));
    }

    @Test
    void everyOperationOfAnUnconnectedChannel() throws Exception {
        SocketChannel client = open();
        assertThrowsExactly(NotYetConnectedException.class, () -> client.read(buffer()));
        assertThrowsExactly(NotYetConnectedException.class, () -> client.read(new ByteBuffer[] {buffer()}));
        assertThrowsExactly(NotYetConnectedException.class, () -> client.write(buffer()));
        assertThrowsExactly(NotYetConnectedException.class, () -> client.write(new ByteBuffer[] {buffer()}));
        assertThrowsExactly(NotYetConnectedException.class, client::shutdownInput);
        assertThrowsExactly(NotYetConnectedException.class, client::shutdownOutput);
        assertTrue(client.isOpen());
    }

    @Test
    void peerSeesTheEndAfterTheData() throws Exception {
        Pair pair = pair();
        write(pair.client(), "last words");
        pair.client().close();
        assertEquals("last words", read(pair.server(), 10));
        assertEquals(-1, pair.server().read(buffer()));
    }

    @Test
    void acceptedChannelOutlivesItsServer() throws Exception {
        ServerSocketChannel server = listen();
        Pair pair = connect(open(), server);
        server.close();
        exchange(pair);
    }

    @Test
    void portIsFreeAfterClose() throws Exception {
        ServerSocketChannel server = listen();
        SocketAddress address = server.getLocalAddress();
        Pair pair = connect(open(), server);
        pair.client().close();
        assertEquals(-1, pair.server().read(buffer()));
        pair.server().close();
        server.close();
        ServerSocketChannel again = own(ServerSocketChannel.open()).bind(address);
        exchange(connect(open(), again));
    }

    @Test
    void closeOfAPendingConnect() throws Exception {
        BlackHole hole = own(new BlackHole());
        SocketChannel client = open();
        client.configureBlocking(false);
        SelectionKey key = client.register(selector(), SelectionKey.OP_CONNECT);
        assertFalse(client.connect(hole.address()));
        client.close();
        assertFalse(client.isConnectionPending());
        assertFalse(key.isValid());
        assertThrowsExactly(ClosedChannelException.class, client::finishConnect);
    }

    @Test
    void writeToAPeerThatIsGone() throws Exception {
        Pair pair = pair();
        pair.server().close();
        if (KnownDifference.MPTCP_CLOSE_IS_NO_RESET.applies()) {
            assertTrue(pair.client().write(bytes("into the void")) > 0);
            return;
        }
        assertThrowsExactly(IOException.class, () -> {
            while (true) {
                pair.client().write(buffer());
            }
        });
        assertTrue(pair.client().isOpen());
    }

    /** What write accepted before close is delivered, however late the peer reads. */
    @Test
    void closeDeliversWhatWriteAccepted() throws Exception {
        Pair pair = pair();
        long written = fill(pair.client());
        pair.client().close();
        Thread.sleep(3000); // longer than the 2 s for which the kernel drains an SMC socket in close
        long read = 0;
        ByteBuffer buffer = buffer();
        for (int n = 0; n >= 0; read += Math.max(n, 0)) {
            n = pair.server().read(buffer.clear());
        }
        assertEquals(written, read);
    }
}
