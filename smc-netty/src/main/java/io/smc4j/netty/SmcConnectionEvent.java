package io.smc4j.netty;

import io.smc4j.diag.FallbackReason;
import io.smc4j.diag.SmcMode;
import java.util.Objects;

/**
 * User event of a connection that has just been made or accepted, right after {@code channelActive}: what carries its data, and why.
 * {@link SmcNetty#connection} asks the kernel for more at any time.
 *
 * <p>Thread-safety: immutable.
 *
 * @param mode {@link SmcMode#TCP}, {@link SmcMode#SMC_R} or {@link SmcMode#SMC_D}; {@link SmcMode#SMC} where this host has devices of both
 *     kinds, for telling them apart would cost a listing of all SMC sockets per connection
 * @param reason why the kernel fell back; {@link FallbackReason#NONE} for SMC and for TCP by decision, {@link FallbackReason#UNKNOWN} where
 *     the kernel was not asked (an accepted TCP connection)
 * @param why the decision, for a person
 */
public record SmcConnectionEvent(SmcMode mode, FallbackReason reason, String why) {

    /** Checks that nothing is null. */
    public SmcConnectionEvent {
        Objects.requireNonNull(mode);
        Objects.requireNonNull(reason);
        Objects.requireNonNull(why);
    }

    /** Whether the data goes over SMC. */
    public boolean isSmc() {
        return mode.isSmc();
    }
}
