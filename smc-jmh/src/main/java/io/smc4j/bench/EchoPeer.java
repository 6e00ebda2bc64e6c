package io.smc4j.bench;

import io.smc4j.Smc;
import io.smc4j.diag.SmcConnection;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.spi.SelectorProvider;

/**
 * A connection of one provider in this JVM: a client channel, and a thread that sends back what the accepted channel gets, in blocking mode or with a
 * selector, as the client does.
 *
 * <p>Thread-safety: the client's side is for one thread.
 */
final class EchoPeer implements Peer {

    private final SocketChannel client;
    private final SocketChannel accepted;
    private final Selector selector;
    private final Selector serverSelector;
    private final ByteBuffer buffer;
    private final Thread server;

    /** Connects over loopback and starts the server's thread. */
    EchoPeer(SelectorProvider provider, boolean selecting, int bytes) throws IOException {
        try (ServerSocketChannel listener = provider.openServerSocketChannel()) {
            listener.bind(new InetSocketAddress("127.0.0.1", 0));
            client = provider.openSocketChannel();
            client.connect(listener.getLocalAddress());
            accepted = listener.accept();
        }
        buffer = ByteBuffer.allocateDirect(bytes);
        client.setOption(java.net.StandardSocketOptions.TCP_NODELAY, true);
        accepted.setOption(java.net.StandardSocketOptions.TCP_NODELAY, true);
        if (selecting) {
            selector = provider.openSelector();
            serverSelector = provider.openSelector();
            client.configureBlocking(false);
            client.register(selector, SelectionKey.OP_READ);
            accepted.configureBlocking(false);
            accepted.register(serverSelector, SelectionKey.OP_READ);
        } else {
            selector = null;
            serverSelector = null;
        }
        server = new Thread(selecting ? this::serveSelecting : this::serveBlocking, "echo");
        server.setDaemon(true);
        server.start();
    }

    @Override
    public SmcConnection client() throws IOException {
        return Smc.connection(client);
    }

    @Override
    public SmcConnection accepted() throws IOException {
        return Smc.connection(accepted);
    }

    @Override
    public void roundTrips(int times) throws IOException {
        if (selector == null) {
            for (int i = 0; i < times; i++) {
                blockingRoundTrip();
            }
        } else {
            for (int i = 0; i < times; i++) {
                selectingRoundTrip();
            }
        }
    }

    private void blockingRoundTrip() throws IOException {
        buffer.clear();
        while (buffer.hasRemaining()) {
            client.write(buffer);
        }
        buffer.clear();
        while (buffer.hasRemaining()) {
            if (client.read(buffer) < 0) {
                throw new IOException("the server is gone");
            }
        }
    }

    private void selectingRoundTrip() throws IOException {
        buffer.clear();
        while (buffer.hasRemaining()) {
            client.write(buffer);
        }
        buffer.clear();
        while (buffer.hasRemaining()) {
            selector.select();
            for (SelectionKey key : selector.selectedKeys()) {
                if (key.isReadable() && ((SocketChannel) key.channel()).read(buffer) < 0) {
                    throw new IOException("the server is gone");
                }
            }
            selector.selectedKeys().clear();
        }
    }

    private void serveBlocking() {
        ByteBuffer b = ByteBuffer.allocateDirect(buffer.capacity());
        try {
            while (accepted.read(b) >= 0) {
                b.flip();
                while (b.hasRemaining()) {
                    accepted.write(b);
                }
                b.clear();
            }
        } catch (IOException e) {
            // The client has gone; so may this thread.
        }
    }

    private void serveSelecting() {
        ByteBuffer b = ByteBuffer.allocateDirect(buffer.capacity());
        try {
            while (true) {
                serverSelector.select();
                for (SelectionKey key : serverSelector.selectedKeys()) {
                    if (key.isReadable()) {
                        SocketChannel channel = (SocketChannel) key.channel();
                        if (channel.read(b) < 0) {
                            return;
                        }
                        b.flip();
                        while (b.hasRemaining()) {
                            channel.write(b);
                        }
                        b.clear();
                    }
                }
                serverSelector.selectedKeys().clear();
            }
        } catch (IOException e) {
            // The client has gone; so may this thread.
        }
    }

    @Override
    public void close() throws IOException {
        client.close();
        try {
            server.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        accepted.close();
        if (selector != null) {
            selector.close();
            serverSelector.close();
        }
    }
}
