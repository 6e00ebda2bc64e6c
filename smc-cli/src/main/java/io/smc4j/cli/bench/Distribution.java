package io.smc4j.cli.bench;

import java.util.ArrayList;
import java.util.List;
import org.HdrHistogram.AbstractHistogram;
import org.HdrHistogram.HistogramIterationValue;

/**
 * All latencies of a side, every round's.
 *
 * @param buckets on a logarithmic scale, 20 to a power of ten, the same for every run; those between the first and the last that hold any
 * @param percentiles a curve, 20 points to each further nine
 */
public record Distribution(List<Bucket> buckets, List<Percentile> percentiles) {

    private static final int TO_A_POWER = 20;

    /** Copies the lists. */
    public Distribution {
        buckets = List.copyOf(buckets);
        percentiles = List.copyOf(percentiles);
    }

    /**
     * A part of the scale.
     *
     * @param from nanoseconds, inclusive
     * @param to nanoseconds, exclusive
     * @param answers how many latencies lie there
     */
    public record Bucket(double from, double to, long answers) {
    }

    /**
     * A point of the curve.
     *
     * @param percentile 0 to 100
     * @param nanos that many percent are not above this
     */
    public record Percentile(double percentile, long nanos) {
    }

    static Distribution of(AbstractHistogram h) {
        List<Bucket> buckets = new ArrayList<>();
        List<Percentile> curve = new ArrayList<>();
        if (h.getTotalCount() > 0) {
            int first = index(h.getMinValue());
            long[] counts = new long[index(h.getMaxValue()) - first + 1];
            for (HistogramIterationValue v : h.recordedValues()) {
                counts[Math.max(0, Math.min(counts.length - 1, index(v.getValueIteratedTo()) - first))] += v.getCountAtValueIteratedTo();
            }
            for (int i = 0; i < counts.length; i++) {
                buckets.add(new Bucket(edge(first + i), edge(first + i + 1), counts[i]));
            }
            double last = Math.log10(h.getTotalCount());
            for (int i = 0; i <= last * TO_A_POWER; i++) {
                double percentile = 100 * (1 - Math.pow(10, -(double) i / TO_A_POWER));
                curve.add(new Percentile(percentile, h.getValueAtPercentile(percentile)));
            }
        }
        return new Distribution(buckets, curve);
    }

    private static int index(long nanos) {
        return (int) Math.floor(Math.log10(Math.max(1, nanos)) * TO_A_POWER + 1e-9);
    }

    private static double edge(int index) {
        return Math.pow(10, (double) index / TO_A_POWER);
    }
}
