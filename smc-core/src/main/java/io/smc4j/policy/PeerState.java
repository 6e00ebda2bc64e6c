package io.smc4j.policy;

import java.net.InetSocketAddress;
import java.time.Duration;

/**
 * What is remembered about one peer, at the moment of a {@linkplain PeerMemory#snapshot() snapshot}.
 *
 * @param peer        the destination
 * @param kind        what was learned
 * @param reasonCode  the kernel's fallback reason where {@code kind} is {@code DECLINED}, otherwise 0
 * @param times       how often in a row: failures for {@code BROKEN} and {@code DECLINED}, short connections for {@code COUNTING},
 *                    turns of back-off for {@code SHORT}
 * @param retryIn     how long connections still go over TCP; zero where the next one tries SMC
 */
public record PeerState(InetSocketAddress peer, Kind kind, int reasonCode, int times, Duration retryIn) {

    /** What can be known about a peer. */
    public enum Kind {
        /** An SMC connect failed, or stalled, where TCP connects. */
        BROKEN,
        /** The kernel fell back to TCP: the SMC handshake was spent for nothing. */
        DECLINED,
        /** Its connections end before they have repaid their handshake. */
        SHORT,
        /** Short connections were seen, too few to tell; SMC is still used. */
        COUNTING
    }
}
