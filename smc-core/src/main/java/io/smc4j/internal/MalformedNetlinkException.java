package io.smc4j.internal;

import java.io.IOException;

/** Bytes that are not what netlink promises: a length beyond the message, a number of an odd size. Never the caller's mistake. */
public final class MalformedNetlinkException extends IOException {

    private static final long serialVersionUID = 1L;

    /** @param message what is wrong, with the length found */
    public MalformedNetlinkException(String message) {
        super(message);
    }
}
