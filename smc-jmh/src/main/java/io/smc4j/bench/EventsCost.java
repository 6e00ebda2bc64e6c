package io.smc4j.bench;

import io.smc4j.diag.FallbackReason;
import io.smc4j.diag.SmcEvents;
import io.smc4j.diag.SmcMode;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.Arrays;
import jdk.jfr.Recording;

/**
 * What counters and events cost for each connection: while nothing is recorded, while a recording runs that leaves them out, and while they are recorded;
 * beside it a plain connect over loopback, which they come with. A read or a write calls nothing of this.
 *
 * <p>Usage: {@code EventsCost}. Exits with 1 where "off" costs more than 1 % of a connect.
 */
public final class EventsCost {

    private static final int CALLS = 2_000_000;
    private static final int ROUNDS = 7;
    private static final int CONNECTS = 2_000;
    private static final double BOUND = 0.01;
    private static final InetSocketAddress PEER = new InetSocketAddress(InetAddress.getLoopbackAddress(), 80);

    private EventsCost() {
    }

    /** Runs it. */
    public static void main(String[] args) throws IOException {
        double connect = median(EventsCost::connects, CONNECTS);
        System.out.printf("%-42s %10.1f ns%n", "connect, accept and close over loopback", connect);
        double off = events("off: nothing is recorded");
        try (Recording recording = new Recording()) {
            recording.enable("jdk.CPULoad");
            for (String name : new String[] {"Connect", "Fallback", "CloseDrain"}) {
                recording.disable("io.smc4j." + name);
            }
            recording.start();
            events("a recording without these events");
            for (String name : new String[] {"Connect", "Fallback", "CloseDrain"}) {
                recording.enable("io.smc4j." + name);
            }
            events("recorded");
        }
        System.out.printf("off, of a connect: %.3f %%, bound %.0f %%%n", 100 * off / connect, 100 * BOUND);
        System.exit(off / connect > BOUND ? 1 : 0);
    }

    private static double events(String name) throws IOException {
        var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        double ns = median(EventsCost::calls, CALLS);
        long before = threads.getCurrentThreadAllocatedBytes();
        calls();
        long bytes = threads.getCurrentThreadAllocatedBytes() - before;
        System.out.printf("%-42s %10.1f ns %8.1f bytes%n", name, ns, (double) bytes / CALLS);
        return ns;
    }

    private interface Work {
        void run() throws IOException;
    }

    private static double median(Work work, int operations) throws IOException {
        double[] ns = new double[ROUNDS];
        work.run();
        for (int i = 0; i < ROUNDS; i++) {
            long start = System.nanoTime();
            work.run();
            ns[i] = (double) (System.nanoTime() - start) / operations;
        }
        Arrays.sort(ns);
        return ns[ROUNDS / 2];
    }

    /** All that one connection can cause: its connect, a fallback, an accept, and a drain at its close. */
    private static void calls() {
        int reason = FallbackReason.PEERNOSMC.code();
        for (int i = 0; i < CALLS; i++) {
            SmcEvents.connected(PEER, SmcMode.TCP, reason, i, false);
            SmcEvents.fallback(PEER, reason, 0);
            SmcEvents.acceptedTcp();
            SmcEvents.drained(i, 0);
        }
    }

    private static void connects() throws IOException {
        try (ServerSocketChannel server = ServerSocketChannel.open().bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))) {
            for (int i = 0; i < CONNECTS; i++) {
                try (SocketChannel client = SocketChannel.open(server.getLocalAddress()); SocketChannel accepted = server.accept()) {
                    accepted.configureBlocking(client.isBlocking());
                }
            }
        }
    }
}
