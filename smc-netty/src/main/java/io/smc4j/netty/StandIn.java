package io.smc4j.netty;

import io.smc4j.internal.Linux;
import io.smc4j.internal.NativeCalls;
import io.smc4j.internal.SockAddr;
import java.net.InetSocketAddress;

/**
 * What a Netty channel connects in the place of a socket that is connected already. Netty has no other way to a connected state than a {@code connect(2)} of its
 * own, and AF_SMC answers a second one with EINVAL where the peer has ended the connection meanwhile ({@code smc_connect}, {@code net/smc/af_smc.c}, in
 * every state past SMC_ACTIVE), and with EISCONN before Linux 5.19, where TCP's answers 0. A datagram socket with the connection's own addresses connects at
 * once and sends nothing.
 */
final class StandIn {

    private static final int IPPROTO_UDP = 17;
    /** Has port numbers of its own that next to nobody uses; kernels that are about to drop it say so in their log. */
    private static final int IPPROTO_UDPLITE = 136;

    private StandIn() {
    }

    /**
     * Opens one; the caller closes it.
     *
     * @param connected the connection's descriptor
     * @param v6 the address family in which the channel will connect it
     * @return a descriptor; negative where the connection's local address is not to be had
     */
    static int open(NativeCalls calls, int connected, InetSocketAddress target, boolean v6) {
        byte[] bytes = new byte[SockAddr.IN6_LENGTH];
        InetSocketAddress local = SockAddr.parse(bytes, calls.getsockname(connected, bytes));
        int fd = local == null ? -1 : open(calls, IPPROTO_UDP, local, target, v6);
        return local == null || fd >= 0 ? fd : open(calls, IPPROTO_UDPLITE, local, target, v6);
    }

    private static int open(NativeCalls calls, int protocol, InetSocketAddress local, InetSocketAddress target, boolean v6) {
        int fd = calls.socket(v6 ? Linux.AF_INET6 : Linux.AF_INET, Linux.SOCK_DGRAM | Linux.SOCK_CLOEXEC | Linux.SOCK_NONBLOCK, protocol);
        if (fd < 0) {
            return fd;
        }
        calls.setsockopt(fd, Linux.SOL_SOCKET, Linux.SO_REUSEADDR, 1); // TCP connections to two peers may have the same local port
        if (v6) {
            calls.setsockopt(fd, Linux.IPPROTO_IPV6, Linux.IPV6_V6ONLY, 0);
        }
        int r = calls.bind(fd, SockAddr.of(local, v6));
        r = r < 0 ? r : calls.connect(fd, SockAddr.of(target, v6)); // a first time, to see whether the channel's will do
        if (r < 0) {
            calls.close(fd);
            return r;
        }
        return fd;
    }
}
