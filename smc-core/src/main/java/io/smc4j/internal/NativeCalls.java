package io.smc4j.internal;

/**
 * The whole native surface: every method is one Linux system call. It stands behind an interface because the same calls can be made
 * by more than one bridge.
 *
 * <p>Errors: a method answers {@code -errno} (a negative number) and never throws; {@link Errno} turns it into the exception the JDK
 * would have thrown. Methods that answer an {@code int} read from the kernel do so as a {@code long}, zero-extended, so that a negative
 * answer is always an error. Calls interrupted by a signal answer {@code -EINTR}; callers decide.
 *
 * <p>Buffers belong to the caller; a length that the kernel reports is never trusted beyond the buffer's own. Addresses are
 * {@code struct sockaddr} bytes in the machine's layout ({@link SockAddr}).
 *
 * <p>Thread-safety: implementations have no state; descriptors are the caller's to guard.
 */
public interface NativeCalls {

    /** {@code socket(2)}; close-on-exec is the caller's to set in {@code type}. Answers the descriptor or {@code -errno}. */
    int socket(int domain, int type, int protocol);

    /** {@code close(2)}: 0 or {@code -errno}; never retried. */
    int close(int fd);

    /** {@code dup3(2)}: the descriptor {@code to}, which from then on is {@code from}'s file, or {@code -errno}. */
    int dup3(int from, int to, int flags);

    /** {@code fcntl(2)} with an int argument: the command's own answer or {@code -errno}. */
    int fcntl(int fd, int command, int argument);

    /** {@code getsockopt(2)} of an int option, zero-extended, or {@code -errno}. */
    long getsockopt(int fd, int level, int option);

    /** {@code getsockopt(2)} into {@code value}: the number of bytes written or {@code -errno}. */
    int getsockopt(int fd, int level, int option, byte[] value);

    /** {@code setsockopt(2)} of an int option: 0 or {@code -errno}. */
    int setsockopt(int fd, int level, int option, int value);

    /** {@code setsockopt(2)} of {@code value}'s bytes: 0 or {@code -errno}. */
    int setsockopt(int fd, int level, int option, byte[] value);

    /** {@code bind(2)}: 0 or {@code -errno}. */
    int bind(int fd, byte[] sockaddr);

    /** {@code connect(2)}: 0 or {@code -errno}; {@code -EINPROGRESS} on a non-blocking descriptor. */
    int connect(int fd, byte[] sockaddr);

    /** {@code listen(2)}: 0 or {@code -errno}. */
    int listen(int fd, int backlog);

    /** {@code getsockname(2)}: the address's length in {@code sockaddr} or {@code -errno}. */
    int getsockname(int fd, byte[] sockaddr);

    /** {@code getpeername(2)}: the address's length in {@code sockaddr} or {@code -errno}. */
    int getpeername(int fd, byte[] sockaddr);

    /** {@code shutdown(2)}: 0 or {@code -errno}. */
    int shutdown(int fd, int how);

    /** {@code poll(2)} of one descriptor: its {@code revents}, 0 after {@code timeoutMillis} (-1: none), or {@code -errno}. */
    int poll(int fd, int events, int timeoutMillis);

    /** {@code ioctl(2)} that fills an int (SIOCOUTQ, SIOCOUTQNSD), zero-extended, or {@code -errno}. */
    long ioctl(int fd, long request);

    /** {@code fstat(2)}: {@code st_ino}, or {@code -errno}. */
    long inode(int fd);

    /** {@code sendto(2)} of {@code length} bytes; {@code sockaddr} may be null: bytes sent or {@code -errno}. */
    int send(int fd, byte[] data, int length, int flags, byte[] sockaddr);

    /** {@code recv(2)} into {@code data}: the number of bytes (with MSG_TRUNC, the datagram's own length) or {@code -errno}. */
    int recv(int fd, byte[] data, int flags);
}
