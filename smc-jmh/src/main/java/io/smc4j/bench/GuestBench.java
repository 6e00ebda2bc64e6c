package io.smc4j.bench;

import io.smc4j.Smc;
import io.smc4j.diag.SmcConnection;
import io.smc4j.diag.SmcMode;
import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.nio.channels.spi.SelectorProvider;

/**
 * For the lab with {@code --icount}: 64-byte round trips and short connections of this JVM's default provider and sockets, in guest nanoseconds, which are
 * instructions there. The guest has one processor and no noise, so the last of a few equal parts is the figure; their spread shows whether it is steady.
 *
 * <p>Usage: {@code GuestBench NAME TCP|SMC_D|SMC_R}. Prints {@code NAME OPERATION NANOSECONDS SPREAD-PERCENT}, and fails where the kernel says that a
 * connection is not over the transport named.
 */
public final class GuestBench {

    private static final int BYTES = 64;
    private static final int PARTS = 3;
    private static final int PART = 10_000;
    private static final int WARM_UP_BLOCKING = 160_000;
    private static final int WARM_UP_SELECTING = 160_000;
    private static final int CONNECTIONS = 600;

    private final String name;
    private final SmcMode mode;

    private GuestBench(String name, SmcMode mode) {
        this.name = name;
        this.mode = mode;
    }

    /** Measures. */
    public static void main(String[] args) throws IOException {
        if (args.length != 2) {
            System.err.println("usage: GuestBench NAME TCP|SMC_D|SMC_R");
            System.exit(2);
        }
        GuestBench bench = new GuestBench(args[0], SmcMode.valueOf(args[1]));
        bench.connections();
        bench.roundTrips("blocking", new EchoPeer(SelectorProvider.provider(), false, BYTES), WARM_UP_BLOCKING);
        bench.roundTrips("selector", new EchoPeer(SelectorProvider.provider(), true, BYTES), WARM_UP_SELECTING);
        // as this JVM has it: the agent's, the preload library's or the JDK's own
        bench.roundTrips("java.net.Socket", new SocketPeer(SocketPeer.DEFAULT, BYTES), WARM_UP_BLOCKING);
    }

    private void roundTrips(String operation, Peer connected, int warmUp) throws IOException {
        try (Peer peer = connected) {
            check(peer.client());
            check(peer.accepted());
            peer.roundTrips(warmUp);
            long[] nanos = new long[PARTS];
            for (int i = 0; i < PARTS; i++) {
                long begin = System.nanoTime();
                peer.roundTrips(PART);
                nanos[i] = System.nanoTime() - begin;
            }
            check(peer.client());
            print(operation, nanos, PART);
        }
    }

    /** With a cold JIT, as a program that connects now and then has it. */
    private void connections() throws IOException {
        try (ShortConnections connections = new ShortConnections(SelectorProvider.provider())) {
            try (SocketChannel channel = connections.open()) {
                check(channel);
            }
            long begin = System.nanoTime();
            connections.run(CONNECTIONS, true);
            long nanos = System.nanoTime() - begin;
            try (SocketChannel channel = connections.open()) {
                check(channel);
            }
            print("short-connection", new long[] {nanos}, CONNECTIONS);
        }
    }

    private void check(SocketChannel channel) throws IOException {
        check(Smc.connection(channel));
    }

    private void check(SmcConnection connection) throws IOException {
        if (connection.mode() != mode) {
            throw new IOException(name + ": the kernel says " + connection.mode() + ", not " + mode + ": " + connection.describe());
        }
    }

    private void print(String operation, long[] nanos, int times) {
        long min = Long.MAX_VALUE;
        long max = 0;
        for (long n : nanos) {
            min = Math.min(min, n);
            max = Math.max(max, n);
        }
        System.out.printf("%s %s %d %.1f%n", name, operation, nanos[nanos.length - 1] / times, 100.0 * (max - min) / max);
    }
}
