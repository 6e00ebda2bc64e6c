package io.smc4j.cli.bench;

/**
 * A stretch of a round.
 *
 * @param seconds its end, since the round's begin
 * @param qps answers each second
 * @param p50 median of their latencies, nanoseconds
 * @param p99 99 % of their latencies are not above it, nanoseconds
 */
public record Point(double seconds, double qps, long p50, long p99) {
}
