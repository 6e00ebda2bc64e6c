package io.smc4j.internal;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Takes the datagrams that answer one request apart, without I/O.
 * <pre>
 * struct nlmsghdr { __u32 nlmsg_len; __u16 nlmsg_type; __u16 nlmsg_flags; __u32 nlmsg_seq; __u32 nlmsg_pid; };
 * </pre>
 *
 * <p>Thread-safety: none; belongs to one request.
 */
public final class NetlinkReply {

    /** {@code sizeof(struct nlmsghdr)}. */
    public static final int HEADER = 16;
    static final int NLMSG_NOOP = 1;
    static final int NLMSG_ERROR = 2;
    static final int NLMSG_DONE = 3;
    static final int NLMSG_OVERRUN = 4;
    static final int NLM_F_MULTI = 2;
    static final int NLM_F_DUMP_INTR = 0x10;

    /** Takes one message. */
    @FunctionalInterface
    public interface Handler {
        /**
         * @param type {@code nlmsg_type}
         * @param payload what follows the header, from position to limit, in the machine's byte order; not valid after the call
         * @throws IOException where the payload is malformed
         */
        void message(int type, ByteBuffer payload) throws IOException;
    }

    private final String request;
    private final int sequence;
    private final Handler handler;
    private boolean done;
    private boolean interrupted;

    /**
     * @param request the request's name, for messages
     * @param sequence the request's {@code nlmsg_seq}; answers to others are passed over
     * @param handler gets each message
     */
    public NetlinkReply(String request, int sequence, Handler handler) {
        this.request = request;
        this.sequence = sequence;
        this.handler = handler;
    }

    /** Takes the messages from {@code datagram}'s position to its limit. */
    public void take(ByteBuffer datagram) throws IOException {
        int at = datagram.position();
        while (!done && datagram.limit() - at >= HEADER) {
            long length = datagram.getInt(at) & 0xffffffffL;
            if (length < HEADER || length > datagram.limit() - at) {
                throw new MalformedNetlinkException("message of " + length + " bytes where " + (datagram.limit() - at) + " are left");
            }
            if (datagram.getInt(at + 8) == sequence) {
                int type = datagram.getShort(at + 4) & 0xffff;
                int flags = datagram.getShort(at + 6) & 0xffff;
                one(type, flags, datagram.slice(at + HEADER, (int) length - HEADER).order(datagram.order()));
            }
            at += (int) Math.min(datagram.limit() - at, length + 3 & ~3L);
        }
    }

    private void one(int type, int flags, ByteBuffer payload) throws IOException {
        interrupted |= (flags & NLM_F_DUMP_INTR) != 0;
        switch (type) {
            case NLMSG_NOOP:
                return;
            case NLMSG_ERROR:
            case NLMSG_DONE:
                // Both carry an int: 0 or -errno. An old kernel's NLMSG_DONE may carry nothing.
                int error = payload.remaining() >= 4 ? payload.getInt(0) : 0;
                done = true;
                if (error != 0) {
                    throw new NetlinkException(request, error);
                }
                return;
            case NLMSG_OVERRUN:
                throw new MalformedNetlinkException(request + ": the kernel dropped messages");
            default:
                handler.message(type, payload);
                done |= (flags & NLM_F_MULTI) == 0;
        }
    }

    /** Whether the answer is complete. */
    public boolean isDone() {
        return done;
    }

    /** Whether the kernel says that what it listed changed under the listing: ask again. */
    public boolean isInterrupted() {
        return interrupted;
    }
}
