package io.smc4j.cli.bench;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** {@code 30s}, {@code 500ms}, {@code 2m}; and times in units that fit. */
public final class Durations {

    private static final Pattern FORM = Pattern.compile("(\\d{1,9}(?:\\.\\d{1,9})?)(ms|s|m|h|)");

    private Durations() {
    }

    /**
     * Seconds of a text; without a unit it is seconds.
     *
     * @throws IllegalArgumentException with a message for the user
     */
    public static double seconds(String text) {
        Matcher m = FORM.matcher(text.strip().toLowerCase(Locale.ROOT));
        if (!m.matches()) {
            throw new IllegalArgumentException("'" + text + "' is no duration: expected a number and ms, s, m or h, such as 30s");
        }
        double n = Double.parseDouble(m.group(1));
        return switch (m.group(2)) {
            case "ms" -> n / 1000;
            case "m" -> n * 60;
            case "h" -> n * 3600;
            default -> n;
        };
    }

    /** Seconds, shortly. */
    public static String text(double seconds) {
        return seconds < 1 ? String.format(Locale.ROOT, "%.0f ms", seconds * 1000)
                : seconds == Math.rint(seconds) ? String.format(Locale.ROOT, "%.0f s", seconds) : String.format(Locale.ROOT, "%.1f s", seconds);
    }

    /** Nanoseconds with three digits and a unit; "-" for 0, which no latency is. */
    public static String nanos(double nanos) {
        if (nanos == 0) {
            return "-";
        }
        if (nanos < 1e6) {
            return digits(nanos / 1e3) + " us";
        }
        return nanos < 1e9 ? digits(nanos / 1e6) + " ms" : digits(nanos / 1e9) + " s";
    }

    private static String digits(double n) {
        return String.format(Locale.ROOT, n < 10 ? "%.2f" : n < 100 ? "%.1f" : "%.0f", n);
    }
}
