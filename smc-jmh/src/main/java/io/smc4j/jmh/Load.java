package io.smc4j.jmh;

import java.io.IOException;
import java.util.List;

/**
 * Connections and something to do with them; the other ends' threads belong to it.
 *
 * <p>Thread-safety: for one thread.
 */
public interface Load extends AutoCloseable {

    /** Bytes that a stream writes at once. */
    int STREAM_WRITE = 64 << 10;

    /** Bytes that a stream writes in one operation: a mebibyte. */
    int STREAM_OPERATION = 1 << 20;

    /** Does it so many times. */
    void run(int times) throws IOException;

    /** What the kernel says of each connection's two ends, now. */
    List<String> wires() throws IOException;

    @Override
    void close() throws IOException;
}
