package io.smc4j.cli.bench;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;

/** The server's end of a connection: bytes back as they came, or HTTP bodies in answers. What is not read yet waits in the socket, so that nothing grows without bound. */
final class EchoConnection {

    /** An HTTP request, head and body, of at most so many bytes; the most that raw bytes wait. */
    private static final int ROOM = Plan.MAX_PAYLOAD + 8 * 1024;
    private static final byte[] POST = "POST ".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] CONTENT_LENGTH = "content-length:".getBytes(StandardCharsets.US_ASCII);

    private final SocketChannel channel;
    private ByteBuffer in = ByteBuffer.allocateDirect(32 * 1024);
    private ByteBuffer out = ByteBuffer.allocateDirect(32 * 1024);
    private boolean known;
    private boolean http;
    private byte[] head = {};
    private int headFor = -1;

    EchoConnection(SocketChannel channel) {
        this.channel = channel;
    }

    /**
     * Reads, answers what is complete, and writes as far as the socket takes it.
     *
     * @throws IOException where the connection is over
     */
    void serve(SelectionKey key) throws IOException {
        if (key.isReadable()) {
            if (!in.hasRemaining()) {
                in = grown(in, in.capacity() + 1);
            }
            if (channel.read(in) < 0) {
                throw new EOFException();
            }
        }
        do {
            if (out.position() == 0) {
                answer();
            }
            out.flip();
            if (out.hasRemaining()) {
                channel.write(out);
            }
            boolean more = !out.hasRemaining() && out.limit() > 0;
            out.compact();
            if (!more) {
                break;
            }
        } while (in.position() > 0);
        int ops = out.position() > 0 ? SelectionKey.OP_WRITE : SelectionKey.OP_READ;
        if (key.interestOps() != ops) {
            key.interestOps(ops);
        }
    }

    private void answer() throws IOException {
        in.flip();
        if (!known && in.remaining() > 0 && (in.remaining() >= POST.length || !HttpBytes.startsWith(in, 0, in.limit(), POST))) {
            known = true;
            http = HttpBytes.startsWith(in, 0, in.limit(), POST);
        }
        if (known && !http) {
            out = grown(out, in.remaining());
            out.put(in);
        }
        while (known && http && out.position() < ROOM && answerRequest()) {
            continue;
        }
        in.compact();
    }

    /** Answers the request at the buffer's position 0, and takes it out; false where it is not complete. */
    private boolean answerRequest() throws IOException {
        if (in.position() > 0) {
            in.compact().flip();
        }
        int body = HttpBytes.headEnd(in, in.limit());
        if (body < 0) {
            return false;
        }
        int length = HttpBytes.number(in, body, CONTENT_LENGTH);
        if (length < 0 || length > Plan.MAX_PAYLOAD || !HttpBytes.startsWith(in, 0, in.limit(), POST)) {
            throw new IOException("not a request of this benchmark");
        }
        if (in.limit() < body + length) {
            return false;
        }
        if (headFor != length) {
            head = ("HTTP/1.1 200 OK\r\nContent-Type: application/octet-stream\r\nContent-Length: " + length + "\r\n\r\n").getBytes(StandardCharsets.US_ASCII);
            headFor = length;
        }
        int end = in.limit();
        out = grown(out, out.position() + head.length + length);
        out.put(head);
        in.position(body).limit(body + length);
        out.put(in);
        in.limit(end);
        return true;
    }

    /** The buffer, or a greater one with the same content. */
    private static ByteBuffer grown(ByteBuffer b, int least) throws IOException {
        if (b.capacity() >= least) {
            return b;
        }
        if (least > 2 * ROOM) {
            throw new IOException("a request of more than " + ROOM + " bytes");
        }
        return ByteBuffer.allocateDirect(Math.min(2 * ROOM, Math.max(least, 2 * b.capacity()))).put(b.flip());
    }
}
