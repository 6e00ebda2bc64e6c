package io.smc4j.net;

import io.smc4j.SmcUnavailableException;
import io.smc4j.engine.SmcEngine;
import io.smc4j.internal.Errno;
import io.smc4j.internal.Linux;
import io.smc4j.internal.NativeCalls;
import io.smc4j.internal.SockAddr;
import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;

/** Binds the SMC socket of a listener, to be put under the descriptor of the JDK's. Thread-safe: no state. */
final class SmcBind {

    private SmcBind() {
    }

    /**
     * A bound SMC socket with the options that the listener has.
     *
     * @param fd the listener's TCP socket
     * @return its descriptor, the caller's to close, or -1 where there is none to be had: what is wrong with the address, TCP's bind says as the JDK does
     * @throws SmcUnavailableException in {@code smc.mode=require}, in the place of -1
     */
    static int socket(SmcEngine engine, int fd, Options options, InetAddress host, int port) throws SmcUnavailableException {
        NativeCalls calls = engine.calls();
        boolean v6 = host.isAnyLocalAddress() ? engine.isV6(fd) : host instanceof Inet6Address;
        int socket = -1;
        try {
            socket = Errno.check("socket", engine.openListener(v6));
            if (v6) {
                copy(calls, fd, socket, Linux.IPPROTO_IPV6, Linux.IPV6_V6ONLY);
            }
            copy(calls, fd, socket, Linux.SOL_SOCKET, Linux.SO_REUSEADDR);
            copy(calls, fd, socket, Linux.SOL_SOCKET, Linux.SO_REUSEPORT);
            Object buffer = options.get(StandardSocketOptions.SO_RCVBUF);
            if (buffer instanceof Integer) { // after the engine's own
                Errno.check("setsockopt", calls.setsockopt(socket, Linux.SOL_SOCKET, Linux.SO_RCVBUF, (Integer) buffer));
            }
            InetAddress local = host.isAnyLocalAddress() ? InetAddress.getByAddress(new byte[v6 ? 16 : 4]) : host;
            Errno.check("bind", calls.bind(socket, SockAddr.of(new InetSocketAddress(local, port))));
            return socket;
        } catch (IOException | RuntimeException e) {
            if (socket >= 0) {
                calls.close(socket);
            }
            engine.unusable(e);
            if (engine.isRequired()) {
                throw new SmcUnavailableException("smc.mode=require: no SMC listener on " + host + " port " + port + ": " + e.getMessage(), e);
            }
            return -1;
        }
    }

    private static void copy(NativeCalls calls, int from, int to, int level, int option) throws IOException {
        long value = calls.getsockopt(from, level, option);
        if (value > 0 || option == Linux.IPV6_V6ONLY) { // the others are 0 in a new socket, and not every kernel lets SMC have them
            Errno.check("setsockopt", calls.setsockopt(to, level, option, (int) Math.max(0, value)));
        }
    }

    /** A handshake that failed, or a peer that went before it was accepted: the listener's user has no part in it. */
    static boolean isTransient(Throwable e) {
        String message = String.valueOf(e.getMessage());
        return e instanceof IOException && (message.startsWith("Connection reset") || message.startsWith("Software caused connection abort"));
    }
}
