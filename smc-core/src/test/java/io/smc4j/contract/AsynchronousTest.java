package io.smc4j.contract;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.smc4j.internal.Natives;
import io.smc4j.net.MptcpSockets;
import io.smc4j.net.SmcAsynchronousChannelProvider;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousChannelGroup;
import java.nio.channels.AsynchronousServerSocketChannel;
import java.nio.channels.AsynchronousSocketChannel;
import java.nio.channels.CompletionHandler;
import java.nio.channels.spi.AsynchronousChannelProvider;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Asynchronous socket channels and listeners; failures are compared with the JDK's in the same JVM. */
class AsynchronousTest extends Contract {

    /** Something done with channels of one provider or the other. */
    interface Steps {
        void run(AsynchronousChannelProvider provider) throws Exception;
    }

    record Ends(AsynchronousSocketChannel client, AsynchronousSocketChannel server) {
    }

    private final AsynchronousChannelProvider jdk = MptcpSockets.jdkAsynchronous();
    private final AsynchronousChannelProvider provider = switch (System.getProperty("smc.contract.provider", "jdk")) {
        case "jdk" -> jdk;
        case "mptcp" -> MptcpSockets.asynchronous();
        default -> new SmcAsynchronousChannelProvider();
    };

    @BeforeEach
    void natives() {
        assumeTrue(Natives.isLoaded(), "no native library: the path of a connection cannot be told");
    }

    private AsynchronousSocketChannel open(AsynchronousChannelProvider p) throws IOException {
        return own(p.openAsynchronousSocketChannel(null));
    }

    private AsynchronousServerSocketChannel listening(AsynchronousChannelProvider p) throws IOException {
        return own(p.openAsynchronousServerSocketChannel(null)).bind(loopback(0));
    }

    private static <T> T get(Future<T> future) throws Exception {
        try {
            return future.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw (Exception) e.getCause();
        }
    }

    /** A handler whose result can be waited for, and the thread that brought it. */
    private static final class Result<V> extends CompletableFuture<V> implements CompletionHandler<V, Object> {

        volatile Thread thread;

        @Override
        public void completed(V result, Object attachment) {
            thread = Thread.currentThread();
            complete(result);
        }

        @Override
        public void failed(Throwable e, Object attachment) {
            thread = Thread.currentThread();
            completeExceptionally(e);
        }
    }

    private Ends ends() throws Exception {
        return ends(provider);
    }

    private Ends ends(AsynchronousChannelProvider p) throws Exception {
        AsynchronousServerSocketChannel server = listening(p);
        AsynchronousSocketChannel client = open(p);
        get(client.connect(server.getLocalAddress()));
        Ends ends = new Ends(client, own(get(server.accept())));
        if (p == provider) {
            assertOnPath(ends.client);
            assertOnPath(ends.server);
        }
        return ends;
    }

    private static void assertOnPath(AsynchronousSocketChannel channel) throws IOException {
        assertEquals(expected(((InetSocketAddress) channel.getRemoteAddress()).getAddress()), KernelPath.ofDescriptor(MptcpSockets.fd(channel)));
    }

    private static void exchange(Ends ends) throws Exception {
        sendAndReceive(ends.client, ends.server);
        sendAndReceive(ends.server, ends.client);
    }

    private static void sendAndReceive(AsynchronousSocketChannel from, AsynchronousSocketChannel to) throws Exception {
        Future<Integer> written = from.write(bytes("word"));
        ByteBuffer read = ByteBuffer.allocate(4);
        while (read.hasRemaining()) {
            assertTrue(get(to.read(read)) > 0);
        }
        assertEquals(4, get(written));
        assertEquals(bytes("word"), read.flip());
    }

    private Throwable assertSameFailure(Steps steps) {
        Throwable expected = assertThrows(Throwable.class, () -> steps.run(jdk));
        Throwable actual = assertThrows(Throwable.class, () -> steps.run(provider), () -> "the JDK: " + expected);
        assertEquals(expected.getClass() + ": " + expected.getMessage(), actual.getClass() + ": " + actual.getMessage());
        return actual;
    }

    @Test
    void futures() throws Exception {
        Ends ends = ends();
        exchange(ends);
        assertEquals(ends.client.getLocalAddress(), ends.server.getRemoteAddress());
        assertEquals(ends.client.getRemoteAddress(), ends.server.getLocalAddress());
        ends.client.close();
        assertEquals(-1, get(ends.server.read(ByteBuffer.allocate(1))));
        assertFalse(ends.client.isOpen());
    }

    @Test
    void handlersOfAGroup() throws Exception {
        Thread[] only = new Thread[1];
        AsynchronousChannelGroup group = provider.openAsynchronousChannelGroup(1, r -> only[0] = new Thread(r));
        AsynchronousServerSocketChannel server = own(provider.openAsynchronousServerSocketChannel(group)).bind(loopback(0));
        if (EXPECT != KernelPath.TCP) {
            assertSame(provider, group.provider());
        }
        Result<AsynchronousSocketChannel> accepted = new Result<>();
        server.accept(null, accepted);
        AsynchronousSocketChannel client = own(provider.openAsynchronousSocketChannel(group));
        Result<Void> connected = new Result<>();
        client.connect(server.getLocalAddress(), null, connected);
        get(connected);
        Ends ends = new Ends(client, own(get(accepted)));
        assertSame(only[0], connected.thread);
        assertSame(only[0], accepted.thread);
        assertOnPath(client);
        assertOnPath(ends.server);
        Result<Integer> read = new Result<>();
        ends.server.read(ByteBuffer.allocate(10), null, read);
        assertEquals(3, get(client.write(bytes("abc"))));
        assertEquals(3, get(read));
        assertSame(only[0], read.thread);
        exchange(ends);
        group.shutdownNow();
        assertTrue(group.awaitTermination(PATIENCE_SECONDS, TimeUnit.SECONDS));
        assertTrue(group.isShutdown() && group.isTerminated());
        assertFalse(client.isOpen());
    }

    @Test
    void scatterGatherAndMegabytes() throws Exception {
        Ends ends = ends();
        byte[] data = new byte[2 << 20];
        new Random(4).nextBytes(data);
        Background<Void> writer = Background.start(() -> {
            ByteBuffer[] parts = {ByteBuffer.wrap(data, 0, 1000), ByteBuffer.wrap(data, 1000, data.length - 1000)};
            while (parts[1].hasRemaining()) {
                Result<Long> written = new Result<>();
                ends.client.write(parts, 0, 2, PATIENCE_SECONDS, TimeUnit.SECONDS, null, written);
                get(written);
            }
            ends.client.shutdownOutput();
            return null;
        });
        ByteBuffer all = ByteBuffer.allocate(data.length);
        ByteBuffer small = ByteBuffer.allocate(10);
        Result<Long> first = new Result<>();
        ends.server.read(new ByteBuffer[] {small, all}, 0, 2, PATIENCE_SECONDS, TimeUnit.SECONDS, null, first);
        get(first);
        int n = 0;
        while (n >= 0) {
            n = all.hasRemaining() ? get(ends.server.read(all)) : get(ends.server.read(ByteBuffer.allocate(1)));
            assertTrue(n < 1 || all.position() <= data.length);
            if (all.position() == data.length - 10) {
                all.limit(data.length - 10);
            }
        }
        writer.result();
        byte[] received = new byte[data.length];
        small.flip().get(received, 0, 10);
        all.flip().get(received, 10, data.length - 10);
        assertArrayEquals(data, received);
        exchangeBack(ends);
    }

    private static void exchangeBack(Ends ends) throws Exception {
        sendAndReceive(ends.server, ends.client);
    }

    @Test
    void timeouts() throws Exception {
        assertSameFailure(p -> {
            Result<Integer> read = new Result<>();
            ends(p).client.read(ByteBuffer.allocate(1), 100, TimeUnit.MILLISECONDS, null, read);
            get(read);
        });
    }

    @Test
    void connectFailures() throws Exception {
        InetSocketAddress nobody = (InetSocketAddress) nobody();
        assertSameFailure(p -> get(open(p).connect(nobody)));
        assertSameFailure(p -> {
            Result<Void> result = new Result<>();
            open(p).connect(nobody, null, result);
            get(result);
        });
        AsynchronousSocketChannel refused = open(provider);
        assertThrows(IOException.class, () -> get(refused.connect(nobody)));
        assertFalse(refused.isOpen());
        assertSameFailure(p -> get(open(p).connect(InetSocketAddress.createUnresolved("nowhere.invalid", 1))));
        assertSameFailure(p -> get(ends(p).client.connect(loopback(1))));
        assertSameFailure(p -> open(p).connect(loopback(1), null, null));
        assertSameFailure(p -> open(p).read(ByteBuffer.allocate(1)));
        assertSameFailure(p -> open(p).write(ByteBuffer.allocate(1)));
        assertSameFailure(p -> {
            AsynchronousSocketChannel channel = open(p);
            channel.close();
            get(channel.connect(nobody));
        });
        BlackHole hole = own(new BlackHole());
        assertSameFailure(p -> {
            AsynchronousSocketChannel channel = open(p);
            channel.connect(hole.address());
            channel.connect(hole.address());
        });
        assertSameFailure(p -> {
            AsynchronousSocketChannel channel = open(p);
            channel.connect(hole.address());
            channel.read(ByteBuffer.allocate(1));
        });
    }

    @Test
    void closeWhilePending() throws Exception {
        BlackHole hole = own(new BlackHole());
        assertSameFailure(p -> {
            AsynchronousSocketChannel channel = open(p);
            Result<Void> result = new Result<>();
            channel.connect(hole.address(), null, result);
            Thread.sleep(200);
            channel.close();
            get(result);
        });
        assertSameFailure(p -> {
            AsynchronousSocketChannel channel = ends(p).client;
            Future<Integer> read = channel.read(ByteBuffer.allocate(1));
            channel.close();
            get(read);
        });
        assertSameFailure(p -> {
            AsynchronousServerSocketChannel server = listening(p);
            Future<AsynchronousSocketChannel> accept = server.accept();
            server.close();
            get(accept);
        });
        assertSameFailure(p -> {
            AsynchronousServerSocketChannel server = listening(p);
            server.accept();
            server.accept();
        });
    }

    @Test
    void bindAndOptions() throws Exception {
        AsynchronousSocketChannel client = open(provider);
        assertNull(client.getLocalAddress());
        assertNull(client.getRemoteAddress());
        client.setOption(StandardSocketOptions.TCP_NODELAY, true).setOption(StandardSocketOptions.SO_RCVBUF, 50_000);
        client.bind(loopback(0));
        int port = ((InetSocketAddress) client.getLocalAddress()).getPort();
        AsynchronousServerSocketChannel server = own(provider.openAsynchronousServerSocketChannel(null));
        server.setOption(StandardSocketOptions.SO_RCVBUF, 50_000);
        server.bind(loopback(0), 10);
        get(client.connect(server.getLocalAddress()));
        Ends ends = new Ends(client, own(get(server.accept())));
        assertOnPath(client);
        assertEquals(loopback(port), client.getLocalAddress());
        assertEquals(loopback(port), ends.server.getRemoteAddress());
        assertEquals(true, client.getOption(StandardSocketOptions.TCP_NODELAY));
        assertTrue(client.getOption(StandardSocketOptions.SO_RCVBUF) >= 50_000);
        assertEquals(open(jdk).supportedOptions(), client.supportedOptions());
        exchange(ends);
        assertSameFailure(p -> listening(p).bind(loopback(0)));
        assertSameFailure(p -> own(p.openAsynchronousServerSocketChannel(null)).accept());
        assertSameFailure(p -> own(p.openAsynchronousServerSocketChannel(null)).bind(server.getLocalAddress()));
        assertSameFailure(p -> open(p).bind(new InetSocketAddress(address("192.0.2.1"), 0)));
        assertSameFailure(p -> open(p).setOption(StandardSocketOptions.IP_MULTICAST_LOOP, true));
    }

    @Test
    void ipv6AndWildcard() throws Exception {
        AsynchronousServerSocketChannel server = own(provider.openAsynchronousServerSocketChannel(null)).bind(loopback6(0));
        AsynchronousSocketChannel client = open(provider);
        get(client.connect(server.getLocalAddress()));
        assertOnPath(client);
        exchange(new Ends(client, own(get(server.accept()))));
        AsynchronousServerSocketChannel wild = own(provider.openAsynchronousServerSocketChannel(null)).bind(null);
        AsynchronousSocketChannel second = open(provider);
        get(second.connect(loopback(((InetSocketAddress) wild.getLocalAddress()).getPort())));
        exchange(new Ends(second, own(get(wild.accept()))));
    }

    @Test
    void mixedWithTheJdk() throws Exception {
        AsynchronousServerSocketChannel plain = listening(jdk);
        AsynchronousSocketChannel client = open(provider);
        get(client.connect(plain.getLocalAddress()));
        exchange(new Ends(client, own(get(plain.accept()))));
        AsynchronousServerSocketChannel ours = listening(provider);
        AsynchronousSocketChannel theirs = open(jdk);
        get(theirs.connect(ours.getLocalAddress()));
        exchange(new Ends(theirs, own(get(ours.accept()))));
    }

    /** What write accepted before close is delivered, however late the peer reads. */
    @Test
    void closeDeliversWhatWriteAccepted() throws Exception {
        Ends ends = ends();
        long written = 0;
        for (;;) {
            Result<Integer> write = new Result<>();
            ends.client.write(ByteBuffer.allocate(4096), null, write);
            try {
                written += write.get(1, TimeUnit.SECONDS);
            } catch (java.util.concurrent.TimeoutException e) {
                break;
            }
        }
        ends.client.close();
        Thread.sleep(3000); // longer than the 2 s for which the kernel drains an SMC socket in close
        long read = 0;
        ByteBuffer buffer = ByteBuffer.allocate(64 * 1024);
        for (int n = 0; n >= 0; read += Math.max(0, n)) {
            n = get(ends.server.read(buffer.clear()));
        }
        assertEquals(written, read);
    }

    @Test
    void manyConnections() throws Exception {
        AsynchronousServerSocketChannel server = own(provider.openAsynchronousServerSocketChannel(null)).bind(loopback(0), 200);
        Result<?>[] connects = new Result<?>[100];
        AsynchronousSocketChannel[] clients = new AsynchronousSocketChannel[connects.length];
        for (int i = 0; i < connects.length; i++) {
            Result<Void> result = new Result<>();
            clients[i] = open(provider);
            clients[i].connect(server.getLocalAddress(), null, result);
            connects[i] = result;
        }
        for (int i = 0; i < connects.length; i++) {
            AsynchronousSocketChannel end = own(get(server.accept()));
            sendAndReceive(end, clientOf(clients, connects, end));
        }
    }

    private static AsynchronousSocketChannel clientOf(AsynchronousSocketChannel[] clients, Result<?>[] connects, AsynchronousSocketChannel end) throws Exception {
        for (int i = 0; i < clients.length; i++) {
            get(connects[i]);
            if (end.getRemoteAddress().equals(clients[i].getLocalAddress())) {
                return clients[i];
            }
        }
        throw new AssertionError("no client of " + end);
    }
}
