package io.smc4j.internal;

import java.io.IOException;

/** The kernel refused a netlink request, or the socket's call failed. */
public final class NetlinkException extends IOException {

    private static final long serialVersionUID = 1L;

    private final int errno;

    /**
     * @param call what was asked for
     * @param errno the error, positive or negated
     */
    public NetlinkException(String call, int errno) {
        super(call + ": " + Errno.describe(errno));
        this.errno = Math.abs(errno);
    }

    /** The error, positive. */
    public int errno() {
        return errno;
    }

    /** Whether the error is {@code wanted}. */
    public boolean is(Errno wanted) {
        return errno == wanted.number();
    }
}
