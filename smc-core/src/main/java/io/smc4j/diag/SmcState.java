package io.smc4j.diag;

import java.util.Locale;

/** State of an AF_SMC socket ({@code enum smc_state} in {@code net/smc/smc.h}, whose first values are TCP's). */
public enum SmcState {
    /** Connected. */
    ACTIVE(1),
    /** Not connected yet. */
    INIT(2),
    /** Closed. */
    CLOSED(7),
    /** Listening. */
    LISTEN(10),
    /** Peer waits for the data it sent to be read, before it closes (first wait). */
    PEERCLOSEWAIT1(20),
    /** Peer waits, second wait. */
    PEERCLOSEWAIT2(21),
    /** The application closed its end, the peer has not yet (first wait). */
    APPCLOSEWAIT1(22),
    /** The application closed its end, second wait. */
    APPCLOSEWAIT2(23),
    /** The peer closed; the application's close is to be finished. */
    APPFINCLOSEWAIT(24),
    /** The application closed; the peer's last word is awaited. */
    PEERFINCLOSEWAIT(25),
    /** The application aborted; the peer's answer is awaited. */
    PEERABORTWAIT(26),
    /** The peer aborted. */
    PROCESSABORT(27),
    /** A number this library does not know. */
    UNKNOWN(-1);

    private final int number;

    SmcState(int number) {
        this.number = number;
    }

    /** The kernel's number; -1 for {@link #UNKNOWN}. */
    public int number() {
        return number;
    }

    /** The state for the kernel's number. */
    public static SmcState of(int number) {
        for (SmcState s : values()) {
            if (s.number == number) {
                return s;
            }
        }
        return UNKNOWN;
    }

    /** Whether a connection is or was there: neither listening nor never connected nor closed. */
    public boolean hasConnection() {
        return this != INIT && this != LISTEN && this != CLOSED && this != UNKNOWN;
    }

    /** The word of the tool smcss, such as {@code APPCLOSEWAIT1}. */
    public String label() {
        return name().toUpperCase(Locale.ROOT);
    }
}
