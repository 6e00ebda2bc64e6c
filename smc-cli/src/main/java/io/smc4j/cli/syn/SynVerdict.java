package io.smc4j.cli.syn;

/** What a path does to SMC's TCP option. */
public enum SynVerdict {
    /** The peer speaks SMC, and the path is clean. */
    SMC_PEER(true, "the peer answers the SMC option, and nothing on the path disturbs it", false),
    /** The peer is plain TCP, and the path is clean. */
    PLAIN_PEER(true, "the peer leaves the SMC option unanswered, as plain TCP does (so does an SMC listener under pressure), "
            + "and nothing on the path disturbs it", false),
    /** Unknown options come back: the answer to SMC's would look like consent. */
    REPLAY(false, "something on the path sends unknown TCP options back: SMC takes that for consent and writes its handshake into the "
            + "application's stream", true),
    /** Kind 254 is somebody else's on this path. */
    CONFLICT(false, "something on the path uses TCP option kind 254 for itself: SMC's option is misread", true),
    /** A SYN with SMC's option next to the usual ones does not come through, a shorter one does. */
    OVERLENGTH(false, "a SYN with the SMC option next to the usual ones gets no proper answer, a shorter one does: something on the path adds "
            + "options or allows few", true),
    /** No SYN with SMC's option comes through. */
    BLOCKED(false, "a SYN with the SMC option gets no answer, one without does: something on the path drops it, and each SMC connect waits "
            + "for its repetition", true),
    /** The port is closed. */
    CLOSED(false, "nobody listens there: the port answers with a reset", false),
    /** Nothing answers. */
    NO_ANSWER(false, "nothing answers, not even a plain SYN", false),
    /** Answers contradict each other. */
    INCONCLUSIVE(false, "the answers contradict each other: packets were lost, or several hosts answer; ask again", false);

    private final boolean clean;
    private final String meaning;
    private final boolean ruled;

    SynVerdict(boolean clean, String meaning, boolean ruled) {
        this.clean = clean;
        this.meaning = meaning;
        this.ruled = ruled;
    }

    /** Whether SMC may be used on the path. */
    public boolean isClean() {
        return clean;
    }

    /** One sentence. */
    public String meaning() {
        return meaning;
    }

    /** Whether the destination needs a rule that leaves it on TCP. */
    public boolean needsRule() {
        return ruled;
    }
}
