package io.smc4j.contract;

import java.util.Set;

/** What SMC cannot do as TCP does, with the reason; the tests that name a difference assert the one side or the other. */
enum KnownDifference {
    ;

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
