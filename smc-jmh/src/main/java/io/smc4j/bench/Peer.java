package io.smc4j.bench;

import io.smc4j.diag.SmcConnection;
import java.io.IOException;

/** A connection in this JVM, with a thread that sends back what comes. The client's side is for one thread. */
interface Peer extends AutoCloseable {

    /** Sends a message and takes it back, {@code times} times. */
    void roundTrips(int times) throws IOException;

    /** What the kernel says of the client's end. */
    SmcConnection client() throws IOException;

    /** What the kernel says of the accepted end. */
    SmcConnection accepted() throws IOException;

    @Override
    void close() throws IOException;
}
