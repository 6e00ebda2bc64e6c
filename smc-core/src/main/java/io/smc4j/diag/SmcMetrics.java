package io.smc4j.diag;

import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/**
 * Counters of this JVM's connections since it started. Counting is one {@link LongAdder} addition for each connect, accept or close, never
 * for a read or write.
 *
 * <p>Thread-safety: safe for any thread; a reader sees each counter by itself, not all at one moment.
 */
public final class SmcMetrics {

    private static final Map<SmcMode, LongAdder> CONNECTS = adders(SmcMode.class);
    private static final Map<FallbackReason, LongAdder> FALLBACKS = adders(FallbackReason.class);
    private static final LongAdder ACCEPTS = new LongAdder();
    private static final LongAdder ACCEPTS_TCP = new LongAdder();
    private static final LongAdder RETRIES = new LongAdder();
    private static final LongAdder DRAINS = new LongAdder();
    private static final LongAdder DRAINS_GIVEN_UP = new LongAdder();
    private static final LongAdder LOST_BYTES = new LongAdder();

    private SmcMetrics() {
    }

    private static <K extends Enum<K>> Map<K, LongAdder> adders(Class<K> keys) {
        Map<K, LongAdder> map = new EnumMap<>(keys);
        for (K key : keys.getEnumConstants()) {
            map.put(key, new LongAdder());
        }
        return Collections.unmodifiableMap(map);
    }

    /**
     * Connections made as client that were tried over SMC, by what carries them. TCP: after the kernel's fallback or after
     * {@link #retries() a retry}. Where the host has devices of both kinds SMC counts as {@link SmcMode#SMC}.
     */
    public static long connects(SmcMode mode) {
        return CONNECTS.get(mode).sum();
    }

    /** Connections accepted over SMC. */
    public static long accepts() {
        return ACCEPTS.sum();
    }

    /**
     * Connections that SMC listeners accepted over TCP: from clients that do not use SMC, and after a fallback. Their reasons are counted by
     * the kernel, not here: {@link SmcStats#fallbacks()} with {@link SmcStats.Fallback#server()}. Connections of listeners that are TCP
     * themselves are not counted.
     */
    public static long acceptsTcp() {
        return ACCEPTS_TCP.sum();
    }

    /** Connections that SMC failed to make and that were made again over TCP. */
    public static long retries() {
        return RETRIES.sum();
    }

    /** Connections made as client that the kernel carried over TCP, by its reason; {@link FallbackReason#UNKNOWN} where it was not to be had. */
    public static long fallbacks(FallbackReason reason) {
        return FALLBACKS.get(reason).sum();
    }

    /** All {@link #fallbacks(FallbackReason) fallbacks}. */
    public static long fallbacks() {
        return FALLBACKS.values().stream().mapToLong(LongAdder::sum).sum();
    }

    /** Closed connections whose unsent bytes were all delivered after the close. */
    public static long drains() {
        return DRAINS.sum();
    }

    /** Closed connections that were given up with bytes unsent, since the peer did not read. */
    public static long drainsGivenUp() {
        return DRAINS_GIVEN_UP.sum();
    }

    /** Bytes unsent in {@link #drainsGivenUp}. */
    public static long lostBytes() {
        return LOST_BYTES.sum();
    }

    static void countConnect(SmcMode mode, boolean retried) {
        CONNECTS.get(mode).increment();
        if (retried) {
            RETRIES.increment();
        }
    }

    static void countAccept() {
        ACCEPTS.increment();
    }

    static void countAcceptTcp() {
        ACCEPTS_TCP.increment();
    }

    static void countFallback(FallbackReason reason) {
        FALLBACKS.get(reason).increment();
    }

    static void countDrain(long lostBytes) {
        if (lostBytes == 0) {
            DRAINS.increment();
        } else {
            DRAINS_GIVEN_UP.increment();
            LOST_BYTES.add(lostBytes);
        }
    }
}
