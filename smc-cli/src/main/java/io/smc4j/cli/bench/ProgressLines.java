package io.smc4j.cli.bench;

import java.io.PrintStream;
import java.util.Locale;

/** Progress where there is no terminal: a line for each round. */
public final class ProgressLines implements Progress {

    private final PrintStream out;

    /** Prints there. */
    public ProgressLines(PrintStream out) {
        this.out = out;
    }

    @Override
    public void tick(Side side, int round, int rounds, double seconds, double ofSeconds, Point point) {
        // a log has no use for it
    }

    @Override
    public void done(Side side, int rounds, Round r) {
        out.println(line(side, rounds, r));
        out.flush();
    }

    static String line(Side side, int rounds, Round r) {
        return String.format(Locale.ROOT, "%s  round %d/%d  %,.0f/s  P50 %s  P99 %s  P99.9 %s  %s", side.word(), r.number(), rounds, r.qps(), Durations.nanos(r.latency().p50()),
                Durations.nanos(r.latency().p99()), Durations.nanos(r.latency().p999()), r.modes().text());
    }
}
