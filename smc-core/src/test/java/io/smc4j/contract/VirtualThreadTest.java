package io.smc4j.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

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
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Blocking channels in virtual threads (JDK 21 and later; by reflection, as the tests are compiled for 17). */
class VirtualThreadTest extends Contract {

    private static final int FIRST_RELEASE = 21;

    @BeforeEach
    void jdkHasVirtualThreads() {
        boolean there = Runtime.version().feature() >= FIRST_RELEASE;
        if (!there) {
            System.out.println("SKIPPED: virtual threads need JDK " + FIRST_RELEASE + ", this is " + Runtime.version());
        }
        assumeTrue(there, "no virtual threads in this JDK");
    }

    private static Thread unstarted(Runnable task) {
        try {
            Object builder = Thread.class.getMethod("ofVirtual").invoke(null);
            Method method = Class.forName("java.lang.Thread$Builder").getMethod("unstarted", Runnable.class);
            return (Thread) method.invoke(builder, task);
        } catch (ReflectiveOperationException e) {
            throw new AssertionError(e);
        }
    }

    private static <T> Background<T> start(Callable<T> what) {
        return Background.start(what, VirtualThreadTest::unstarted);
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
        Background<Integer> read = start(() -> pair.client().read(ByteBuffer.allocate(1))).awaitBlocked();
        pair.client().close();
        read.failure(AsynchronousCloseException.class);
    }

    @Test
    void readInterrupted() throws Exception {
        Pair pair = pair();
        Background<Integer> read = start(() -> pair.client().read(ByteBuffer.allocate(1))).awaitBlocked();
        read.thread().interrupt();
        read.failure(ClosedByInterruptException.class);
        assertFalse(pair.client().isOpen());
        assertEquals(-1, pair.server().read(ByteBuffer.allocate(1)));
    }

    @Test
    void connectWhileAnotherThreadCloses() throws Exception {
        BlackHole hole = own(new BlackHole());
        SocketChannel client = open();
        Background<Boolean> connect = start(() -> client.connect(hole.address())).awaitBlocked();
        client.close();
        connect.failure(AsynchronousCloseException.class);
    }

    @Test
    void connectInterrupted() throws Exception {
        BlackHole hole = own(new BlackHole());
        SocketChannel client = open();
        Background<Boolean> connect = start(() -> client.connect(hole.address())).awaitBlocked();
        connect.thread().interrupt();
        connect.failure(ClosedByInterruptException.class);
        assertFalse(client.isOpen());
    }

    @Test
    void acceptWhileAnotherThreadCloses() throws Exception {
        ServerSocketChannel server = listen();
        Background<SocketChannel> accept = start(server::accept).awaitBlocked();
        server.close();
        accept.failure(AsynchronousCloseException.class);
    }

    @Test
    void adaptorTimeouts() throws Exception {
        Pair pair = pair();
        pair.client().socket().setSoTimeout(100);
        start(() -> pair.client().socket().getInputStream().read()).failure(SocketTimeoutException.class);
        BlackHole hole = own(new BlackHole());
        SocketChannel client = open();
        start(() -> {
            client.socket().connect(hole.address(), 200);
            return null;
        }).failure(SocketTimeoutException.class);
        ServerSocketChannel server = listen();
        server.socket().setSoTimeout(100);
        start(() -> server.socket().accept()).failure(SocketTimeoutException.class);
        exchange(pair);
    }

    @Test
    void adaptorReadWhileAnotherThreadCloses() throws Exception {
        Pair pair = pair();
        var in = pair.client().socket().getInputStream();
        Background<Integer> read = start(() -> in.read()).awaitBlocked();
        pair.client().close();
        read.failure(AsynchronousCloseException.class);
    }

    @Test
    void selectInAVirtualThread() throws Exception {
        Pair pair = pair();
        Selector selector = selector();
        pair.client().configureBlocking(false);
        pair.client().register(selector, SelectionKey.OP_READ);
        Background<Integer> select = start(() -> selector.select());
        write(pair.server(), "x");
        assertEquals(1, select.result());
        selector.selectedKeys().clear();
        assertEquals(1, pair.client().read(ByteBuffer.allocate(8)));
        Background<Integer> second = start(() -> selector.select());
        selector.wakeup();
        assertEquals(0, second.result());
    }

    @Test
    void shutdownInputWakesABlockedReader() throws Exception {
        Pair pair = pair();
        Background<Integer> read = start(() -> pair.client().read(ByteBuffer.allocate(1))).awaitBlocked();
        pair.client().shutdownInput();
        assertEquals(-1, read.result());
    }
}
