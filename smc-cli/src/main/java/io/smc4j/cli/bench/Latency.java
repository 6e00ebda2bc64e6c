package io.smc4j.cli.bench;

import org.HdrHistogram.AbstractHistogram;

/**
 * A summary of latencies, nanoseconds, of three valid digits.
 *
 * @param min the least
 * @param mean the mean
 * @param p50 the median
 * @param p75 75 % are not above it
 * @param p90 90 % are not above it
 * @param p99 99 % are not above it
 * @param p999 99.9 % are not above it
 * @param max the greatest
 */
public record Latency(long min, long mean, long p50, long p75, long p90, long p99, long p999, long max) {

    static Latency of(AbstractHistogram h) {
        return h.getTotalCount() == 0 ? new Latency(0, 0, 0, 0, 0, 0, 0, 0)
                : new Latency(h.getMinValue(), Math.round(h.getMean()), h.getValueAtPercentile(50), h.getValueAtPercentile(75), h.getValueAtPercentile(90),
                        h.getValueAtPercentile(99), h.getValueAtPercentile(99.9), h.getMaxValue());
    }
}
