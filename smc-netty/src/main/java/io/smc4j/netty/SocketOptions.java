package io.smc4j.netty;

import io.smc4j.engine.SmcEngine;
import io.smc4j.internal.Linux;
import io.smc4j.internal.NativeCalls;
import java.util.Arrays;

/**
 * What is set on a socket, to be set on the one that takes its place: every option known here. TCP fast open is not among them;
 * {@link ConnectHandler} leaves such channels on TCP. TCP MD5 signatures are lost on the way to SMC: force TCP where they are wanted
 * ({@link SmcNetty#TRANSPORT}).
 *
 * <p>Thread-safety: belongs to the channel's event loop. The defaults, which all share, are read once.
 */
final class SocketOptions {

    private static final int IPPROTO_IP = 0;
    private static final int IP_TOS = 1;
    private static final int IPV6_TCLASS = 67;
    /** Levels and names of int options ({@code asm-generic/socket.h}, {@code linux/in.h}, {@code linux/in6.h}, {@code linux/tcp.h}). */
    private static final int[][] INTS = {
        {Linux.SOL_SOCKET, Linux.SO_REUSEADDR}, {Linux.SOL_SOCKET, Linux.SO_REUSEPORT}, {Linux.SOL_SOCKET, Linux.SO_KEEPALIVE},
        {Linux.SOL_SOCKET, Linux.SO_OOBINLINE}, {Linux.SOL_SOCKET, 5 /* SO_DONTROUTE */}, {Linux.SOL_SOCKET, 12 /* SO_PRIORITY */},
        {Linux.SOL_SOCKET, 18 /* SO_RCVLOWAT */}, {Linux.SOL_SOCKET, 36 /* SO_MARK */}, {Linux.SOL_SOCKET, 46 /* SO_BUSY_POLL */},
        {IPPROTO_IP, IP_TOS}, {IPPROTO_IP, 2 /* IP_TTL */}, {IPPROTO_IP, 10 /* IP_MTU_DISCOVER */},
        {IPPROTO_IP, 15 /* IP_FREEBIND */}, {IPPROTO_IP, 19 /* IP_TRANSPARENT */}, {IPPROTO_IP, 24 /* IP_BIND_ADDRESS_NO_PORT */},
        {Linux.IPPROTO_IPV6, Linux.IPV6_V6ONLY}, {Linux.IPPROTO_IPV6, 16 /* IPV6_UNICAST_HOPS */}, {Linux.IPPROTO_IPV6, IPV6_TCLASS},
        {Linux.IPPROTO_TCP, 1 /* TCP_NODELAY */}, {Linux.IPPROTO_TCP, 3 /* TCP_CORK */}, {Linux.IPPROTO_TCP, 4 /* TCP_KEEPIDLE */},
        {Linux.IPPROTO_TCP, 5 /* TCP_KEEPINTVL */}, {Linux.IPPROTO_TCP, 6 /* TCP_KEEPCNT */}, {Linux.IPPROTO_TCP, 7 /* TCP_SYNCNT */},
        {Linux.IPPROTO_TCP, 9 /* TCP_DEFER_ACCEPT */}, {Linux.IPPROTO_TCP, 10 /* TCP_WINDOW_CLAMP */},
        {Linux.IPPROTO_TCP, 18 /* TCP_USER_TIMEOUT */}, {Linux.IPPROTO_TCP, 25 /* TCP_NOTSENT_LOWAT */},
    };
    /** Buffer sizes: the kernel doubles what is set. */
    private static final int[] SIZES = {Linux.SO_SNDBUF, Linux.SO_RCVBUF};
    /** The bits of SO_BUF_LOCK for these. */
    private static final int[] LOCKS = {Linux.SOCK_SNDBUF_LOCK, Linux.SOCK_RCVBUF_LOCK};
    private static final int SO_BINDTODEVICE = 25;
    private static final int TCP_CONGESTION = 13;
    private static final int MAX_NAME = 64;
    private static final int LINGER_LENGTH = 8;

    private static volatile long[] defaultsV4;
    private static volatile long[] defaultsV6;

    private final SmcEngine engine;
    private final int from;
    private final boolean v6;
    /** Of {@link #INTS} and {@link #SIZES}, as they were when this was made. */
    private final long[] values;

    /**
     * Reads what is set now.
     *
     * @param from descriptor of a socket that is neither connected nor bound by its own call
     * @param v6 whether it is an AF_INET6 socket
     */
    SocketOptions(SmcEngine engine, int from, boolean v6) {
        this.engine = engine;
        this.from = from;
        this.v6 = v6;
        this.values = read(engine.calls(), from);
    }

    /**
     * Sets on {@code to}, a fresh socket, what differs from a fresh TCP socket's. An option that {@code to} does not take is left out: TCP's meaning of it is
     * lost, as under any other way of putting SMC under a program. Without SO_REUSEPORT a bind would fail, though.
     *
     * @param toV6 whether {@code to} takes IPv6 addresses; an IPv6 traffic class becomes IPv4's type of service where it does not
     * @return 0; {@code -errno} where SO_REUSEPORT is set and {@code to} does not take it, as newer kernels' AF_SMC does not: better TCP
     */
    int replay(int to, boolean toV6) {
        NativeCalls calls = engine.calls();
        long[] defaults = defaults(calls, v6);
        // Where the fresh socket has sizes of smc.buffer.bytes, what the program has set counts though it be the default.
        long locks = engine.setsBuffers() ? Math.max(0, calls.getsockopt(from, Linux.SOL_SOCKET, Linux.SO_BUF_LOCK)) : 0;
        int refused = 0;
        for (int i = 0; i < values.length; i++) {
            boolean locked = i >= INTS.length && (locks & LOCKS[i - INTS.length]) != 0;
            if (values[i] >= 0 && (values[i] != defaults[i] || locked)) {
                int r = set(to, toV6, i, values[i]);
                refused = r < 0 && i < INTS.length && INTS[i][0] == Linux.SOL_SOCKET && INTS[i][1] == Linux.SO_REUSEPORT ? r : refused;
            }
        }
        byte[] device = new byte[MAX_NAME];
        int length = calls.getsockopt(from, Linux.SOL_SOCKET, SO_BINDTODEVICE, device);
        if (length > 1) {
            calls.setsockopt(to, Linux.SOL_SOCKET, SO_BINDTODEVICE, Arrays.copyOf(device, length));
        }
        byte[] congestion = new byte[MAX_NAME];
        byte[] now = new byte[MAX_NAME];
        length = calls.getsockopt(from, Linux.IPPROTO_TCP, TCP_CONGESTION, congestion);
        if (length > 0 && calls.getsockopt(to, Linux.IPPROTO_TCP, TCP_CONGESTION, now) > 0 && !Arrays.equals(congestion, now)) {
            calls.setsockopt(to, Linux.IPPROTO_TCP, TCP_CONGESTION, Arrays.copyOf(congestion, length));
        }
        return refused;
    }

    /** Sets on {@code to}, which {@link #replay} was given before, the numbers that a program has changed on the old socket since. */
    void replayChanges(int to, boolean toV6) {
        long[] now = read(engine.calls(), from);
        for (int i = 0; i < values.length; i++) {
            if (now[i] >= 0 && now[i] != values[i]) {
                set(to, toV6, i, now[i]);
            }
        }
    }

    private int set(int to, boolean toV6, int i, long value) {
        NativeCalls calls = engine.calls();
        if (i >= INTS.length) {
            return calls.setsockopt(to, Linux.SOL_SOCKET, SIZES[i - INTS.length], (int) value / 2);
        }
        boolean traffic = !toV6 && INTS[i][0] == Linux.IPPROTO_IPV6 && INTS[i][1] == IPV6_TCLASS;
        return calls.setsockopt(to, traffic ? IPPROTO_IP : INTS[i][0], traffic ? IP_TOS : INTS[i][1], (int) value);
    }

    /** {@code struct linger} of a descriptor, or null where it is off. */
    static byte[] linger(NativeCalls calls, int fd) {
        byte[] linger = new byte[LINGER_LENGTH];
        boolean known = calls.getsockopt(fd, Linux.SOL_SOCKET, Linux.SO_LINGER, linger) == LINGER_LENGTH;
        return known && (linger[0] | linger[1] | linger[2] | linger[3]) != 0 ? linger : null;
    }

    static void setLinger(NativeCalls calls, int fd, byte[] linger) {
        if (linger != null) {
            calls.setsockopt(fd, Linux.SOL_SOCKET, Linux.SO_LINGER, linger);
        }
    }

    private static long[] defaults(NativeCalls calls, boolean v6) {
        long[] known = v6 ? defaultsV6 : defaultsV4;
        if (known == null) {
            known = readDefaults(calls, v6);
            if (v6) {
                defaultsV6 = known;
            } else {
                defaultsV4 = known;
            }
        }
        return known;
    }

    private static long[] readDefaults(NativeCalls calls, boolean v6) {
        int fd = calls.socket(v6 ? Linux.AF_INET6 : Linux.AF_INET, Linux.SOCK_STREAM | Linux.SOCK_CLOEXEC, Linux.IPPROTO_TCP);
        long[] values = read(calls, fd);
        if (fd >= 0) {
            calls.close(fd);
        }
        return values;
    }

    private static long[] read(NativeCalls calls, int fd) {
        long[] values = new long[INTS.length + SIZES.length];
        for (int i = 0; i < INTS.length; i++) {
            values[i] = calls.getsockopt(fd, INTS[i][0], INTS[i][1]);
        }
        for (int i = 0; i < SIZES.length; i++) {
            values[INTS.length + i] = calls.getsockopt(fd, Linux.SOL_SOCKET, SIZES[i]);
        }
        return values;
    }
}
