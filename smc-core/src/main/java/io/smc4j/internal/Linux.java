package io.smc4j.internal;

/** Linux constants ({@code include/uapi}), the same on every architecture that has AF_SMC unless said otherwise. */
public final class Linux {

    public static final int AF_UNSPEC = 0;
    public static final int AF_INET = 2;
    public static final int AF_INET6 = 10;
    public static final int AF_NETLINK = 16;
    public static final int AF_PACKET = 17;
    /** {@code linux/socket.h}; since Linux 4.11. */
    public static final int AF_SMC = 43;

    public static final int SOCK_STREAM = 1;
    public static final int SOCK_DGRAM = 2;
    public static final int SOCK_RAW = 3;
    public static final int SOCK_NONBLOCK = 0x800;
    public static final int SOCK_CLOEXEC = 0x80000;

    public static final int IPPROTO_TCP = 6;
    /** {@code linux/in.h}; since Linux 5.6. */
    public static final int IPPROTO_MPTCP = 262;
    /** {@code linux/in.h}: SMC as a protocol of AF_INET and AF_INET6; since Linux 6.11. */
    public static final int IPPROTO_SMC = 256;
    /** {@code net/smc/smc.h}: an AF_SMC socket over IPv4. */
    public static final int SMCPROTO_SMC = 0;
    /** {@code net/smc/smc.h}: an AF_SMC socket over IPv6. */
    public static final int SMCPROTO_SMC6 = 1;

    public static final int SOL_SOCKET = 1;
    public static final int SO_REUSEADDR = 2;
    public static final int SO_ERROR = 4;
    public static final int SO_SNDBUF = 7;
    public static final int SO_RCVBUF = 8;
    public static final int SO_KEEPALIVE = 9;
    public static final int SO_OOBINLINE = 10;
    public static final int SO_LINGER = 13;
    public static final int SO_REUSEPORT = 15;
    public static final int SO_RCVTIMEO = 20;
    public static final int SO_PROTOCOL = 38;
    public static final int SO_DOMAIN = 39;
    public static final int SO_INCOMING_CPU = 49;
    /** {@code asm-generic/socket.h}; since Linux 5.14. Which sizes were set: a sum of {@link #SOCK_SNDBUF_LOCK} and {@link #SOCK_RCVBUF_LOCK}. */
    public static final int SO_BUF_LOCK = 72;
    /** {@code linux/socket.h}. */
    public static final int SOCK_SNDBUF_LOCK = 1;
    /** {@code linux/socket.h}. */
    public static final int SOCK_RCVBUF_LOCK = 2;
    public static final int IPPROTO_IP = 0;
    public static final int IP_TOS = 1;
    public static final int IPPROTO_IPV6 = 41;
    public static final int IPV6_V6ONLY = 26;
    /** {@code linux/socket.h}. */
    public static final int SOL_SMC = 286;
    /** {@code linux/smc.h}; since Linux 5.18. */
    public static final int SMC_LIMIT_HS = 1;

    public static final int F_DUPFD_CLOEXEC = 1030;
    public static final int F_GETFD = 1;
    public static final int F_SETFD = 2;
    public static final int F_GETFL = 3;
    public static final int F_SETFL = 4;
    public static final int FD_CLOEXEC = 1;
    public static final int O_NONBLOCK = 0x800;
    public static final int O_CLOEXEC = 0x80000;

    public static final int POLLIN = 1;
    public static final int POLLOUT = 4;
    public static final int POLLERR = 8;
    public static final int POLLHUP = 16;

    public static final int SHUT_RD = 0;
    public static final int SHUT_WR = 1;
    public static final int SHUT_RDWR = 2;

    public static final int MSG_TRUNC = 0x20;
    public static final int MSG_DONTWAIT = 0x40;

    /** {@code linux/sockios.h}: bytes accepted by write and not yet acknowledged. */
    public static final long SIOCOUTQ = 0x5411;
    /** {@code linux/sockios.h}: bytes accepted by write and not yet sent; SMC: not yet in the peer's buffer. */
    public static final long SIOCOUTQNSD = 0x894B;

    public static final int NETLINK_SOCK_DIAG = 4;
    public static final int NETLINK_GENERIC = 16;

    private Linux() {
    }
}
