package io.smc4j.nio;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.fail;

import io.smc4j.Smc;
import io.smc4j.internal.DefaultProvider;
import io.smc4j.internal.SocketFamily;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.spi.SelectorProvider;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.management.ObjectName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Connections that fail and connections that succeed leave the number of descriptors and the heap where they were. Property {@code smc.leak.connects}:
 * how many of each, half of them blocking and half with a selector.
 */
class LeakTest {

    private static final int CONNECTS = Integer.getInteger("smc.leak.connects", 20_000);
    private static final int WARM_UP = Math.min(1_000, CONNECTS / 4);
    /** What may stay, for all of them: caches, compiled code's constants. Less than one object for each connect. */
    private static final long HEAP_SLACK = Math.max(300_000, CONNECTS * 15L);
    private static final int ROUNDS = 3;
    private static final int ADDRESSES = 64;
    private static final long SETTLE_MS = 20_000;
    private static final int MOST_GROWN = 10;
    /** NUMBER: INSTANCES BYTES CLASS. */
    private static final Pattern HISTOGRAM_LINE = Pattern.compile("^ *\\d+: +\\d+ +(\\d+) +(\\S+)", Pattern.MULTILINE);

    /** Providers under test, by the name of their path. */
    static Stream<Map.Entry<String, SelectorProvider>> providers() {
        Map<String, SelectorProvider> all = new LinkedHashMap<>();
        if (Smc.isAvailable()) {
            all.put("SMC", new SmcSelectorProvider());
        } else {
            all.put("no SMC on this machine", new SmcSelectorProvider());
            all.put("multipath TCP in SMC's place", new StandInProvider());
            all.put("a rule says TCP", new SmcSelectorProvider(DefaultProvider.get(), StandInProvider.engine(SocketFamily.MPTCP, false)));
        }
        return all.entrySet().stream();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("providers")
    void failingConnects(Map.Entry<String, SelectorProvider> provider) throws Exception {
        // Bound, so that nobody else gets the port, and not listening.
        try (SocketChannel bound = DefaultProvider.get().openSocketChannel(StandardProtocolFamily.INET)) {
            bound.bind(new InetSocketAddress("127.0.0.1", 0));
            failingConnects(provider.getValue(), (InetSocketAddress) bound.getLocalAddress());
        }
    }

    private static void failingConnects(SelectorProvider provider, InetSocketAddress refused) throws Exception {
        measure(count -> {
            for (int i = 0; i < count / 2; i++) {
                try (SocketChannel channel = provider.openSocketChannel()) {
                    assertThrows(ConnectException.class, () -> channel.connect(refused));
                }
            }
            try (Selector selector = provider.openSelector()) {
                for (int i = 0; i < count / 2; i++) {
                    try (SocketChannel channel = provider.openSocketChannel()) {
                        assertThrows(ConnectException.class, () -> connectSelecting(channel, refused, selector));
                    }
                    selector.selectNow(); // lets go of the closed channel
                }
            }
        });
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("providers")
    void succeedingConnects(Map.Entry<String, SelectorProvider> provider) throws Exception {
        try (ServerSocketChannel listener = provider.getValue().openServerSocketChannel(StandardProtocolFamily.INET)) {
            listener.bind(new InetSocketAddress("0.0.0.0", 0), 128);
            new Thread(() -> echoOneByte(listener), "leak-server").start(); // ends with the listener
            int port = listener.socket().getLocalPort();
            ByteBuffer buffer = ByteBuffer.allocateDirect(1);
            measure(count -> {
                for (int i = 0; i < count / 2; i++) {
                    try (SocketChannel channel = provider.getValue().openSocketChannel()) {
                        channel.connect(target(i, port));
                        roundTrip(channel, buffer);
                    }
                }
                try (Selector selector = provider.getValue().openSelector()) {
                    for (int i = 0; i < count / 2; i++) {
                        try (SocketChannel channel = provider.getValue().openSocketChannel()) {
                            connectSelecting(channel, target(i, port), selector);
                            channel.keyFor(selector).cancel();
                            selector.selectNow();
                            channel.configureBlocking(true);
                            roundTrip(channel, buffer);
                        }
                    }
                }
            });
        }
    }

    private interface Connects {
        void make(int count) throws IOException;
    }

    private static void measure(Connects connects) throws Exception {
        connects.make(WARM_UP);
        long descriptors = settled(Long.MAX_VALUE);
        // What grows once (a table, the JIT's own) is no leak: a leak grows in every round.
        long least = Long.MAX_VALUE;
        Map<String, Long> classes = Map.of();
        for (int round = 0; round < ROUNDS && least >= HEAP_SLACK; round++) {
            classes = bytesByClass();
            long heap = usedHeap();
            connects.make(CONNECTS);
            assertEquals(descriptors, settled(descriptors), "open descriptors");
            least = Math.min(least, usedHeap() - heap);
        }
        if (least >= HEAP_SLACK) {
            fail(least + " bytes of heap more after each " + CONNECTS + " connects; in the last round " + mostGrown(classes, bytesByClass()));
        }
    }

    /** The heap's live objects: bytes by class. */
    private static Map<String, Long> bytesByClass() throws Exception {
        String histogram = (String) ManagementFactory.getPlatformMBeanServer().invoke(new ObjectName("com.sun.management:type=DiagnosticCommand"), "gcClassHistogram",
                new Object[] {new String[0]}, new String[] {String[].class.getName()});
        Map<String, Long> bytes = new HashMap<>();
        Matcher line = HISTOGRAM_LINE.matcher(histogram);
        while (line.find()) {
            bytes.merge(line.group(2), Long.parseLong(line.group(1)), Long::sum);
        }
        return bytes;
    }

    private static String mostGrown(Map<String, Long> before, Map<String, Long> after) {
        return after.entrySet().stream().map(e -> Map.entry(e.getKey(), e.getValue() - before.getOrDefault(e.getKey(), 0L)))
                .filter(e -> e.getValue() > 0).sorted(Map.Entry.<String, Long>comparingByValue().reversed()).limit(MOST_GROWN).map(e -> e.getKey() + " +" + e.getValue()).collect(Collectors.joining(", "));
    }

    /** Descriptors once they are no more than {@code wanted} or no fewer any more: sockets in mid-handshake are closed in the background. */
    private static long settled(long wanted) throws Exception {
        long end = System.nanoTime() + SETTLE_MS * 1_000_000;
        long now = descriptors();
        if (wanted == Long.MAX_VALUE) {
            for (long before = now + 1; before != now; now = descriptors()) {
                before = now;
                Thread.sleep(500);
            }
        }
        while (now > wanted && System.nanoTime() < end) {
            Thread.sleep(100);
            now = descriptors();
        }
        return now;
    }

    private static long descriptors() throws IOException {
        try (Stream<Path> all = Files.list(Path.of("/proc/self/fd"))) {
            return all.count();
        }
    }

    private static long usedHeap() {
        long used = Long.MAX_VALUE;
        for (;;) {
            System.gc();
            long now = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
            if (now >= used) {
                return used;
            }
            used = now;
        }
    }

    /** Ports of closed connections stay taken for a minute, for each pair of addresses: so many addresses of loopback in turn. */
    private static InetSocketAddress target(int i, int port) {
        return new InetSocketAddress("127.0.0." + (1 + i % ADDRESSES), port);
    }

    private static void connectSelecting(SocketChannel channel, InetSocketAddress target, Selector selector) throws IOException {
        channel.configureBlocking(false);
        SelectionKey key = channel.register(selector, SelectionKey.OP_CONNECT);
        if (channel.connect(target)) {
            return;
        }
        do {
            selector.select();
            selector.selectedKeys().clear();
        } while (key.isValid() && !channel.finishConnect());
    }

    private static void roundTrip(SocketChannel channel, ByteBuffer buffer) throws IOException {
        buffer.clear();
        channel.write(buffer);
        buffer.clear();
        assertEquals(1, channel.read(buffer));
    }

    private static void echoOneByte(ServerSocketChannel listener) {
        ByteBuffer b = ByteBuffer.allocateDirect(1);
        try {
            while (true) {
                try (SocketChannel accepted = listener.accept()) {
                    b.clear();
                    while (accepted.read(b) > 0) {
                        b.flip();
                        accepted.write(b);
                        b.clear();
                    }
                }
            }
        } catch (AsynchronousCloseException e) {
            // closed: the end
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

}
