package io.smc4j.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import io.smc4j.Smc;
import io.smc4j.diag.SmcConnection;
import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.spi.SelectorProvider;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.function.Executable;

/** What every class of the suite shares: the run's parameters, channels that are closed after the test, and pairs proved to be on the expected path. */
@Timeout(value = 120, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
abstract class Contract {

    /** How long a test waits for something that must happen; long because the lab's guest is slow. */
    static final int PATIENCE_SECONDS = 60;
    static final long PATIENCE_MILLIS = PATIENCE_SECONDS * 1000L;

    /** Whether our provider is the one under test, rather than the JDK's. */
    static final boolean OURS = switch (System.getProperty("smc.contract.provider", "jdk")) {
        case "smc", "mptcp" -> true;
        case "jdk" -> false;
        default -> throw new IllegalArgumentException("smc.contract.provider=" + System.getProperty("smc.contract.provider") + ": jdk, smc or mptcp");
    };
    /** What connections between two channels of the suite over 127.0.0.1 must be. */
    static final KernelPath EXPECT = KernelPath.valueOf(System.getProperty("smc.contract.expect", "TCP"));

    private final Deque<AutoCloseable> resources = new ArrayDeque<>();

    /** Two ends of one connection. */
    record Pair(SocketChannel client, SocketChannel server) {
    }

    @BeforeAll
    static void providerIsTheOneUnderTest() {
        String name = SelectorProvider.provider().getClass().getName();
        if (OURS) {
            assertEquals(EXPECT == KernelPath.MPTCP ? "io.smc4j.nio.StandInProvider" : "io.smc4j.nio.SmcSelectorProvider", name);
        } else {
            assertTrue(name.startsWith("sun.nio.ch."), name);
            assertEquals(KernelPath.TCP, EXPECT, "the JDK's own channels are TCP");
        }
    }

    @AfterEach
    final void closeAll() throws Exception {
        synchronized (resources) {
            while (!resources.isEmpty()) {
                resources.pop().close();
            }
        }
    }

    /** Closes {@code resource} after the test. */
    final <T extends AutoCloseable> T own(T resource) {
        synchronized (resources) {
            resources.push(resource);
        }
        return resource;
    }

    final SocketChannel open() throws IOException {
        return own(SocketChannel.open());
    }

    final Selector selector() throws IOException {
        return own(Selector.open());
    }

    /** A server bound to a free port of 127.0.0.1. */
    final ServerSocketChannel listen() throws IOException {
        return own(ServerSocketChannel.open()).bind(loopback(0));
    }

    /** Two ends of a blocking connection over 127.0.0.1 on the expected path. */
    final Pair pair() throws IOException {
        return connect(open(), listen());
    }

    /** Connects the blocking {@code client} to {@code server} and accepts it: both ends on the path expected for the server's address. */
    final Pair connect(SocketChannel client, ServerSocketChannel server) throws IOException {
        assertTrue(client.connect(server.getLocalAddress()));
        return accepted(client, server);
    }

    /** The pair for a client whose connection waits in {@code server}'s queue. */
    final Pair accepted(SocketChannel client, ServerSocketChannel server) throws IOException {
        SocketChannel end = own(server.accept());
        assertNotNull(end, "nothing to accept");
        assertPath(client);
        assertPath(end);
        return new Pair(client, end);
    }

    /** Asserts by the kernel's word that a connection is on the path this run expects for its remote address. */
    static void assertPath(SocketChannel channel) throws IOException {
        InetAddress remote = ((InetSocketAddress) channel.getRemoteAddress()).getAddress();
        assertEquals(expected(remote), KernelPath.of(channel), () -> "path of " + why(channel));
    }

    private static String why(SocketChannel channel) {
        try {
            SmcConnection connection = Smc.connection(channel);
            return channel + ": " + connection.reason() + ", peer " + connection.peerDiagnosis();
        } catch (IOException e) {
            return channel + ": " + e;
        }
    }

    /** The lab's SMC-R device is RoCEv2, and SMC-Rv2 needs IPv4. */
    static KernelPath expected(InetAddress address) {
        return EXPECT == KernelPath.SMC_R && address instanceof Inet6Address ? KernelPath.TCP : EXPECT;
    }

    static InetSocketAddress loopback(int port) {
        return new InetSocketAddress(address("127.0.0.1"), port);
    }

    static InetSocketAddress loopback6(int port) {
        return new InetSocketAddress(address("::1"), port);
    }

    static InetAddress address(String literal) {
        try {
            return InetAddress.getByName(literal);
        } catch (IOException e) {
            throw new AssertionError(e); // a literal needs no name service
        }
    }

    static int port(ServerSocketChannel server) throws IOException {
        return ((InetSocketAddress) server.getLocalAddress()).getPort();
    }

    /** An address of 127.0.0.1 where nobody listens. */
    static SocketAddress nobody() throws IOException {
        try (ServerSocketChannel server = SelectorProviderOfTheJdk.get().openServerSocketChannel()) {
            return server.bind(loopback(0)).getLocalAddress();
        }
    }

    /** Selects until {@code key} is ready for one of {@code ops}; takes it out of the selected keys. */
    static void awaitReady(Selector selector, SelectionKey key, int ops) throws IOException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (System.nanoTime() < end) {
            selector.select(PATIENCE_MILLIS);
            boolean selected = selector.selectedKeys().remove(key);
            if (selected && (key.readyOps() & ops) != 0) {
                return;
            }
        }
        fail("never ready for " + ops + ": " + key);
    }

    /** Connects a non-blocking channel with {@code selector}, as event loops do. */
    static void connectWith(Selector selector, SocketChannel client, SocketAddress to) throws IOException {
        SelectionKey key = client.register(selector, 0);
        if (!client.connect(to)) {
            key.interestOps(SelectionKey.OP_CONNECT);
            awaitReady(selector, key, SelectionKey.OP_CONNECT);
            assertTrue(client.finishConnect());
        }
        key.interestOps(0);
    }

    /** The exception that a channel of the JDK throws in this JVM: for the few cases where its type changed between releases. */
    static Class<? extends Exception> typeOnTheJdk(Class<? extends Exception> family, Executable onAChannelOfTheJdk) {
        return assertThrows(family, onAChannelOfTheJdk).getClass();
    }

    /** Writes until neither end's buffer takes more; the channel is left in non-blocking mode. Answers the bytes written. */
    static long fill(SocketChannel channel) throws IOException {
        channel.configureBlocking(false);
        ByteBuffer block = ByteBuffer.allocateDirect(64 * 1024);
        long written = 0;
        try (Selector selector = Selector.open()) { // writable again within a moment: a TCP window that opened late
            channel.register(selector, SelectionKey.OP_WRITE);
            do {
                for (int size = block.capacity(); size > 0; size /= 2) { // what is left in the last page takes smaller writes
                    for (int n = 1; n > 0; written += n) {
                        n = channel.write(block.clear().limit(size));
                    }
                }
                selector.selectedKeys().clear();
            } while (selector.select(300) > 0);
        }
        assertTrue(written > 0);
        return written;
    }

    static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    }

    static void write(SocketChannel channel, String text) throws IOException {
        ByteBuffer bytes = bytes(text);
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    /** Reads exactly {@code length} bytes from a blocking channel. */
    static String read(SocketChannel channel, int length) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(length);
        while (buffer.hasRemaining()) {
            if (channel.read(buffer) < 0) {
                return fail("end of stream after " + buffer.position() + " of " + length + " bytes");
            }
        }
        return new String(buffer.array(), StandardCharsets.UTF_8);
    }

    /** A word there and back over a blocking pair. */
    static void exchange(Pair pair) throws IOException {
        write(pair.client, "ping");
        assertEquals("ping", read(pair.server, 4));
        write(pair.server, "pong");
        assertEquals("pong", read(pair.client, 4));
    }
}
