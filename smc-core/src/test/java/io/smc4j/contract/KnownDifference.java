package io.smc4j.contract;

/**
 * Where channels differ from the JDK's TCP channels, with the reason; the tests that name a difference assert the one side or the other, so
 * that one that has gone is noticed.
 */
enum KnownDifference {
    /** {@link ProviderTest}. */
    PROVIDER_OF_JDK_OBJECTS("what needs no SMC under it (datagrams, pipes, accepted TCP connections, everything on a machine without SMC) is the "
            + "JDK's own object, so that it costs nothing, and names the JDK's provider");

    private final String reason;

    KnownDifference(String reason) {
        this.reason = reason;
    }

    /** Whether this run has it. */
    boolean applies() {
        return switch (this) {
            case PROVIDER_OF_JDK_OBJECTS -> Contract.OURS;
        };
    }

    /** For people. */
    String reason() {
        return reason;
    }
}
