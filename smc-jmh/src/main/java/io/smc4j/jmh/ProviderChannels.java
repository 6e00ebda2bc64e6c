package io.smc4j.jmh;

import io.smc4j.internal.ChannelFd;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.spi.SelectorProvider;

/** IPv4 channels of a provider, over loopback. */
record ProviderChannels(SelectorProvider provider) implements Channels {

    @Override
    public Listening listen() throws IOException {
        ServerSocketChannel listener = provider.openServerSocketChannel(StandardProtocolFamily.INET);
        listener.bind(new InetSocketAddress("0.0.0.0", 0), Listener.BACKLOG);
        int port = listener.socket().getLocalPort();
        return new Listening() {
            @Override
            public SocketChannel connect(int address) throws IOException {
                SocketChannel channel = provider.openSocketChannel(StandardProtocolFamily.INET);
                try {
                    channel.connect(Listener.loopback(address, port));
                    return noDelay(channel);
                } catch (IOException e) {
                    channel.close();
                    throw e;
                }
            }

            @Override
            public SocketChannel accept() throws IOException {
                return noDelay(listener.accept());
            }

            @Override
            public void close() throws IOException {
                listener.close();
            }
        };
    }

    private static SocketChannel noDelay(SocketChannel channel) throws IOException {
        return channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
    }

    @Override
    public Selector openSelector() throws IOException {
        return provider.openSelector();
    }

    @Override
    public int fd(SocketChannel channel) {
        return ChannelFd.of(channel);
    }
}
