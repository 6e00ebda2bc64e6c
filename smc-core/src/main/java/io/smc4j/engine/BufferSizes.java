package io.smc4j.engine;

import io.smc4j.SmcConfig;
import io.smc4j.internal.Linux;
import io.smc4j.internal.NativeCalls;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;

/**
 * Gives sockets of the SMC family the buffers that {@code smc.buffer.bytes} asks for. SMC's buffers have their size from the handshake on, where TCP's grow:
 * the size has to be set before connect and listen. What a program has set itself is set again on the socket after this, and so it wins.
 *
 * <p>The kernel doubles what SO_SNDBUF and SO_RCVBUF are given and takes half of that for SMC, rounded up to 16 KB * 2^n ({@code smc_compress_bufsize},
 * {@code net/smc/smc_core.c}): asked is what is given, up to {@code net.core.wmem_max} and {@code net.core.rmem_max}. Nothing fails where it gives less.
 *
 * <p>Thread-safety: immutable.
 */
final class BufferSizes {

    private static final Logger LOG = System.getLogger("io.smc4j");
    private static final int[] OPTIONS = {Linux.SO_SNDBUF, Linux.SO_RCVBUF};

    private final NativeCalls calls;
    private final int bytes;

    /** @param bytes size of each buffer; 0: the kernel's own, and no system call is made */
    BufferSizes(NativeCalls calls, int bytes) {
        this.calls = calls;
        this.bytes = bytes;
    }

    boolean isSet() {
        return bytes > 0;
    }

    /**
     * For a socket that is going to connect. A socket whose sizes were set hands them on to the TCP socket under it, which then does not tune its own any more
     * ({@code smc_adjust_sock_bufsizes}, {@code net/smc/af_smc.c}). With the lock undone (Linux 5.14) SMC still takes the sizes, and a connection that the
     * kernel falls back with is like any other over TCP.
     */
    void ofClient(int fd) {
        if (bytes > 0) {
            set(fd);
            calls.setsockopt(fd, Linux.SOL_SOCKET, Linux.SO_BUF_LOCK, 0);
        }
    }

    /**
     * For a socket that is going to listen. Here the lock has to stay: an accepted SMC socket has its sizes from the TCP socket under it, which inherits
     * them together with the lock, or not at all ({@code smc_tcp_listen_work}).
     */
    void ofListener(int fd) {
        if (bytes > 0) {
            set(fd);
        }
    }

    private void set(int fd) {
        for (int option : OPTIONS) {
            int r = calls.setsockopt(fd, Linux.SOL_SOCKET, option, bytes);
            if (LOG.isLoggable(Level.DEBUG)) {
                long given = r < 0 ? r : calls.getsockopt(fd, Linux.SOL_SOCKET, option) / 2;
                if (given < bytes) {
                    String name = option == Linux.SO_SNDBUF ? "SO_SNDBUF" : "SO_RCVBUF";
                    LOG.log(Level.DEBUG, SmcConfig.BUFFER_BYTES + "=" + bytes + ": the kernel gives " + given + " as " + name
                            + ", see net.core.wmem_max and net.core.rmem_max");
                }
            }
        }
    }
}
