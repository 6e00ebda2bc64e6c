package io.smc4j.cli.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * One figure of a side, over its rounds.
 *
 * @param name {@code QPS}, {@code P50}, {@code P75}, {@code P90}, {@code P99} or {@code P99.9}
 * @param unit {@code 1/s} or {@code ns}
 * @param median of the rounds
 * @param low the least of the rounds
 * @param high the greatest of the rounds
 * @param rounds each round's
 */
public record Figure(String name, String unit, double median, double low, double high, List<Double> rounds) {

    static final String QPS = "QPS";
    /** The names, in the order of results. */
    static final List<String> NAMES = List.of(QPS, "P50", "P75", "P90", "P99", "P99.9");
    private static final List<ToDoubleFunction<Round>> OF_ROUND = List.of(Round::qps, r -> r.latency().p50(), r -> r.latency().p75(), r -> r.latency().p90(),
            r -> r.latency().p99(), r -> r.latency().p999());

    /** Copies the list. */
    public Figure {
        rounds = List.copyOf(rounds);
    }

    /** The figure of these values, at least one. */
    static Figure of(String name, List<Double> rounds) {
        List<Double> sorted = rounds.stream().sorted().toList();
        int n = sorted.size();
        double median = (sorted.get((n - 1) / 2) + sorted.get(n / 2)) / 2;
        return new Figure(name, name.equals(QPS) ? "1/s" : "ns", median, sorted.get(0), sorted.get(n - 1), rounds);
    }

    /** All figures of a side's rounds, at least one. */
    static List<Figure> all(List<Round> rounds) {
        List<Figure> figures = new ArrayList<>();
        for (int i = 0; i < NAMES.size(); i++) {
            figures.add(of(NAMES.get(i), rounds.stream().mapToDouble(OF_ROUND.get(i)).boxed().toList()));
        }
        return figures;
    }

    /** The number with its unit, for people. */
    String text() {
        return text(median);
    }

    String text(double value) {
        return name.equals(QPS) ? String.format(java.util.Locale.ROOT, "%,.0f", value) : Durations.nanos(value);
    }
}
