package io.smc4j.cli.bench;

import java.nio.ByteBuffer;

/** The little of HTTP/1.1 that an echo needs, read in place. */
final class HttpBytes {

    private HttpBytes() {
    }

    /** Whether what stands at {@code at} is the word, or a beginning of it that ends at {@code end}. */
    static boolean startsWith(ByteBuffer b, int at, int end, byte[] word) {
        int n = Math.min(word.length, end - at);
        for (int i = 0; i < n; i++) {
            if (b.get(at + i) != word[i]) {
                return false;
            }
        }
        return true;
    }

    /** Where the body begins: behind the first empty line of the first {@code length} bytes, or -1. */
    static int headEnd(ByteBuffer b, int length) {
        for (int i = 3; i < length; i++) {
            if (b.get(i) == '\n' && b.get(i - 1) == '\r' && b.get(i - 2) == '\n' && b.get(i - 3) == '\r') {
                return i + 1;
            }
        }
        return -1;
    }

    /** The number of a header line, by its name in lower case with the colon; -1 where there is none, or it is no number of an int. */
    static int number(ByteBuffer b, int headEnd, byte[] name) {
        for (int i = 1; i + name.length < headEnd; i++) {
            if (b.get(i - 1) == '\n' && isName(b, i, name)) {
                return digits(b, i + name.length, headEnd);
            }
        }
        return -1;
    }

    private static boolean isName(ByteBuffer b, int at, byte[] name) {
        for (int j = 0; j < name.length; j++) {
            byte c = b.get(at + j);
            if ((c >= 'A' && c <= 'Z' ? c + 32 : c) != name[j]) {
                return false;
            }
        }
        return true;
    }

    private static int digits(ByteBuffer b, int from, int end) {
        int at = from;
        while (at < end && b.get(at) == ' ') {
            at++;
        }
        long n = -1;
        for (; at < end && b.get(at) >= '0' && b.get(at) <= '9' && n <= Integer.MAX_VALUE; at++) {
            n = Math.max(n, 0) * 10 + b.get(at) - '0';
        }
        return n > Integer.MAX_VALUE || at < end && b.get(at) != '\r' && b.get(at) != ' ' ? -1 : (int) n;
    }
}
