package io.smc4j.cli.bench;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** What is spoken over a connection. */
public enum Protocol {
    /** HTTP/1.1: a POST whose answer has the same body, on connections that stay open. */
    HTTP,
    /** The bytes alone, back as they were sent. */
    RAW;

    /** The exchange of one connection. */
    Exchange exchange(int payload, String host, String path) {
        return this == RAW ? new RawExchange(payload) : new HttpExchange(payload, host, path);
    }

    /** What an error message shows of an answer: its first bytes, as far as they can be printed. */
    static String shown(ByteBuffer in, int length) {
        int n = Math.min(length, 40);
        byte[] bytes = new byte[n];
        for (int i = 0; i < n; i++) {
            byte b = in.get(i);
            bytes[i] = b >= ' ' && b < 127 ? b : (byte) '.';
        }
        return "'" + new String(bytes, StandardCharsets.US_ASCII) + (length > n ? "...'" : "'");
    }
}
