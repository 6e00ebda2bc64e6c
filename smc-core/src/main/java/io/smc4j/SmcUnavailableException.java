package io.smc4j;

import java.io.IOException;

/** SMC was required ({@code smc.mode=require}) and cannot be had; the message says why and what would help. */
public class SmcUnavailableException extends IOException {

    private static final long serialVersionUID = 1L;

    /**
     * An exception with a reason and, where there is one, the failure behind it.
     *
     * @param message why SMC cannot be had
     * @param cause the failure, or null
     */
    public SmcUnavailableException(String message, Throwable cause) {
        super(message, cause);
    }
}
