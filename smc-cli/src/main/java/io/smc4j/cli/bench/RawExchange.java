package io.smc4j.cli.bench;

import java.io.IOException;

/** The payload and nothing else. */
final class RawExchange extends Exchange {

    RawExchange(int payload) {
        super(new byte[0], payload, 1); // one byte too many is seen
    }

    @Override
    boolean complete() throws IOException {
        int n = in.position();
        if (n > payload() || !echoes(0, n)) {
            throw new IOException("the answer is not what was sent, but begins with " + shown() + ": no raw echo (--protocol http?)");
        }
        return n == payload();
    }
}
