package io.smc4j.cli.bench;

import java.io.IOException;
import java.nio.ByteBuffer;

/** Requests and answers of one connection: a request buffer that is made once, and an answer that is looked at where it lies. Not thread-safe; allocates nothing per request. */
abstract class Exchange {

    private static final int STAMP = 8;

    final ByteBuffer out;
    final ByteBuffer in;
    /** The payload as it was sent. */
    private final ByteBuffer sent;
    /** A window of {@link #in}. */
    private final ByteBuffer window;
    private final int payloadAt;
    private final int payload;
    private long number;

    /**
     * With buffers of its own.
     *
     * @param head what stands before the payload
     * @param room how many bytes an answer has beside the payload, at most
     */
    Exchange(byte[] head, int payload, int room) {
        this.payload = payload;
        payloadAt = head.length;
        out = ByteBuffer.allocateDirect(head.length + payload).put(head);
        for (int i = 0; i < payload; i++) {
            out.put((byte) ('a' + i % 26));
        }
        in = ByteBuffer.allocateDirect(room + payload);
        sent = out.duplicate();
        window = in.duplicate();
    }

    /** Makes the next request, which no other request of this connection is equal to (of 8 bytes and more), and makes room for its answer. */
    final void next() {
        number++;
        for (int i = 0; i < Math.min(STAMP, payload); i++) {
            out.put(payloadAt + i, (byte) (number >> 8 * i));
        }
        out.clear();
        in.clear();
    }

    /**
     * Whether the answer is complete.
     *
     * @throws IOException with a message for the user, where it is none
     */
    abstract boolean complete() throws IOException;

    /** Whether the answer's bytes from {@code at} on are the first {@code length} of the payload. */
    final boolean echoes(int at, int length) {
        window.limit(at + length).position(at);
        sent.limit(payloadAt + length).position(payloadAt);
        return window.equals(sent);
    }

    final int payload() {
        return payload;
    }

    /** What came, for a message. */
    final String shown() {
        return Protocol.shown(in, in.position());
    }
}
