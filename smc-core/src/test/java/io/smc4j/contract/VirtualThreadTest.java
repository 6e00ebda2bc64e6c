package io.smc4j.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.Method;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Blocking channels in virtual threads (JDK 21 and later; by reflection, as the tests are compiled for 17). */
class VirtualThreadTest extends Contract {

    @BeforeEach
    void jdkHasVirtualThreads() {
        VirtualThreads.assumeThere();
    }

    @Test
    void manyBlockingConnections() throws Exception {
        ServerSocketChannel server = own(ServerSocketChannel.open()).bind(loopback(0), 100);
        Method factory = java.util.concurrent.Executors.class.getMethod("newVirtualThreadPerTaskExecutor");
        ExecutorService executor = (ExecutorService) factory.invoke(null);
        List<Future<String>> clients = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            String text = "virtual" + (10 + i);
            executor.submit(() -> {
                try (SocketChannel end = server.accept()) {
                    assertPath(end);
                    write(end, read(end, 9));
                    assertEquals(-1, end.read(ByteBuffer.allocate(1)));
                }
                return null;
            });
            clients.add(executor.submit(() -> {
                try (SocketChannel client = SocketChannel.open(server.getLocalAddress())) {
                    assertPath(client);
                    write(client, text);
                    return read(client, 9);
                }
            }));
        }
        for (int i = 0; i < 50; i++) {
            assertEquals("virtual" + (10 + i), clients.get(i).get(PATIENCE_SECONDS, TimeUnit.SECONDS));
        }
        executor.shutdown();
        assertTrue(executor.awaitTermination(PATIENCE_SECONDS, TimeUnit.SECONDS));
    }

    @Test
    void readWhileAnotherThreadCloses() throws Exception {
        Pair pair = pair();
        Background<Integer> read = VirtualThreads.start(() -> pair.client().read(ByteBuffer.allocate(1))).awaitBlocked();
        pair.client().close();
        read.failure(AsynchronousCloseException.class);
    }

    @Test
    void readInterrupted() throws Exception {
        Pair pair = pair();
        Background<Integer> read = VirtualThreads.start(() -> pair.client().read(ByteBuffer.allocate(1))).awaitBlocked();
        read.thread().interrupt();
        read.failure(ClosedByInterruptException.class);
        assertFalse(pair.client().isOpen());
        assertEquals(-1, pair.server().read(ByteBuffer.allocate(1)));
    }

    @Test
    void connectWhileAnotherThreadCloses() throws Exception {
        BlackHole hole = own(new BlackHole());
        SocketChannel client = open();
        Background<Boolean> connect = VirtualThreads.start(() -> client.connect(hole.address())).awaitBlocked();
        client.close();
        connect.failure(AsynchronousCloseException.class);
    }

    @Test
    void connectInterrupted() throws Exception {
        BlackHole hole = own(new BlackHole());
        SocketChannel client = open();
        Background<Boolean> connect = VirtualThreads.start(() -> client.connect(hole.address())).awaitBlocked();
        connect.thread().interrupt();
        connect.failure(ClosedByInterruptException.class);
        assertFalse(client.isOpen());
    }

    @Test
    void acceptWhileAnotherThreadCloses() throws Exception {
        ServerSocketChannel server = listen();
        Background<SocketChannel> accept = VirtualThreads.start(server::accept).awaitBlocked();
        server.close();
        accept.failure(AsynchronousCloseException.class);
    }

    @Test
    void adaptorTimeouts() throws Exception {
        Pair pair = pair();
        pair.client().socket().setSoTimeout(100);
        VirtualThreads.start(() -> pair.client().socket().getInputStream().read()).failure(SocketTimeoutException.class);
        BlackHole hole = own(new BlackHole());
        SocketChannel client = open();
        VirtualThreads.start(() -> {
            client.socket().connect(hole.address(), 200);
            return null;
        }).failure(SocketTimeoutException.class);
        ServerSocketChannel server = listen();
        server.socket().setSoTimeout(100);
        VirtualThreads.start(() -> server.socket().accept()).failure(SocketTimeoutException.class);
        exchange(pair);
    }

    @Test
    void adaptorReadWhileAnotherThreadCloses() throws Exception {
        Pair pair = pair();
        var in = pair.client().socket().getInputStream();
        Background<Integer> read = VirtualThreads.start(() -> in.read()).awaitBlocked();
        pair.client().close();
        read.failure(AsynchronousCloseException.class);
    }

    @Test
    void selectInAVirtualThread() throws Exception {
        Pair pair = pair();
        Selector selector = selector();
        pair.client().configureBlocking(false);
        pair.client().register(selector, SelectionKey.OP_READ);
        Background<Integer> select = VirtualThreads.start(() -> selector.select());
        write(pair.server(), "x");
        assertEquals(1, select.result());
        selector.selectedKeys().clear();
        assertEquals(1, pair.client().read(ByteBuffer.allocate(8)));
        Background<Integer> second = VirtualThreads.start(() -> selector.select());
        selector.wakeup();
        assertEquals(0, second.result());
    }

    @Test
    void shutdownInputWakesABlockedReader() throws Exception {
        Pair pair = pair();
        Background<Integer> read = VirtualThreads.start(() -> pair.client().read(ByteBuffer.allocate(1))).awaitBlocked();
        pair.client().shutdownInput();
        assertEquals(-1, read.result());
    }
}
