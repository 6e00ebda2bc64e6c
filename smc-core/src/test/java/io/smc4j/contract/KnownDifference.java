package io.smc4j.contract;

import java.util.Set;

/**
 * Where channels differ from the JDK's TCP channels, with the reason; the tests that name a difference assert the one side or the other, so
 * that one that has gone is noticed.
 */
enum KnownDifference {
    /** {@link ProviderTest}, {@link SelectorTest}. */
    PROVIDER_OF_JDK_OBJECTS("what needs no SMC under it (datagrams, pipes, accepted TCP connections, everything on a machine without SMC) is the "
            + "JDK's own object, so that it costs nothing, and names the JDK's provider");

    private final String reason;
    private final Set<KernelPath> where;

    KnownDifference(String reason, KernelPath... where) {
        this.reason = reason;
        this.where = Set.of(where);
    }

    /** Whether connections of this run differ from TCP here. */
    boolean applies() {
        return where.contains(Contract.EXPECT);
    }

    /** The kernel's reason, for people. */
    String reason() {
        return reason;
    }
}
