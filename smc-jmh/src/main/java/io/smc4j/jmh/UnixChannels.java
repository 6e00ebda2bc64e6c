package io.smc4j.jmh;

import io.smc4j.internal.ChannelFd;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;

/** The JDK's UNIX domain channels. */
record UnixChannels() implements Channels {

    /** A path for a listener that is not there yet, in a directory of its own. */
    static Path newPath() throws IOException {
        return Files.createTempDirectory("smc-jmh").resolve("s");
    }

    static void delete(Path path) throws IOException {
        Files.deleteIfExists(path);
        Files.deleteIfExists(path.getParent());
    }

    @Override
    public Listening listen() throws IOException {
        Path path = newPath();
        UnixDomainSocketAddress at = UnixDomainSocketAddress.of(path);
        ServerSocketChannel listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX).bind(at, Listener.BACKLOG);
        return new Listening() {
            @Override
            public SocketChannel connect(int address) throws IOException {
                return SocketChannel.open(at);
            }

            @Override
            public SocketChannel accept() throws IOException {
                return listener.accept();
            }

            @Override
            public void close() throws IOException {
                listener.close();
                delete(path);
            }
        };
    }

    @Override
    public Selector openSelector() throws IOException {
        return Selector.open();
    }

    @Override
    public int fd(SocketChannel channel) {
        return ChannelFd.of(channel);
    }
}
