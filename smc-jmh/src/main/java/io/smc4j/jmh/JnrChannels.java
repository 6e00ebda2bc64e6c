package io.smc4j.jmh;

import java.io.IOException;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import jnr.enxio.channels.NativeSelectorProvider;
import jnr.unixsocket.UnixServerSocketChannel;
import jnr.unixsocket.UnixSocketAddress;
import jnr.unixsocket.UnixSocketChannel;

/** UNIX domain channels of jnr-unixsocket. */
record JnrChannels() implements Channels {

    @Override
    public Listening listen() throws IOException {
        Path path = UnixChannels.newPath();
        UnixSocketAddress at = new UnixSocketAddress(path.toFile());
        UnixServerSocketChannel listener = UnixServerSocketChannel.open();
        listener.socket().bind(at, Listener.BACKLOG);
        return new Listening() {
            @Override
            public SocketChannel connect(int address) throws IOException {
                return UnixSocketChannel.open(at);
            }

            @Override
            public SocketChannel accept() throws IOException {
                return listener.accept();
            }

            /** Closing does not end an accept() of jnr's: a last connection does. */
            @Override
            public void close() throws IOException {
                UnixSocketChannel.open(at).close();
                listener.close();
                UnixChannels.delete(path);
            }
        };
    }

    @Override
    public Selector openSelector() throws IOException {
        return NativeSelectorProvider.getInstance().openSelector();
    }

    @Override
    public int fd(SocketChannel channel) {
        return ((UnixSocketChannel) channel).getFD();
    }
}
