package io.smc4j.policy;

/**
 * Whether a connection or a listener is to use SMC, and why. Instances are made when rules are loaded or a peer is learned, not per
 * connection.
 *
 * <p>Thread-safety: immutable.
 *
 * @param smc    whether SMC is to be tried; false means plain TCP
 * @param source what decided
 * @param why    the reason for a person: {@code "/etc/smc.conf:3 connect 10.0.0.0/8 *"}
 */
public record SmcDecision(boolean smc, Source source, String why) {

    /** What can decide. */
    public enum Source {
        /** {@code smc.mode} or the pod's annotation: SMC is off. */
        MODE,
        /** A line of the rule file. */
        RULE,
        /** {@code smc.default}: no rule matched. */
        DEFAULT,
        /** The rule file cannot be used: everything is TCP. */
        BAD_RULES,
        /** What was learned about the peer. */
        MEMORY,
        /** The address is no resolved internet address, or none for the SMC devices here; or the local one is not to be risked. */
        ADDRESS
    }

    @Override
    public String toString() {
        return (smc ? "SMC" : "TCP") + " (" + why + ")";
    }
}
