package io.smc4j.engine;

import io.smc4j.diag.FallbackReason;
import java.net.SocketException;

/**
 * The kernel fell back to TCP before it proposed SMC, and said so to the peer by a DECLINE message in the stream. A peer that speaks SMC takes it
 * out; behind a middlebox that replays the SMC option, the application gets it ahead of the program's bytes.
 */
public final class OwnDeclineException extends SocketException {

    private static final long serialVersionUID = 1L;

    private final int reasonCode;

    OwnDeclineException(FallbackReason reason, int reasonCode) {
        super("this host declined SMC in the stream: " + reason);
        this.reasonCode = reasonCode;
    }

    /** The kernel's fallback reason. */
    public int reasonCode() {
        return reasonCode;
    }
}
