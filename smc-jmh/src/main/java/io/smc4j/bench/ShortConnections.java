package io.smc4j.bench;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.spi.SelectorProvider;

/**
 * Connect, one byte each way, close; or connect and close alone. The server closes as soon as it sees the client's end.
 *
 * <p>Thread-safety: for one thread.
 */
final class ShortConnections implements AutoCloseable {

    /** So many loopback addresses are used in turn: ports of closed connections stay taken for a minute, for each pair of addresses. */
    private static final int ADDRESSES = 64;

    private final SelectorProvider provider;
    private final ServerSocketChannel listener;
    private final InetSocketAddress[] targets = new InetSocketAddress[ADDRESSES];
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(1);
    private final Thread server;
    private volatile IOException failure;
    private int next;

    /** Listens on every IPv4 address of loopback and starts the server's thread. */
    ShortConnections(SelectorProvider provider) throws IOException {
        this.provider = provider;
        listener = provider.openServerSocketChannel(java.net.StandardProtocolFamily.INET);
        listener.bind(new InetSocketAddress("0.0.0.0", 0), 128);
        int port = listener.socket().getLocalPort();
        for (int i = 0; i < ADDRESSES; i++) {
            targets[i] = new InetSocketAddress("127.0.0." + (i + 1), port);
        }
        server = new Thread(this::serve, "accept");
        server.setDaemon(true);
        server.start();
    }

    /** Makes {@code times} connections one after the other. */
    void run(int times, boolean oneByte) throws IOException {
        for (int i = 0; i < times; i++) {
            try (SocketChannel channel = provider.openSocketChannel()) {
                channel.connect(targets[next++ % ADDRESSES]);
                if (oneByte) {
                    buffer.clear();
                    channel.write(buffer);
                    buffer.clear();
                    if (channel.read(buffer) != 1) {
                        throw new IOException("no answer", failure);
                    }
                }
            }
        }
    }

    /** A connection to look at: the client's channel. */
    SocketChannel open() throws IOException {
        SocketChannel channel = provider.openSocketChannel();
        channel.connect(targets[0]);
        return channel;
    }

    private void serve() {
        ByteBuffer b = ByteBuffer.allocateDirect(1);
        try {
            while (true) {
                try (SocketChannel accepted = listener.accept()) {
                    b.clear();
                    while (accepted.read(b) > 0) {
                        b.flip();
                        accepted.write(b);
                        b.clear();
                    }
                }
            }
        } catch (AsynchronousCloseException e) {
            // closed: the end
        } catch (IOException e) {
            failure = e;
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
        try {
            server.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
