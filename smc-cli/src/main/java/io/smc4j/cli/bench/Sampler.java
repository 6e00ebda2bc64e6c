package io.smc4j.cli.bench;

import java.util.List;
import org.HdrHistogram.Histogram;

/** Takes what the meters have, stretch by stretch. For one thread. */
final class Sampler {

    /** A last stretch shorter than this is not a point: its rate would be that of a few answers. */
    private static final long LEAST_NANOS = 50_000_000;

    private final List<Meter> meters;
    private final Histogram total;
    private final List<Point> timeline;
    private final RoundRun.Ticks ticks;
    private final Histogram stretch = Meter.histogram();
    private final Histogram[] recycled;
    private final long begin;
    private long before;

    Sampler(List<Meter> meters, long begin, Histogram total, List<Point> timeline, RoundRun.Ticks ticks) {
        this.meters = meters;
        this.begin = begin;
        this.before = begin;
        this.total = total;
        this.timeline = timeline;
        this.ticks = ticks;
        recycled = new Histogram[meters.size()];
    }

    void sample() {
        long now = System.nanoTime();
        stretch.reset();
        for (int i = 0; i < recycled.length; i++) {
            recycled[i] = meters.get(i).latencies(recycled[i]);
            stretch.add(recycled[i]);
        }
        total.add(stretch);
        if (now - before < LEAST_NANOS) {
            return;
        }
        Point p = new Point((now - begin) / 1e9, stretch.getTotalCount() * 1e9 / (now - before), stretch.getValueAtPercentile(50), stretch.getValueAtPercentile(99));
        before = now;
        timeline.add(p);
        ticks.tick(now - begin, p);
    }
}
