package io.smc4j.internal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.concurrent.TimeUnit;

/**
 * One AF_NETLINK socket for requests and their answers. The socket is always closed by {@link #close}; waiting is bounded
 * ({@link #TIMEOUT_MS} for each datagram, {@link #TOTAL_MS} for an answer).
 *
 * <p>Thread-safety: none; opened, used and closed by one thread.
 */
public final class NetlinkSocket implements AutoCloseable {

    /** The longest that one datagram may take, in milliseconds. */
    static final int TIMEOUT_MS = 2_000;
    /** The longest that a whole answer may take, in milliseconds. */
    static final int TOTAL_MS = 20_000;
    /** The largest datagram: {@code min_dump_alloc} of smc_diag, and what the kernel takes for other dumps from the reader's buffer. */
    private static final int BUFFER = 32_768;
    private static final int ATTEMPTS = 4;
    private static final int NLM_F_REQUEST = 1;
    private static final int NLM_F_DUMP = 0x300;

    private final NativeCalls calls;
    private final int fd;
    private final byte[] buffer = new byte[BUFFER];
    private int sequence;

    /**
     * Opens the socket.
     *
     * @param protocol {@link Linux#NETLINK_SOCK_DIAG} or {@link Linux#NETLINK_GENERIC}
     * @throws IOException where there are no native calls or the kernel refuses
     */
    public NetlinkSocket(int protocol) throws IOException {
        calls = Natives.calls();
        if (calls == null) {
            throw new IOException("no native library: " + Natives.failure().getMessage(), Natives.failure());
        }
        int r = calls.socket(Linux.AF_NETLINK, Linux.SOCK_RAW | Linux.SOCK_CLOEXEC, protocol);
        if (r < 0) {
            throw new NetlinkException("socket(AF_NETLINK)", r);
        }
        fd = r;
    }

    /**
     * Sends a dump request and hands every message of the answer to the handler that {@code attempt} makes. A listing that changed while
     * it was made is asked for again, with a new handler, at most three times; the last one counts as it is.
     *
     * @param name the request's name, for messages
     * @param attempt called once for each attempt: start with an empty result
     */
    public void dump(String name, int type, ByteBuffer payload, Attempt attempt) throws IOException {
        for (int i = 1; ask(name, type, NLM_F_DUMP, payload, attempt.begin()) && i < ATTEMPTS; i++) {
            continue;
        }
    }

    /** Sends a request that has one message as its answer. */
    public void request(String name, int type, ByteBuffer payload, NetlinkReply.Handler handler) throws IOException {
        ask(name, type, 0, payload, handler);
    }

    /** Starts a result. */
    @FunctionalInterface
    public interface Attempt {
        /** The handler for one attempt's messages. */
        NetlinkReply.Handler begin();
    }

    private boolean ask(String name, int type, int flags, ByteBuffer payload, NetlinkReply.Handler handler) throws IOException {
        byte[] request = request(type, flags | NLM_F_REQUEST, ++sequence, payload);
        int sent = calls.send(fd, request, request.length, 0, null);
        if (sent < 0) {
            throw new NetlinkException(name, sent);
        }
        NetlinkReply reply = new NetlinkReply(name, sequence, handler);
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(TOTAL_MS);
        while (!reply.isDone()) {
            int length = receive(name);
            reply.take(ByteBuffer.wrap(buffer, 0, length).order(ByteOrder.nativeOrder()));
            if (System.nanoTime() - deadline > 0) {
                throw new IOException(name + ": no end after " + TOTAL_MS + " ms");
            }
        }
        return reply.isInterrupted();
    }

    private int receive(String name) throws IOException {
        while (true) {
            int ready = calls.poll(fd, Linux.POLLIN, TIMEOUT_MS);
            if (ready == 0) {
                throw new IOException(name + ": no answer within " + TIMEOUT_MS + " ms");
            }
            int n = ready < 0 ? ready : calls.recv(fd, buffer, Linux.MSG_DONTWAIT | Linux.MSG_TRUNC);
            if (n > buffer.length) {
                throw new MalformedNetlinkException(name + ": datagram of " + n + " bytes, more than " + buffer.length);
            }
            if (n > 0) {
                return n;
            }
            if (n == 0) {
                throw new MalformedNetlinkException(name + ": empty datagram");
            }
            if (n != -Errno.EINTR.number() && n != -Errno.EAGAIN.number()) {
                throw new NetlinkException(name, n);
            }
        }
    }

    static byte[] request(int type, int flags, int sequence, ByteBuffer payload) {
        int length = NetlinkReply.HEADER + payload.remaining();
        ByteBuffer b = ByteBuffer.allocate(length).order(ByteOrder.nativeOrder());
        b.putInt(length).putShort((short) type).putShort((short) flags).putInt(sequence).putInt(0).put(payload.duplicate());
        return b.array();
    }

    @Override
    public void close() {
        calls.close(fd); // nothing to do about a failed close of a socket that holds no data
    }
}
