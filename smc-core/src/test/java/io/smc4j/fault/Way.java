package io.smc4j.fault;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;

/** The ways to connect a channel; each leaves it in blocking mode. */
enum Way {

    BLOCKING {
        @Override
        void connect(SocketChannel channel, InetSocketAddress to) throws IOException {
            channel.connect(to);
        }
    },
    SELECTOR {
        @Override
        void connect(SocketChannel channel, InetSocketAddress to) throws IOException {
            try (Selector selector = channel.provider().openSelector()) {
                channel.configureBlocking(false);
                SelectionKey key = channel.register(selector, SelectionKey.OP_CONNECT);
                boolean connected = channel.connect(to);
                for (long start = System.nanoTime(); !connected && Guest.millisSince(start) < MAX_MS;) {
                    selector.select(MAX_MS); // may come back early: the channel is another one inside
                    connected = selector.selectedKeys().remove(key) && key.isConnectable() && channel.finishConnect();
                }
                assertTrue(connected, "not told within 10 s");
                key.cancel();
            }
            channel.configureBlocking(true);
        }
    },
    SOCKET_WITH_TIMEOUT {
        @Override
        void connect(SocketChannel channel, InetSocketAddress to) throws IOException {
            channel.socket().connect(to, MAX_MS);
        }
    };

    private static final int MAX_MS = 10_000;

    abstract void connect(SocketChannel channel, InetSocketAddress to) throws IOException;

    /** A connected channel of the default provider, ours. */
    SocketChannel connect(InetSocketAddress to) throws IOException {
        SocketChannel channel = SocketChannel.open();
        connect(channel, to);
        return channel;
    }
}
