package io.smc4j.cli.syn;

/**
 * What came back for one SYN.
 *
 * @param probe what was sent
 * @param sent the SYN
 * @param kind what came
 * @param received the answer, or null
 * @param micros time from the SYN to the answer in microseconds; -1 for none
 */
record SynAnswer(SynProbe probe, TcpSegment sent, Kind kind, TcpSegment received, long micros) {

    /** What came. */
    enum Kind {
        /** SYN-ACK: somebody listens. */
        SYN_ACK,
        /** Reset: nobody listens, or a firewall refuses. */
        RESET,
        /** Nothing within the time-out. */
        NOTHING
    }

    TcpOptions options() {
        return TcpOptions.parse(received == null ? new byte[0] : received.options());
    }
}
