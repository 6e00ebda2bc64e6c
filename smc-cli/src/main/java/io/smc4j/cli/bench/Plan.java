package io.smc4j.cli.bench;

/**
 * What is run.
 *
 * @param protocol what is spoken
 * @param closedLoop whether each connection sends its next request at once after an answer, rather than at its time
 * @param qps requests each second of all connections together; of an open loop
 * @param connections how many, each with one request under way at most
 * @param payloadBytes of each request
 * @param durationSeconds of each round of each side
 * @param warmupSeconds of each round before it counts
 * @param rounds of each side
 * @param threads of the load generator, each with a selector
 * @param path of HTTP requests
 */
public record Plan(Protocol protocol, boolean closedLoop, double qps, int connections, int payloadBytes, double durationSeconds, double warmupSeconds, int rounds,
        int threads, String path) {

    /** The greatest payload, bytes. */
    public static final int MAX_PAYLOAD = 1 << 20;
    private static final int MAX_CONNECTIONS = 2048;
    private static final double MAX_QPS = 1e7;
    private static final double MAX_SECONDS = 86_400;
    private static final int MAX_ROUNDS = 100;
    private static final int MAX_THREADS = 64;

    /**
     * Checks.
     *
     * @throws IllegalArgumentException with a message for the user
     */
    public Plan {
        check("--qps", closedLoop || qps > 0 && qps <= MAX_QPS, qps, "more than 0 and at most 10000000; --closed-loop has no rate");
        check("--connections", connections >= 1 && connections <= MAX_CONNECTIONS, connections, "from 1 to " + MAX_CONNECTIONS);
        check("--payload", payloadBytes >= 1 && payloadBytes <= MAX_PAYLOAD, payloadBytes, "from 1 to " + MAX_PAYLOAD + " bytes");
        check("--duration", durationSeconds >= 0.1 && durationSeconds <= MAX_SECONDS, durationSeconds + " s", "from 100ms to 24h");
        check("--warmup", warmupSeconds >= 0 && warmupSeconds <= MAX_SECONDS, warmupSeconds + " s", "from 0s to 24h");
        check("--rounds", rounds >= 1 && rounds <= MAX_ROUNDS, rounds, "from 1 to " + MAX_ROUNDS);
        check("--threads", threads >= 1 && threads <= MAX_THREADS, threads, "from 1 to " + MAX_THREADS);
        check("--path", path.startsWith("/") && path.chars().allMatch(c -> c > ' ' && c < 127), path, "a path such as /echo, without blanks");
    }

    private static void check(String option, boolean good, Object value, String expected) {
        if (!good) {
            throw new IllegalArgumentException(option + " " + value + ": expected " + expected);
        }
    }

    /** Threads that a machine has room for, where another process needs some as well. */
    public static int defaultThreads() {
        return Math.max(1, Math.min(4, Runtime.getRuntime().availableProcessors() / 4));
    }

    /** A line that says it. */
    public String summary() {
        return String.format(java.util.Locale.ROOT, "%s echo, %d bytes, %d connection%s, %s, %s%s", protocol, payloadBytes, connections, connections == 1 ? "" : "s",
                closedLoop ? "closed loop" : String.format(java.util.Locale.ROOT, "%,.0f requests/s open loop", qps), Durations.text(durationSeconds),
                rounds == 1 ? "" : " x " + rounds + " rounds");
    }
}
