package io.smc4j.cli.bench;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Locale;

/** Progress on a terminal: one line that is drawn again, and one that stays for each round. */
public final class ProgressBar implements Progress {

    /** With it the line fits into 80 columns. */
    private static final int WIDTH = 10;
    private static final String CLEAR = "\r\033[K";

    private final PrintStream out;

    /** Draws there. */
    public ProgressBar(PrintStream out) {
        this.out = out;
    }

    /** Whether a descriptor of this process is a terminal. */
    public static boolean isTerminal(int fd) {
        try {
            String target = Path.of("/proc/self/fd/" + fd).toRealPath().toString();
            return target.startsWith("/dev/pts/") || target.startsWith("/dev/tty") || target.equals("/dev/console");
        } catch (IOException e) {
            return false; // a pipe, or closed
        }
    }

    @Override
    public void tick(Side side, int round, int rounds, double seconds, double ofSeconds, Point p) {
        int done = (int) Math.round(WIDTH * Math.min(1, seconds / ofSeconds));
        out.print(String.format(Locale.ROOT, "%s%s  round %d/%d  [%s%s] %4.1f of %s  %,.0f/s  P50 %s  P99 %s", CLEAR, side.word(), round, rounds, "#".repeat(done),
                "-".repeat(WIDTH - done), seconds, Durations.text(ofSeconds), p.qps(), Durations.nanos(p.p50()), Durations.nanos(p.p99())));
        out.flush();
    }

    @Override
    public void done(Side side, int rounds, Round r) {
        out.println(CLEAR + ProgressLines.line(side, rounds, r));
        out.flush();
    }
}
