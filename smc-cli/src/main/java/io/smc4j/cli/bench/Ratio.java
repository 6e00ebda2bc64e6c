package io.smc4j.cli.bench;

import java.util.Locale;

/**
 * One figure of two sides or runs, the second divided by the first.
 *
 * @param name the figure's
 * @param ratio of the medians
 * @param low the least of any round of the second to any of the first
 * @param high the greatest of any round of the second to any of the first
 * @param shown whether the difference exceeds the spread: 3 rounds or more of each, all of one beyond all of the other, and the medians 1 % apart or more
 */
public record Ratio(String name, double ratio, double low, double high, boolean shown) {

    /** With fewer rounds nothing is said about a difference: all of one lie beyond all of the other by chance too often. */
    static final int LEAST_ROUNDS = 3;
    private static final double LEAST_DIFFERENCE = 0.01;

    static Ratio of(Figure a, Figure b) {
        double ratio = divided(b.median(), a.median());
        double low = divided(b.low(), a.high());
        double high = divided(b.high(), a.low());
        boolean apart = low > 1 || high < 1;
        boolean enough = a.rounds().size() >= LEAST_ROUNDS && b.rounds().size() >= LEAST_ROUNDS;
        return new Ratio(a.name(), ratio, low, high, apart && enough && Math.abs(ratio - 1) >= LEAST_DIFFERENCE);
    }

    private static double divided(double b, double a) {
        return a == 0 ? b == 0 ? 1 : Double.MAX_VALUE : b / a;
    }

    String text() {
        return text(ratio);
    }

    String spread() {
        return text(low) + " to " + text(high);
    }

    private static String text(double ratio) {
        return ratio < 1e6 ? String.format(Locale.ROOT, "%.3f", ratio) : "over 1000000";
    }
}
