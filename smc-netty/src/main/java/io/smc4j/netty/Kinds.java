package io.smc4j.netty;

import io.smc4j.diag.FallbackReason;
import io.smc4j.diag.SmcConnections;
import io.smc4j.diag.SmcDevice;
import io.smc4j.diag.SmcDevices;
import io.smc4j.diag.SmcMode;
import java.io.IOException;
import java.util.Set;
import java.util.stream.Collectors;

/** What a {@link SmcConnectionEvent} says at a price that every connection can pay. */
final class Kinds {

    private Kinds() {
    }

    private static final class Holder {

        static final SmcMode ONLY = only();

        private Holder() {
        }

        /** A host whose devices are all of one kind has connections of that kind alone. */
        private static SmcMode only() {
            try {
                Set<SmcMode> kinds = SmcDevices.list().stream().map(SmcDevice::kind).collect(Collectors.toSet());
                return kinds.size() == 1 ? kinds.iterator().next() : SmcMode.SMC;
            } catch (IOException e) {
                return SmcMode.SMC;
            }
        }
    }

    /** The mode of a connection known to be over SMC. */
    static SmcMode smc() {
        return Holder.ONLY;
    }

    /** Why the kernel fell back; a listing of all SMC sockets. */
    static FallbackReason fallbackReason(int fd) {
        try {
            return SmcConnections.of(fd).reason();
        } catch (IOException e) {
            return FallbackReason.UNKNOWN;
        }
    }
}
