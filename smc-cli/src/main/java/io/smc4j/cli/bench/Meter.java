package io.smc4j.cli.bench;

import org.HdrHistogram.Histogram;
import org.HdrHistogram.SingleWriterRecorder;

/** What one loop measures in one phase. Written by the loop's thread; {@link #latencies} may be asked by one other thread meanwhile, everything else when the phase is over. */
final class Meter {

    /** An hour, nanoseconds: more is counted as that. */
    static final long MAX_NANOS = 3_600_000_000_000L;
    /** Three digits of each value are kept. */
    static final int DIGITS = 3;

    private final SingleWriterRecorder latency = new SingleWriterRecorder(1, MAX_NANOS, DIGITS);
    private final Histogram service = histogram();
    private long idle;
    private long unsent;
    private long unanswered;
    private String lastUnanswered = "";
    private long begin;
    private long end;
    private long over;

    static Histogram histogram() {
        return new Histogram(1, MAX_NANOS, DIGITS);
    }

    private static long clamped(long nanos) {
        return Math.max(1, Math.min(MAX_NANOS, nanos));
    }

    /** An answer, nanoseconds after it was due and after it was sent. */
    void answer(long sinceDue, long sinceSent) {
        latency.recordValue(clamped(sinceDue));
        service.recordValue(clamped(sinceSent));
    }

    void idle(long nanos) {
        idle += nanos;
    }

    void unsent(long requests) {
        unsent += requests;
    }

    /** A request that nobody answered counts as a latency of its age. */
    void unanswered(long age, String shown) {
        unanswered++;
        lastUnanswered = shown;
        latency.recordValue(clamped(age));
    }

    /** The phase's begin and end, and when the last answer was there. */
    void ended(long atBegin, long atEnd, long atLast) {
        begin = atBegin;
        end = atEnd;
        over = atLast;
    }

    /** The latencies since the last call, in the histogram given, or a new one for null. */
    Histogram latencies(Histogram recycled) {
        return latency.getIntervalHistogram(recycled);
    }

    Histogram service() {
        return service;
    }

    long idle() {
        return idle;
    }

    long unsent() {
        return unsent;
    }

    long unanswered() {
        return unanswered;
    }

    String lastUnanswered() {
        return lastUnanswered;
    }

    long begin() {
        return begin;
    }

    long end() {
        return end;
    }

    long over() {
        return over;
    }
}
