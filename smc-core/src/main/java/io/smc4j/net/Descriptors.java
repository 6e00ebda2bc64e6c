package io.smc4j.net;

import io.smc4j.internal.Errno;
import io.smc4j.internal.Linux;
import io.smc4j.internal.NativeCalls;
import io.smc4j.internal.SockAddr;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Puts a socket that is connected or bound already under the descriptor of a JDK object that is neither. The object gets to its connected state by connecting
 * a datagram socket, which sends nothing and is done at once; then the real socket takes the descriptor. The object has to be one that no epoll instance has
 * seen, and the caller keeps others from closing it meanwhile.
 *
 * <p>Why not let the object connect the SMC socket itself: the JDK gives IPv4 addresses as IPv4-mapped ones to every socket that is not in a channel opened
 * for IPv4, and an IPv4 SMC socket, which SMC-Rv2 needs up to Linux 6.14, does not take them.
 */
final class Descriptors {

    /** Brings the JDK object to its connected state; at once, for the socket under it is a datagram socket. */
    interface Connect {
        void run() throws IOException;
    }

    private Descriptors() {
    }

    /**
     * A datagram socket of the family of the JDK's sockets that connects to {@code remote}.
     *
     * @throws IOException where there is none to be had: then nothing else has been touched
     */
    static int placeholder(NativeCalls calls, boolean v6, InetSocketAddress remote) throws IOException {
        int fd = Errno.check("socket", calls.socket(v6 ? Linux.AF_INET6 : Linux.AF_INET, Linux.SOCK_DGRAM | Linux.SOCK_CLOEXEC, 0));
        try {
            if (v6) {
                Errno.check("setsockopt", calls.setsockopt(fd, Linux.IPPROTO_IPV6, Linux.IPV6_V6ONLY, 0));
            }
            Errno.check("connect", calls.connect(fd, SockAddr.of(remote)));
            return fd;
        } catch (IOException e) {
            calls.close(fd);
            throw e;
        }
    }

    /**
     * Makes {@code target} the connected socket of {@code connected}.
     *
     * @param target the JDK object's descriptor
     * @param placeholder what {@link #placeholder} gave; stays the caller's
     * @param connected stays the caller's
     */
    static void adopt(NativeCalls calls, int target, int placeholder, int connected, Connect connect) throws IOException {
        replace(calls, target, placeholder);
        connect.run();
        replace(calls, target, connected);
    }

    /** Makes {@code target} the socket of {@code source}, in the blocking mode and with the close-on-exec flag that {@code target} has. */
    static void replace(NativeCalls calls, int target, int source) throws IOException {
        int status = Errno.check("fcntl(F_GETFL)", calls.fcntl(target, Linux.F_GETFL, 0));
        int flags = Errno.check("fcntl(F_GETFD)", calls.fcntl(target, Linux.F_GETFD, 0));
        Errno.check("fcntl(F_SETFL)", calls.fcntl(source, Linux.F_SETFL, status & Linux.O_NONBLOCK));
        Errno.check("dup3", calls.dup3(source, target, (flags & Linux.FD_CLOEXEC) != 0 ? Linux.O_CLOEXEC : 0));
    }

    /** {@code struct linger} with no time: on, or off. */
    static byte[] linger(boolean on) {
        return ByteBuffer.allocate(8).order(ByteOrder.nativeOrder()).putInt(on ? 1 : 0).putInt(0).array();
    }

    /** The socket's own address, or null. */
    static InetSocketAddress localAddress(NativeCalls calls, int fd) {
        byte[] address = new byte[SockAddr.IN6_LENGTH];
        return SockAddr.parse(address, calls.getsockname(fd, address));
    }

    /** Sets IP_TOS of an IPv4 socket that the JDK takes for an IPv6 one. */
    static void setTos(NativeCalls calls, int fd, int value) throws SocketException {
        int r = calls.setsockopt(fd, Linux.IPPROTO_IP, Linux.IP_TOS, value);
        if (r < 0) {
            throw new SocketException(Errno.exception("setsockopt", r).getMessage());
        }
    }

    /** IP_TOS of an IPv4 socket that the JDK takes for an IPv6 one. */
    static int tos(NativeCalls calls, int fd) throws SocketException {
        long value = calls.getsockopt(fd, Linux.IPPROTO_IP, Linux.IP_TOS);
        if (value < 0) {
            throw new SocketException(Errno.exception("getsockopt", (int) value).getMessage());
        }
        return (int) value;
    }
}
