package io.smc4j.cli.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** A POST, and an answer 200 with Content-Length and the same body. */
final class HttpExchange extends Exchange {

    /** Of an answer's head. */
    private static final int ROOM = 16 * 1024;
    private static final byte[] VERSION = "HTTP/1.".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] OK = "200".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] CONTENT_LENGTH = "content-length:".getBytes(StandardCharsets.US_ASCII);

    HttpExchange(int payload, String host, String path) {
        super(("POST " + path + " HTTP/1.1\r\nHost: " + host + "\r\nContent-Type: application/octet-stream\r\nContent-Length: " + payload + "\r\n\r\n")
                .getBytes(StandardCharsets.ISO_8859_1), payload, ROOM);
    }

    @Override
    boolean complete() throws IOException {
        int n = in.position();
        if (!HttpBytes.startsWith(in, 0, n, VERSION)) {
            throw new IOException("the answer is no HTTP, but begins with " + shown() + " (--protocol raw?)");
        }
        int body = HttpBytes.headEnd(in, n);
        if (body < 0) {
            if (n >= ROOM) {
                throw new IOException("the head of the answer is longer than " + ROOM + " bytes");
            }
            return false;
        }
        if (!HttpBytes.startsWith(in, VERSION.length + 2, body, OK)) {
            throw new IOException("the answer is not 200, but " + shown());
        }
        int length = HttpBytes.number(in, body, CONTENT_LENGTH);
        if (length < 0) {
            throw new IOException("the answer has no usable Content-Length: chunked answers are not read");
        }
        if (length != payload()) {
            throw new IOException("the answer has " + length + " bytes, the request " + payload() + ": no echo");
        }
        if (n < body + length) {
            return false;
        }
        if (n > body + length || !echoes(body, length)) {
            throw new IOException("the answer's body is not what was sent: no echo");
        }
        return true;
    }
}
