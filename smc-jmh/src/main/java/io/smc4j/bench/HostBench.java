package io.smc4j.bench;

import io.smc4j.Smc;
import io.smc4j.diag.SmcMode;
import io.smc4j.jmh.Load;
import io.smc4j.jmh.Loads;
import io.smc4j.jmh.Transport;
import io.smc4j.nio.SmcSelectorProvider;
import io.smc4j.nio.WrappedTcp;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.channels.Channel;
import java.nio.channels.spi.SelectorProvider;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What the provider costs where a connection is TCP, against the plain JDK in the same JVM: rounds of the sides in turn, so that whatever else the machine
 * does hits them alike, and medians of the ratios. Every round has connections and threads of its own, for where the scheduler puts two threads is worth more
 * than what is compared here. The JDK runs twice in each round: its ratio to itself is what the machine's noise is worth. Two sides of ours: the switch on a
 * machine without SMC, and a machine with SMC whose rules say TCP.
 *
 * <p>Usage: {@code HostBench [ROUNDS]}. Exits with 1 where a bound is missed.
 */
public final class HostBench {

    private static final int ROUNDS = 81;
    private static final int BYTES = 64;
    private static final int ROUND_TRIPS = 3_000;
    private static final int CONNECTS = 400;
    private static final int TRANSFER_BYTES = 32 << 20;
    private static final int OPEN_CHANNELS = 2_000;
    private static final int WARM_UP_ROUNDS = 8;
    private static final double BOUND_ROUND_TRIP = 1.02;
    private static final double BOUND_CONNECT = 1.05;
    private static final double BOUND_TRANSFER = 1.03;
    private static final int BOUND_HEAP = 300;

    private final SelectorProvider jdk = SelectorProvider.provider();
    private final SelectorProvider ours = new SmcSelectorProvider();
    private final SelectorProvider wrapped = WrappedTcp.provider(jdk);
    private final com.sun.management.ThreadMXBean threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
    private final int rounds;
    private int missed;

    /** One side's operation, done so often that it takes some tens of milliseconds. */
    private interface Work extends AutoCloseable {
        void round() throws IOException;

        /** A little of the same before the time counts: a new connection begins slowly. */
        default void settle() throws IOException {
        }

        /** Operations in a round. */
        int operations();

        /** What the kernel says of the connections' ends; nothing where there is none that lasts. */
        default List<String> wires() throws IOException {
            return List.of();
        }

        @Override
        void close() throws IOException;
    }

    private interface Side {
        Work of(SelectorProvider provider) throws IOException;
    }

    private interface LoadSide {
        Load of(Loads loads) throws IOException;
    }

    /** One of the four: the JDK, the JDK again, ours without SMC, ours where a rule says TCP. */
    private interface Numbered {
        Work of(int side) throws IOException;
    }

    private static final int SIDES = 4;
    /** Ours over SMC is TCP on this machine. */
    private static final List<Transport> CHANNELS = List.of(Transport.JDK_TCP, Transport.JDK_TCP, Transport.SMC4J_SMC_D, Transport.SMC4J_TCP);
    private static final List<Transport> SOCKETS =
            List.of(Transport.SOCKET_TCP, Transport.SOCKET_TCP, Transport.SMC4J_SOCKET_SMC_D, Transport.SMC4J_SOCKET_TCP);

    private HostBench(int rounds) {
        this.rounds = rounds;
    }

    /** Measures and prints a table. */
    public static void main(String[] args) throws IOException {
        if (SelectorProvider.provider().getClass().getName().startsWith("io.smc4j")) {
            throw new IllegalStateException("run it without the switch: the plain JDK is one of its sides");
        }
        HostBench bench = new HostBench(args.length == 0 ? ROUNDS : Integer.parseInt(args[0]));
        System.out.printf("JDK %s, %d processors, %d rounds of each side in turn, medians%n", System.getProperty("java.version"),
                Runtime.getRuntime().availableProcessors(), bench.rounds);
        System.out.printf("%-26s %14s %9s %8s %6s %11s %18s%n", "operation", "plain JDK", "JDK again", "ours", "bound", "ours, rule", "bytes allocated");
        bench.compare("64 B blocking", CHANNELS, ROUND_TRIPS, l -> l.roundTrips(BYTES));
        for (int connections : new int[] {1, 32, 256}) {
            bench.compare("64 B selector, " + connections, CHANNELS, ROUND_TRIPS / connections, l -> l.selecting(connections, BYTES));
        }
        bench.compare("64 B java.net.Socket", SOCKETS, ROUND_TRIPS, l -> l.roundTrips(BYTES));
        bench.compare("connect and close", "us", 1e3, BOUND_CONNECT, HostBench::connects);
        bench.compare("transferTo from accepted", "us/MB", 1e3, BOUND_TRANSFER, Transfer::new);
        bench.heap();
        System.out.println(bench.missed == 0 ? "every bound is held" : bench.missed + " bounds are missed");
        System.exit(bench.missed == 0 ? 0 : 1);
    }

    private void compare(String name, String unit, double scale, double bound, Side side) throws IOException {
        List<SelectorProvider> providers = List.of(jdk, jdk, ours, wrapped);
        compareSides(name, unit, scale, bound, i -> side.of(providers.get(i)));
    }

    private void compare(String name, List<Transport> transports, int times, LoadSide side) throws IOException {
        compareSides(name, "us", 1e3, BOUND_ROUND_TRIP, i -> new Loaded(side.of(transports.get(i).loads()), times));
    }

    private void compareSides(String name, String unit, double scale, double bound, Numbered side) throws IOException {
        long[][] nanos = new long[SIDES][rounds];
        long[] allocated = new long[SIDES];
        double operations = 1;
        for (int round = -WARM_UP_ROUNDS; round < rounds; round++) {
            for (int i = 0; i < SIDES; i++) {
                int turn = (i + Math.abs(round)) % SIDES;
                try (Work work = side.of(turn)) {
                    check(work.wires());
                    work.settle();
                    operations = work.operations();
                    long before = threads.getThreadAllocatedBytes(Thread.currentThread().getId());
                    long begin = System.nanoTime();
                    work.round();
                    if (round >= 0) {
                        nanos[turn][round] = System.nanoTime() - begin;
                        allocated[turn] += threads.getThreadAllocatedBytes(Thread.currentThread().getId()) - before;
                    }
                }
            }
        }
        double noSmc = ratio(nanos[2], nanos[0], nanos[1]);
        double byRule = ratio(nanos[3], nanos[0], nanos[1]);
        System.out.printf("%-26s %8.2f %-5s %9.3f %8.3f %6.2f %11.3f %6.0f %5.0f %5.0f%s%n", name, median(nanos[0]) / operations / scale, unit,
                ratio(nanos[1], nanos[0]), noSmc, bound, byRule, allocated[0] / operations / rounds, allocated[2] / operations / rounds,
                allocated[3] / operations / rounds, judge(noSmc <= bound));
    }

    /** Median of the ratios of neighbours in time, to the mean where there is more than one: what slows the machine for seconds drops out. */
    private static double ratio(long[] of, long[]... to) {
        double[] ratios = new double[of.length];
        for (int i = 0; i < of.length; i++) {
            double sum = 0;
            for (long[] side : to) {
                sum += side[i];
            }
            ratios[i] = of[i] / (sum / to.length);
        }
        Arrays.sort(ratios);
        return ratios[ratios.length / 2];
    }

    private static double median(long[] values) {
        long[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }

    private String judge(boolean held) {
        if (!held) {
            missed++;
        }
        return held ? "" : "  MISSED";
    }

    private static void check(List<String> wires) throws IOException {
        for (String wire : wires) {
            if (!wire.equals(SmcMode.TCP.name())) {
                throw new IOException("the kernel says that this is not TCP but " + wire);
            }
        }
    }

    /** A load's operation, so many times. */
    private record Loaded(Load load, int operations) implements Work {
        @Override
        public void round() throws IOException {
            load.run(operations);
        }

        @Override
        public void settle() throws IOException {
            load.run(Math.max(1, operations / 10));
        }

        @Override
        public List<String> wires() throws IOException {
            return load.wires();
        }

        @Override
        public void close() throws IOException {
            load.close();
        }
    }

    private static Work connects(SelectorProvider provider) throws IOException {
        ShortConnections connections = new ShortConnections(provider);
        return new Work() {
            @Override
            public void round() throws IOException {
                connections.run(CONNECTS, false);
            }

            @Override
            public int operations() {
                return CONNECTS;
            }

            @Override
            public void close() throws IOException {
                connections.close();
            }
        };
    }

    /** {@code FileChannel.transferTo} an accepted channel, which another thread's client reads. */
    private static final class Transfer implements Work {

        private final TransferPeer peer;

        Transfer(SelectorProvider provider) throws IOException {
            peer = new TransferPeer(provider, TRANSFER_BYTES);
        }

        @Override
        public void round() throws IOException {
            peer.transfer();
        }

        @Override
        public void settle() throws IOException {
            peer.transfer();
        }

        @Override
        public int operations() {
            return TRANSFER_BYTES >> 20;
        }

        @Override
        public List<String> wires() throws IOException {
            return List.of(Smc.connection(peer.accepted()).mode().name());
        }

        @Override
        public void close() throws IOException {
            peer.close();
        }
    }

    private void heap() throws IOException {
        long plain = heapPerConnection(jdk);
        long oursMore = heapPerConnection(ours) - plain;
        long wrappedMore = heapPerConnection(wrapped) - plain;
        System.out.printf("heap of an open connection, both ends: plain JDK %d bytes, ours %+d, ours with a rule for TCP %+d; bound %d%s%n", plain, oursMore,
                wrappedMore, BOUND_HEAP, judge(Math.max(oursMore, wrappedMore) <= BOUND_HEAP));
    }

    /** Both ends are counted. */
    private static long heapPerConnection(SelectorProvider provider) throws IOException {
        List<Channel> kept = new ArrayList<>();
        try (HeldConnections connections = new HeldConnections(provider)) {
            connections.open(100, kept); // classes and caches
            List<Channel> counted = new ArrayList<>(2 * OPEN_CHANNELS);
            long before = HeldConnections.usedHeap();
            connections.open(OPEN_CHANNELS, counted);
            long used = HeldConnections.usedHeap() - before;
            kept.addAll(counted);
            return used / OPEN_CHANNELS;
        } finally {
            for (Channel channel : kept) {
                channel.close();
            }
        }
    }
}
