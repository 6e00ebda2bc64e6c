package io.smc4j.netty;

import io.smc4j.diag.SmcEvents;
import io.smc4j.diag.SmcMode;

/** What a {@link SmcConnectionEvent} says at a price that every connection can pay. */
final class Kinds {

    private Kinds() {
    }

    private static final class Holder {

        static final SmcMode ONLY = SmcEvents.smcKind();

        private Holder() {
        }
    }

    /** The mode of a connection known to be over SMC; {@link SmcMode#SMC} where this host has devices of both kinds. */
    static SmcMode smc() {
        return Holder.ONLY;
    }
}
