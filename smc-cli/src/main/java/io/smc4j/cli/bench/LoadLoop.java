package io.smc4j.cli.bench;

import java.io.IOException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.spi.SelectorProvider;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * One selector of the load generator with its connections. A phase runs on one thread at a time; others read only what a {@link Meter} hands out.
 *
 * <p>In an open loop the connections have turns: the k-th of connection i is at begin + (i + k n) steps. Where a connection still waits for an answer then, it sends as soon as
 * that has come, and the latency counts from its turn.
 */
final class LoadLoop implements AutoCloseable {

    /** A selector waits in whole milliseconds; shorter waits are spun, yielding. */
    private static final long SPIN_NANOS = 2_000_000;
    private static final long MAX_SELECT_MS = 100;
    /** How long answers are awaited after the end. */
    private static final long DRAIN_NANOS = 5_000_000_000L;

    private final Selector selector;
    private final List<LoadConnection> connections = new ArrayList<>();
    private final BooleanSupplier stopped;
    private int underWay;
    private long end;
    private Meter meter;
    private Phase phase;

    /**
     * A stretch of load.
     *
     * @param begin when, by {@link System#nanoTime()}
     * @param nanos how long; 0: each connection has one request
     * @param step between two turns of this loop, nanoseconds; 0: a closed loop
     * @param offset of the first turn, a part of a step, so that loops take turns as well
     */
    record Phase(long begin, long nanos, double step, double offset) {

        long turn(double number) {
            return begin + (long) ((number + offset) * step);
        }
    }

    LoadLoop(SelectorProvider provider, BooleanSupplier stopped) throws IOException {
        selector = provider.openSelector();
        this.stopped = stopped;
    }

    void add(LoadConnection c) throws IOException {
        c.index = connections.size();
        connections.add(c);
        c.register(selector);
    }

    List<LoadConnection> connections() {
        return connections;
    }

    /**
     * Runs a phase to its end and awaits the answers under way.
     *
     * @throws IOException where a connection breaks or an answer is wrong
     */
    void run(Phase p, Meter m) throws IOException {
        phase = p;
        meter = m;
        end = p.begin() + p.nanos();
        underWay = 0;
        for (LoadConnection c : connections) {
            c.count = 0;
            c.owed = 0;
        }
        for (long left = p.begin() - System.nanoTime(); left > 0; left = p.begin() - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
        if (p.step() == 0) {
            for (LoadConnection c : connections) {
                send(c, System.nanoTime());
            }
        }
        load();
        drain();
        finish();
    }

    private void load() throws IOException {
        long turn = 0;
        long before = System.nanoTime();
        boolean worked = true;
        while (true) {
            long now = System.nanoTime();
            if (!worked) {
                meter.idle(now - before);
            }
            before = now;
            if (now - end >= 0 || stopped.getAsBoolean()) {
                end = Math.min(end, now);
                return;
            }
            worked = false;
            long next = end;
            if (phase.step() > 0) {
                for (next = phase.turn(turn); next - now <= 0 && next - end < 0; next = phase.turn(++turn)) {
                    LoadConnection c = connections.get((int) (turn % connections.size()));
                    if (c.busy) {
                        c.owed++;
                    } else {
                        send(c, System.nanoTime());
                        worked = true;
                    }
                }
            }
            int ready = selector.selectNow();
            if (ready == 0 && !worked) {
                ready = await(Math.min(next, end) - now);
            }
            if (ready > 0) {
                worked = true;
                answers();
            }
        }
    }

    /** Waits for an answer or for the next turn; the number of ready connections. */
    private int await(long nanos) throws IOException {
        if (nanos <= SPIN_NANOS) {
            Thread.yield();
            return 0;
        }
        long begin = System.nanoTime();
        int ready = selector.select(Math.min(MAX_SELECT_MS, (nanos - SPIN_NANOS / 2) / 1_000_000));
        if (ready > 0) {
            meter.idle(System.nanoTime() - begin); // where nothing is ready the whole pass is idle, and counted by the next one
        }
        return ready;
    }

    private void drain() throws IOException {
        long limit = System.nanoTime() + DRAIN_NANOS;
        while (underWay > 0 && System.nanoTime() - limit < 0) {
            if (selector.select(10) > 0) {
                answers();
            }
        }
    }

    private void answers() throws IOException {
        Iterator<SelectionKey> keys = selector.selectedKeys().iterator();
        while (keys.hasNext()) {
            LoadConnection c = (LoadConnection) keys.next().attachment();
            keys.remove();
            if (c.ready()) {
                long now = System.nanoTime();
                underWay--;
                meter.answer(now - c.due, now - c.sent);
                if (now - end < 0 && !stopped.getAsBoolean()) {
                    if (phase.step() == 0) {
                        send(c, now);
                    } else if (c.owed > 0) {
                        c.owed--;
                        send(c, now);
                    }
                }
            }
        }
    }

    private void send(LoadConnection c, long now) throws IOException {
        c.send(phase.step() == 0 ? now : phase.turn(c.index + (double) c.count * connections.size()), now);
        underWay++;
    }

    /** Counts what was due and not sent, and what was sent and not answered, whose latency is its age or more. */
    private void finish() {
        long now = System.nanoTime();
        long sent = 0;
        for (LoadConnection c : connections) {
            sent += c.count;
            if (c.busy) {
                meter.unanswered(now - c.due, c.shown());
            }
        }
        if (phase.step() > 0) {
            meter.unsent(Math.max(0, (long) Math.ceil((end - phase.begin()) / phase.step() - phase.offset()) - sent));
        }
        meter.ended(phase.begin(), end, now);
    }

    @Override
    public void close() throws IOException {
        for (LoadConnection c : connections) {
            c.close();
        }
        selector.close();
    }
}
