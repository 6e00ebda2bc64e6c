package io.smc4j.jnr;

import io.smc4j.internal.Errno;
import io.smc4j.internal.NativeCalls;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Map;
import jnr.ffi.LastError;
import jnr.ffi.Runtime;

/** {@link NativeCalls} through jnr-ffi, with the same answers as our JNI library's ({@code smc_socket.c}, {@code smc_jni.c}). */
final class JnrCalls implements NativeCalls {

    private static final int MSG_NOSIGNAL = 0x4000;
    /** {@code sizeof(struct sockaddr_storage)}. */
    private static final int ADDRESS_MAX = 128;
    /** As in smc_jni.c. */
    private static final int CHUNK = 32_768;
    /** {@code struct pollfd}: fd@0, events@4, revents@6. */
    private static final int POLLFD = 8;
    /** {@code struct stat} has at most 144 bytes on these machines, and {@code st_ino} second. */
    private static final int STAT = 256;
    private static final int STAT_INODE = 8;
    /** The number of fstat(2) (asm/unistd.h): glibc's function is a symbol of 2.33, its predecessor is not musl's. */
    private static final Map<String, Integer> SYS_FSTAT = Map.of("amd64", 5, "aarch64", 80, "riscv64", 80, "s390x", 108, "ppc64le", 108);

    private final LibC libc;
    private final Runtime runtime;
    private final Integer fstat = SYS_FSTAT.get(System.getProperty("os.arch"));

    JnrCalls(LibC libc, Runtime runtime) {
        this.libc = libc;
        this.runtime = runtime;
    }

    /** jnr-ffi keeps errno of the thread's last call. */
    private int result(long answer) {
        return answer < 0 ? -LastError.getLastError(runtime) : (int) answer;
    }

    /** The kernel answers the full length of an address or option even where it had to cut it. */
    private int filled(int answer, int[] length, int capacity) {
        return answer < 0 ? result(answer) : Math.min(length[0], capacity);
    }

    private static boolean isAddress(byte[] address) {
        return address.length > 0 && address.length <= ADDRESS_MAX;
    }

    @Override
    public int socket(int domain, int type, int protocol) {
        return result(libc.socket(domain, type, protocol));
    }

    @Override
    public int close(int fd) {
        return result(libc.close(fd));
    }

    @Override
    public int dup3(int from, int to, int flags) {
        return result(libc.dup3(from, to, flags));
    }

    @Override
    public int fcntl(int fd, int command, int argument) {
        return result(libc.fcntl(fd, command, argument));
    }

    @Override
    public long getsockopt(int fd, int level, int option) {
        byte[] value = new byte[Integer.BYTES];
        int length = getsockopt(fd, level, option, value);
        return length < 0 ? length : Integer.toUnsignedLong(ByteBuffer.wrap(value).order(ByteOrder.nativeOrder()).getInt());
    }

    @Override
    public int getsockopt(int fd, int level, int option, byte[] value) {
        int[] length = {Math.min(value.length, CHUNK)};
        return filled(libc.getsockopt(fd, level, option, value, length), length, Math.min(value.length, CHUNK));
    }

    @Override
    public int setsockopt(int fd, int level, int option, int value) {
        return setsockopt(fd, level, option, ByteBuffer.allocate(Integer.BYTES).order(ByteOrder.nativeOrder()).putInt(value).array());
    }

    @Override
    public int setsockopt(int fd, int level, int option, byte[] value) {
        return result(libc.setsockopt(fd, level, option, value, Math.min(value.length, CHUNK)));
    }

    @Override
    public int bind(int fd, byte[] sockaddr) {
        return isAddress(sockaddr) ? result(libc.bind(fd, sockaddr, sockaddr.length)) : -Errno.EINVAL.number();
    }

    @Override
    public int connect(int fd, byte[] sockaddr) {
        return isAddress(sockaddr) ? result(libc.connect(fd, sockaddr, sockaddr.length)) : -Errno.EINVAL.number();
    }

    @Override
    public int listen(int fd, int backlog) {
        return result(libc.listen(fd, backlog));
    }

    @Override
    public int getsockname(int fd, byte[] sockaddr) {
        int[] length = {Math.min(sockaddr.length, ADDRESS_MAX)};
        return filled(libc.getsockname(fd, sockaddr, length), length, Math.min(sockaddr.length, ADDRESS_MAX));
    }

    @Override
    public int getpeername(int fd, byte[] sockaddr) {
        int[] length = {Math.min(sockaddr.length, ADDRESS_MAX)};
        return filled(libc.getpeername(fd, sockaddr, length), length, Math.min(sockaddr.length, ADDRESS_MAX));
    }

    @Override
    public int shutdown(int fd, int how) {
        return result(libc.shutdown(fd, how));
    }

    @Override
    public int poll(int fd, int events, int timeoutMillis) {
        ByteBuffer pollfd = ByteBuffer.allocate(POLLFD).order(ByteOrder.nativeOrder()).putInt(0, fd).putShort(4, (short) events);
        int ready = result(libc.poll(pollfd.array(), 1, timeoutMillis));
        return ready <= 0 ? ready : Short.toUnsignedInt(pollfd.getShort(6));
    }

    @Override
    public long ioctl(int fd, long request) {
        int[] value = {0};
        int r = result(libc.ioctl(fd, request, value));
        return r < 0 ? r : Integer.toUnsignedLong(value[0]);
    }

    @Override
    public long inode(int fd) {
        if (fstat == null) {
            return -Errno.EOPNOTSUPP.number();
        }
        ByteBuffer stat = ByteBuffer.allocate(STAT).order(ByteOrder.nativeOrder());
        int r = result(libc.syscall(fstat, fd, stat.array()));
        return r < 0 ? r : stat.getLong(STAT_INODE);
    }

    @Override
    public int send(int fd, byte[] data, int length, int flags, byte[] sockaddr) {
        if (length < 0 || length > Math.min(data.length, CHUNK)) {
            return -Errno.EMSGSIZE.number();
        }
        if (sockaddr != null && !isAddress(sockaddr)) {
            return -Errno.EINVAL.number();
        }
        return result(libc.sendto(fd, data, length, flags | MSG_NOSIGNAL, sockaddr, sockaddr == null ? 0 : sockaddr.length));
    }

    @Override
    public int recv(int fd, byte[] data, int flags) {
        return result(libc.recv(fd, data, Math.min(data.length, CHUNK), flags));
    }
}
