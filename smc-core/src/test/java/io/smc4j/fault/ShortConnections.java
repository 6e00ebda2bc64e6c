package io.smc4j.fault;

import io.smc4j.diag.SmcConnections;
import io.smc4j.internal.ChannelFd;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.spi.SelectorProvider;
import java.util.Arrays;
import java.util.Locale;

/**
 * Short connections (connect, one byte each way, close) in a guest that counts instructions ({@code src/test/sh/short.sh}).
 * {@code cost}: what a connection and a round trip cost over SMC and TCP, and from how many round trips on SMC repays its handshake.
 * {@code learned}: 300 to one peer while connections to another one last; ends with 1 if they cost more than 1.05 of a plain client, four times, or a lasting one is not
 * over SMC.
 */
final class ShortConnections {

    private static final int MEASURED = 300;
    private static final int WARM_UP = 600;
    /** After 600 our own classes are not compiled yet as the JDK's are, and the ratio is one of compilers. */
    private static final int WARM_UP_LEARNED = 6_000;
    /** So often the 300 are counted at most: what the JIT has left to compile by then spoils one count, what is ours spoils all. */
    private static final int TURNS = 4;
    private static final int BLOCK = 30;
    private static final int ROUND_TRIPS = 10_000;
    private static final int ROUND_TRIPS_WARM_UP = 30_000;
    private static final int SIZE = 64;
    private static final double BOUND = 1.05;
    /** Enough to be none of the short ones. */
    private static final int LASTING = 100;

    private ShortConnections() {
    }

    public static void main(String[] args) throws IOException {
        if (args[0].equals("cost")) {
            cost();
        } else if (!learned()) {
            System.exit(1);
        }
        System.exit(0);
    }

    private static void cost() throws IOException {
        InetSocketAddress smc = serve(SelectorProvider.provider(), false);
        InetSocketAddress tcp = serve(Guest.jdk(), false);
        shortOnes(SelectorProvider.provider(), smc, WARM_UP, true);
        shortOnes(Guest.jdk(), tcp, WARM_UP, false);
        double shortSmc = shortOnes(SelectorProvider.provider(), smc, MEASURED, true);
        double shortTcp = shortOnes(Guest.jdk(), tcp, MEASURED, false);
        double tripSmc = roundTrip(SelectorProvider.provider(), smc);
        double tripTcp = roundTrip(Guest.jdk(), tcp);
        print("connect, one byte each way, close: SMC %.1f, TCP %.1f thousand instructions", shortSmc / 1e3, shortTcp / 1e3);
        print("round trip of %d bytes: SMC %.2f, TCP %.2f thousand instructions", SIZE, tripSmc / 1e3, tripTcp / 1e3);
        print("a connection repays its handshake from %.1f round trips on", 1 + (shortSmc - shortTcp) / (tripTcp - tripSmc));
    }

    private static boolean learned() throws IOException {
        InetSocketAddress shortPeer = serve(SelectorProvider.provider(), false);
        InetSocketAddress lastingPeer = serve(SelectorProvider.provider(), true);
        InetSocketAddress plainPeer = serve(Guest.jdk(), false);
        SelectorProvider ours = SelectorProvider.provider();
        boolean lastingAreSmc = true;
        long[] nanos = new long[3];
        double ratio = Double.MAX_VALUE;
        try (SocketChannel lasting = connect(ours, lastingPeer)) {
            for (int turn = -WARM_UP_LEARNED / MEASURED; turn < TURNS && (turn <= 0 || ratio > BOUND); turn++) {
                Arrays.fill(nanos, 0);
                for (int done = 0; done < MEASURED; done += BLOCK) {
                    nanos[0] += BLOCK * (long) shortOnes(ours, shortPeer, BLOCK, false);
                    nanos[1] += BLOCK * (long) shortOnes(Guest.jdk(), shortPeer, BLOCK, false);
                    nanos[2] += BLOCK * (long) shortOnes(Guest.jdk(), plainPeer, BLOCK, false);
                    roundTrips(lasting, LASTING);
                    try (SocketChannel another = connect(ours, lastingPeer)) {
                        roundTrips(another, LASTING);
                        lastingAreSmc &= isSmc(another);
                    }
                }
                ratio = (double) nanos[0] / nanos[1];
            }
            lastingAreSmc &= isSmc(lasting);
        }
        print("learned, %d short connections: %.1f; a plain client of the same listener %.1f, plain TCP at both ends %.1f thousand instructions each",
                MEASURED, nanos[0] / 1e3 / MEASURED, nanos[1] / 1e3 / MEASURED, nanos[2] / 1e3 / MEASURED);
        print("ratio to a plain client %.3f (at most %.2f), to plain TCP at both ends %.3f", ratio, BOUND, (double) nanos[0] / nanos[2]);
        print("lasting connections to another peer meanwhile: %s", lastingAreSmc ? "all over SMC" : "NOT all over SMC");
        return ratio <= BOUND && lastingAreSmc;
    }

    private static void print(String format, Object... arguments) {
        System.out.println(String.format(Locale.ROOT, format, arguments));
    }

    /** A server that sends back what it gets: one client after the other, or each on a thread. */
    private static InetSocketAddress serve(SelectorProvider provider, boolean threads) throws IOException {
        ServerSocketChannel listener = provider.openServerSocketChannel().bind(Guest.loopback(0), 128);
        daemon(() -> {
            while (true) {
                SocketChannel client = listener.accept();
                if (threads) {
                    daemon(() -> serve(client));
                } else {
                    serve(client);
                }
            }
        });
        return (InetSocketAddress) listener.getLocalAddress();
    }

    private static void serve(SocketChannel client) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocateDirect(SIZE);
        try (client) {
            while (exchange(client, buffer)) {
                buffer.clear();
            }
        }
    }

    private static boolean exchange(SocketChannel client, ByteBuffer buffer) throws IOException {
        if (client.read(buffer.clear()) < 0) {
            return false;
        }
        client.write(buffer.flip());
        return true;
    }

    /** May throw. */
    private interface Action {
        void run() throws IOException;
    }

    private static void daemon(Action action) {
        Thread thread = new Thread(() -> {
            try {
                action.run();
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        });
        thread.setDaemon(true);
        thread.start();
    }

    private static SocketChannel connect(SelectorProvider provider, InetSocketAddress to) throws IOException {
        SocketChannel channel = provider.openSocketChannel();
        channel.connect(to);
        return channel;
    }

    private static boolean isSmc(SocketChannel channel) throws IOException {
        return SmcConnections.of(ChannelFd.of(channel)).mode() == Guest.expected();
    }

    /** Nanoseconds each. */
    private static double shortOnes(SelectorProvider provider, InetSocketAddress to, int count, boolean mustBeSmc) throws IOException {
        ByteBuffer one = ByteBuffer.allocateDirect(1);
        long start = System.nanoTime();
        for (int i = 0; i < count; i++) {
            try (SocketChannel channel = connect(provider, to)) {
                channel.write(one.clear());
                channel.read(one.clear());
                if (mustBeSmc && i == count - 1 && !isSmc(channel)) {
                    throw new IllegalStateException("not over SMC");
                }
            }
        }
        return (double) (System.nanoTime() - start) / count;
    }

    private static double roundTrip(SelectorProvider provider, InetSocketAddress to) throws IOException {
        try (SocketChannel channel = connect(provider, to)) {
            roundTrips(channel, ROUND_TRIPS_WARM_UP);
            return (double) roundTrips(channel, ROUND_TRIPS) / ROUND_TRIPS;
        }
    }

    private static long roundTrips(SocketChannel channel, int count) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocateDirect(SIZE);
        long start = System.nanoTime();
        for (int i = 0; i < count; i++) {
            channel.write(buffer.clear());
            buffer.clear();
            while (buffer.hasRemaining()) {
                if (channel.read(buffer) < 0) {
                    throw new IllegalStateException("end");
                }
            }
        }
        return System.nanoTime() - start;
    }
}
