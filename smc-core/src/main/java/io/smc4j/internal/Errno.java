package io.smc4j.internal;

import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.ProtocolException;
import java.net.SocketException;

/** Names and meanings of the errno values that sockets give, and the exception that the JDK's {@code Net.c} makes of each. */
public enum Errno {
    EPERM(1, "Operation not permitted"),
    ENOENT(2, "No such file or directory"),
    EINTR(4, "Interrupted system call"),
    EBADF(9, "Bad file descriptor"),
    EAGAIN(11, "Resource temporarily unavailable"),
    ENOMEM(12, "Cannot allocate memory"),
    EACCES(13, "Permission denied"),
    EINVAL(22, "Invalid argument"),
    EMFILE(24, "Too many open files"),
    EPIPE(32, "Broken pipe"),
    EPROTO(71, "Protocol error"),
    EMSGSIZE(90, "Message too long"),
    ENOPROTOOPT(92, "Protocol not available"),
    EPROTONOSUPPORT(93, "Protocol not supported"),
    ESOCKTNOSUPPORT(94, "Socket type not supported"),
    EOPNOTSUPP(95, "Operation not supported"),
    EAFNOSUPPORT(97, "Address family not supported by protocol"),
    EADDRINUSE(98, "Address already in use"),
    EADDRNOTAVAIL(99, "Cannot assign requested address"),
    ENETUNREACH(101, "Network is unreachable"),
    ECONNABORTED(103, "Software caused connection abort"),
    ECONNRESET(104, "Connection reset by peer"),
    ENOBUFS(105, "No buffer space available"),
    EISCONN(106, "Transport endpoint is already connected"),
    ENOTCONN(107, "Transport endpoint is not connected"),
    ETIMEDOUT(110, "Connection timed out"),
    ECONNREFUSED(111, "Connection refused"),
    EHOSTUNREACH(113, "No route to host"),
    EALREADY(114, "Operation already in progress"),
    EINPROGRESS(115, "Operation now in progress");

    private static final Errno[] BY_NUMBER = new Errno[134];

    static {
        for (Errno e : values()) {
            BY_NUMBER[e.number] = e;
        }
    }

    private final int number;
    private final String text;

    Errno(int number, String text) {
        this.number = number;
        this.text = text;
    }

    /** The value on Linux (asm-generic; x86-64, aarch64 and s390x alike). */
    public int number() {
        return number;
    }

    /** The message of {@code strerror(3)}, which the JDK's exceptions carry. */
    public String text() {
        return text;
    }

    /** The constant for a positive errno, or null where it is none that sockets give. */
    public static Errno of(int number) {
        return number > 0 && number < BY_NUMBER.length ? BY_NUMBER[number] : null;
    }

    /** {@code "ECONNREFUSED (Connection refused)"}, or {@code "errno 133"} for an unknown one; takes {@code -errno} too. */
    public static String describe(int errno) {
        int n = Math.abs(errno);
        Errno e = of(n);
        return e == null ? "errno " + n : e + " (" + e.text + ")";
    }

    /**
     * The exception for a failed call, as {@code handleSocketError} in the JDK's {@code Net.c} chooses it.
     *
     * @param call the system call's name, first word of the message where the JDK has no message of its own
     * @param errno the error, positive or negated
     */
    public static IOException exception(String call, int errno) {
        int n = Math.abs(errno);
        Errno e = of(n);
        String message = e == null ? call + ": errno " + n : e.text;
        if (e == null) {
            return new SocketException(message);
        }
        switch (e) {
            case EPROTO:
                return new ProtocolException(message);
            case ECONNREFUSED:
            case ETIMEDOUT:
            case ENOTCONN:
                return new ConnectException(message);
            case EHOSTUNREACH:
                return new NoRouteToHostException(message);
            case EADDRINUSE:
            case EADDRNOTAVAIL:
            case EACCES:
                return new BindException(message);
            default:
                return new SocketException(message);
        }
    }

    /** Answers {@code result}, or throws {@link #exception} where it is negative. */
    public static int check(String call, int result) throws IOException {
        if (result < 0) {
            throw exception(call, result);
        }
        return result;
    }
}
