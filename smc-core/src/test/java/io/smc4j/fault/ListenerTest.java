package io.smc4j.fault;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Listeners over SMC and clients that are none of SMC's, or pretend to be. */
@InLab
class ListenerTest {

    private static final int BURST = 500;
    private static final int PORT = 7_300;

    /** What a client does once TCP's handshake is over, having promised SMC. */
    enum Pretender {
        RESETS, CLOSES, SENDS_SOMETHING_ELSE, SILENT
    }

    /** Accepts until the listener is closed, and answers each client's byte by the same one. Fails by what accept throws. */
    private static FutureTask<Integer> serve(ServerSocketChannel listener, AtomicInteger served) {
        FutureTask<Integer> server = new FutureTask<>(() -> {
            while (true) {
                try (SocketChannel client = listener.accept()) {
                    assertNotNull(client);
                    echo(client);
                    served.incrementAndGet();
                } catch (AsynchronousCloseException e) {
                    return served.get();
                }
            }
        });
        Thread thread = new Thread(server, "server");
        thread.setDaemon(true);
        thread.start();
        return server;
    }

    private static int end(ServerSocketChannel listener, FutureTask<Integer> server) throws Exception {
        listener.close();
        return server.get(10, TimeUnit.SECONDS);
    }

    private static void echo(SocketChannel client) throws IOException {
        ByteBuffer one = ByteBuffer.allocate(1);
        if (client.read(one) == 1) {
            client.write(one.flip());
        }
    }

    private static void ask(SocketChannel client) throws IOException {
        client.write(ByteBuffer.wrap(new byte[] {42}));
        hear(client);
    }

    private static void hear(SocketChannel client) throws IOException {
        ByteBuffer one = ByteBuffer.allocate(1);
        assertEquals(1, client.read(one));
        assertEquals(42, one.get(0));
    }

    @ParameterizedTest
    @EnumSource
    void failedHandshakeNeverSurfaces(Pretender pretender) throws Exception {
        AtomicInteger served = new AtomicInteger();
        int port = PORT + pretender.ordinal();
        try (RawLink link = new RawLink(10 + pretender.ordinal());
                ServerSocketChannel listener = ServerSocketChannel.open().bind(new InetSocketAddress(port))) {
            FutureTask<Integer> server = serve(listener, served);
            RawClient raw = new RawClient(link, 40_000, port);
            assertTrue(raw.complete(), "the listener speaks SMC");
            served(port); // while the other's handshake is under way
            switch (pretender) {
                case RESETS -> raw.reset();
                case CLOSES -> raw.finish();
                case SENDS_SOMETHING_ELSE -> raw.garbage("GET / HTTP/1.1\r\nHost: example.com\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
                case SILENT -> Thread.sleep(6_500); // the kernel's own patience is 6 s
            }
            Thread.sleep(300);
            served(port);
            for (long start = System.nanoTime(); served.get() < 4 && Guest.millisSince(start) < 5_000;) {
                Thread.sleep(10); // the last client has its answer, the server has yet to count it
            }
            assertEquals(4, end(listener, server), "two clients over SMC, two over TCP, and nobody else");
        }
    }

    private static void served(int port) throws IOException {
        try (SocketChannel smc = Guest.assertSmc(SocketChannel.open(Guest.loopback(port)))) {
            ask(smc);
        }
        try (SocketChannel tcp = Guest.plainTcp()) {
            tcp.connect(Guest.loopback(port));
            ask(tcp);
        }
    }

    /** The same with a selector: a readable listener may have nothing to accept, but never an exception. */
    @Test
    void failedHandshakeWithASelector() throws Exception {
        int port = PORT + 20;
        try (RawLink link = new RawLink(20); ServerSocketChannel listener = ServerSocketChannel.open(); Selector selector = Selector.open()) {
            listener.bind(new InetSocketAddress(port)).configureBlocking(false);
            listener.register(selector, SelectionKey.OP_ACCEPT);
            RawClient raw = new RawClient(link, 40_000, port);
            assertTrue(raw.complete(), "the listener speaks SMC");
            raw.reset();
            for (long start = System.nanoTime(); Guest.millisSince(start) < 1_000;) {
                selector.select(100);
                selector.selectedKeys().clear();
                assertEquals(null, listener.accept(), "a handshake that failed");
            }
            try (SocketChannel smc = Guest.assertSmc(SocketChannel.open(Guest.loopback(port)))) {
                SocketChannel accepted = null;
                for (long start = System.nanoTime(); accepted == null && Guest.millisSince(start) < 10_000;) {
                    selector.select(100);
                    selector.selectedKeys().clear();
                    accepted = listener.accept();
                }
                assertNotNull(accepted);
                smc.write(ByteBuffer.wrap(new byte[1]));
                assertEquals(1, Guest.assertSmc(accepted).read(ByteBuffer.allocate(1)));
                accepted.close();
            }
        }
    }

    @Test
    void burstOfPlainClients() throws Exception {
        burst(Guest.jdk().openServerSocketChannel(), 50); // classes are loaded once, and not on the clock
        long plain = burst(Guest.jdk().openServerSocketChannel(), BURST);
        long smc = burst(ServerSocketChannel.open(), BURST);
        System.out.println(BURST + " plain clients: SMC listener " + smc + " ms, plain listener " + plain + " ms");
        assertTrue(smc <= 3 * plain + 1_000, () -> "SMC listener " + smc + " ms, plain listener " + plain + " ms");
    }

    /** All connect at once, then all are asked for; answers how long it took in milliseconds. */
    private static long burst(ServerSocketChannel unbound, int clients) throws Exception {
        AtomicInteger served = new AtomicInteger();
        List<SocketChannel> all = new ArrayList<>();
        try (ServerSocketChannel listener = unbound.bind(Guest.loopback(0), clients)) {
            long start = System.nanoTime();
            for (int i = 0; i < clients; i++) {
                SocketChannel client = Guest.plainTcp();
                all.add(client);
                client.configureBlocking(false);
                client.connect(listener.getLocalAddress());
            }
            FutureTask<Integer> server = serve(listener, served);
            for (SocketChannel client : all) {
                client.configureBlocking(true);
                assertTrue(client.finishConnect());
                client.write(ByteBuffer.wrap(new byte[] {42}));
            }
            // The server takes them one after the other, and not always in the order in which they came: none may wait to be heard.
            for (SocketChannel client : all) {
                hear(client);
            }
            long took = Guest.millisSince(start);
            for (long wait = System.nanoTime(); served.get() < clients && Guest.millisSince(wait) < 5_000;) {
                Thread.sleep(10);
            }
            assertEquals(clients, end(listener, server));
            return took;
        } finally {
            for (SocketChannel client : all) {
                client.close();
            }
        }
    }
}
