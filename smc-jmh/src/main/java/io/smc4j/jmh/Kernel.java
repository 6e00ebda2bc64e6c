package io.smc4j.jmh;

import io.smc4j.diag.SmcConnections;
import io.smc4j.internal.Linux;
import io.smc4j.internal.Natives;
import java.io.IOException;

/** Asks the kernel what carries a connection. No state. */
final class Kernel {

    static final String UNIX = "UNIX";

    /** {@code bits/socket.h}. */
    private static final int AF_UNIX = 1;

    private Kernel() {
    }

    /**
     * {@link #UNIX}, or the name of a {@link io.smc4j.diag.SmcMode}: SO_DOMAIN, SO_PROTOCOL and smc_diag.
     *
     * @param fd an open socket's descriptor
     * @throws IOException where the kernel cannot be asked
     */
    static String wire(int fd) throws IOException {
        if (fd < 0 || !Natives.isLoaded()) {
            throw new IOException("no descriptor, or no native library", Natives.failure());
        }
        return Natives.calls().getsockopt(fd, Linux.SOL_SOCKET, Linux.SO_DOMAIN) == AF_UNIX ? UNIX : SmcConnections.of(fd).mode().name();
    }
}
