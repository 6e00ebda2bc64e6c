package io.smc4j.cli.bench;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.spi.SelectorProvider;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import org.HdrHistogram.Histogram;

/** One round of one side: connections, the kernel's word on them, warm-up, measurement. */
final class RoundRun implements AutoCloseable {

    /** Between all threads being ready and the first request. */
    private static final long LEAD_NANOS = 2_000_000;
    private static final int POINTS = 120;

    private final Plan plan;
    private final Side side;
    private final InetSocketAddress server;
    private final BooleanSupplier stopped;
    private final ExecutorService threads;
    private final List<LoadLoop> loops = new ArrayList<>();
    private final Histogram latency = Meter.histogram();
    private final List<Point> timeline = new ArrayList<>();

    RoundRun(Plan plan, Side side, InetSocketAddress server, BooleanSupplier stopped) {
        this.plan = plan;
        this.side = side;
        this.server = server;
        this.stopped = stopped;
        threads = Executors.newCachedThreadPool(task -> {
            Thread t = new Thread(task, "load-" + side.word());
            t.setDaemon(true);
            return t;
        });
    }

    /** Told of each stretch, with its end in nanoseconds since the begin. */
    interface Ticks {
        void tick(long nanos, Point point);
    }

    /**
     * Opens the connections, and has one answer over each.
     *
     * @throws IOException where the server cannot be reached, or is no such echo
     */
    void open() throws IOException {
        SelectorProvider provider = side.provider();
        for (int i = 0; i < Math.min(plan.threads(), plan.connections()); i++) {
            loops.add(new LoadLoop(provider, stopped));
        }
        for (int i = 0; i < plan.connections(); i++) {
            Exchange exchange = plan.protocol().exchange(plan.payloadBytes(), Addresses.text(server), plan.path());
            loops.get(i % loops.size()).add(new LoadConnection(provider, server, exchange));
        }
        List<Meter> meters = run(0, true, null);
        for (Meter m : meters) {
            if (m.unanswered() > 0) {
                throw new IOException("no " + plan.protocol() + " echo within 5 s from " + m.lastUnanswered());
            }
        }
    }

    /** What the kernel says of the connections. */
    Modes modes() {
        List<LoadConnection> all = new ArrayList<>();
        for (int i = 0; i < plan.connections(); i++) {
            all.add(loops.get(i % loops.size()).connections().get(i / loops.size()));
        }
        return Modes.ask(all);
    }

    void warmUp() throws IOException {
        if (plan.warmupSeconds() > 0) {
            run(plan.warmupSeconds(), plan.closedLoop(), null);
        }
    }

    /**
     * Measures.
     *
     * @param begun {@link System#nanoTime()} of the first round's begin
     */
    Round measure(int number, long begun, Modes modes, Ticks ticks) throws IOException {
        List<Meter> meters = run(plan.durationSeconds(), plan.closedLoop(), ticks);
        long begin = meters.get(0).begin();
        Histogram service = Meter.histogram();
        long end = begin;
        long over = begin;
        long unsent = 0;
        long unanswered = 0;
        long idle = Long.MAX_VALUE;
        for (Meter m : meters) {
            service.add(m.service());
            end = Math.max(end, m.end());
            over = Math.max(over, m.over());
            unsent += m.unsent();
            unanswered += m.unanswered();
            idle = Math.min(idle, m.idle());
        }
        double seconds = (over - begin) / 1e9;
        return new Round(number, (begin - begun) / 1e9, seconds, service.getTotalCount(), service.getTotalCount() / seconds, Latency.of(latency), Latency.of(service), unsent,
                unanswered, Math.max(0, Math.min(1, 1 - (double) idle / Math.max(1, end - begin))), modes, timeline);
    }

    /** All latencies measured. */
    Histogram latencies() {
        return latency;
    }

    /** Runs a phase on all loops; with {@code ticks} it is measured, and told of. */
    private List<Meter> run(double seconds, boolean closed, Ticks ticks) throws IOException {
        List<Meter> meters = new ArrayList<>();
        List<Future<?>> running = new ArrayList<>();
        long begin = System.nanoTime() + LEAD_NANOS;
        for (int i = 0; i < loops.size(); i++) {
            LoadLoop loop = loops.get(i);
            double step = closed ? 0 : 1e9 * plan.connections() / plan.qps() / loop.connections().size();
            Meter meter = new Meter();
            meters.add(meter);
            LoadLoop.Phase phase = new LoadLoop.Phase(begin, (long) (seconds * 1e9), step, (double) i / loops.size());
            running.add(threads.submit(() -> {
                loop.run(phase, meter);
                return null;
            }));
        }
        Sampler sampler = ticks == null ? null : new Sampler(meters, begin, latency, timeline, ticks);
        long tick = Math.max(100_000_000, Math.min(1_000_000_000, (long) (seconds * 1e9 / POINTS)));
        for (Future<?> f : running) {
            while (!isOver(f, tick)) {
                if (sampler != null) {
                    sampler.sample();
                }
            }
        }
        if (sampler != null) {
            sampler.sample();
        }
        return meters;
    }

    private static boolean isOver(Future<?> f, long nanos) throws IOException {
        try {
            f.get(nanos, TimeUnit.NANOSECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        } catch (ExecutionException e) {
            throw e.getCause() instanceof IOException io ? io : new IOException(e.getCause().toString(), e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    @Override
    public void close() throws IOException {
        threads.shutdownNow();
        for (LoadLoop loop : loops) {
            loop.close();
        }
    }
}
