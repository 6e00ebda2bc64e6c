package io.smc4j.jmh;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;

/** Where socket channels come from. */
interface Channels {

    /** A listener. */
    Listening listen() throws IOException;

    /** A selector for these channels. */
    Selector openSelector() throws IOException;

    /** The descriptor number of one of these channels. */
    int fd(SocketChannel channel);

    /** A listener of channels; see {@link Listener}. */
    interface Listening extends Closeable {
        SocketChannel connect(int address) throws IOException;

        SocketChannel accept() throws IOException;
    }
}
