package io.smc4j.internal;

import java.io.IOException;

/**
 * Puts another family's socket under the descriptor of a JDK channel, as the JDK's own SDP support did: new socket, options that the JDK
 * set at creation, {@code dup3} over the descriptor number.
 *
 * <p>Only for a channel that nothing else has seen yet: a racing close would free the number for somebody else's socket, and an epoll
 * instance that knows the old file would lose it without a word.
 */
public final class Conversion {

    private Conversion() {
    }

    /**
     * Converts {@code fd}, a fresh TCP socket's descriptor.
     *
     * @param v6 whether the socket is AF_INET6
     * @throws IOException where the kernel refuses; {@code fd} is then what it was
     */
    public static void convert(NativeCalls calls, int fd, SocketFamily family, boolean v6) throws IOException {
        if (fd < 0) {
            throw new IOException("no descriptor to convert: this JDK does not show it");
        }
        int socket = Errno.check("socket(" + family.name() + ")", family.open(calls, v6));
        try {
            if (v6) {
                copy(calls, fd, socket, Linux.IPPROTO_IPV6, Linux.IPV6_V6ONLY);
            }
            copy(calls, fd, socket, Linux.SOL_SOCKET, Linux.SO_REUSEADDR);
            int descriptorFlags = Errno.check("fcntl(F_GETFD)", calls.fcntl(fd, Linux.F_GETFD, 0));
            int statusFlags = Errno.check("fcntl(F_GETFL)", calls.fcntl(fd, Linux.F_GETFL, 0));
            if ((statusFlags & Linux.O_NONBLOCK) != 0) {
                Errno.check("fcntl(F_SETFL)", calls.fcntl(socket, Linux.F_SETFL, Linux.O_NONBLOCK));
            }
            int cloexec = (descriptorFlags & Linux.FD_CLOEXEC) != 0 ? Linux.O_CLOEXEC : 0;
            Errno.check("dup3", calls.dup3(socket, fd, cloexec));
        } finally {
            calls.close(socket);
        }
    }

    private static void copy(NativeCalls calls, int from, int to, int level, int option) throws IOException {
        long value = calls.getsockopt(from, level, option);
        if (value < 0) {
            throw Errno.exception("getsockopt", (int) value);
        }
        Errno.check("setsockopt", calls.setsockopt(to, level, option, (int) value));
    }
}
