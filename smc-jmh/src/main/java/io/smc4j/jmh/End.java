package io.smc4j.jmh;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;

/**
 * One end of a blocking connection; what it writes is whatever its buffer has.
 *
 * <p>Thread-safety: for one thread.
 */
interface End extends Closeable {

    /** Bytes that one call reads or writes at most. */
    int MAX_BYTES = 64 << 10;

    /** Writes so many bytes. */
    void write(int bytes) throws IOException;

    /** Reads at least one and at most so many bytes: how many, or -1 at the end. */
    int read(int bytes) throws IOException;

    /** What the kernel says of this end's socket; {@link Kernel}. */
    String wire() throws IOException;

    /** Reads exactly so many bytes. */
    default void readFully(int bytes) throws IOException {
        for (int done = 0; done < bytes;) {
            int n = read(bytes - done);
            if (n < 0) {
                throw new EOFException("the peer closed");
            }
            done += n;
        }
    }
}
