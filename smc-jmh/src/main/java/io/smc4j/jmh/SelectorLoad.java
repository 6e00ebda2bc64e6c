package io.smc4j.jmh;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/** Many connections on one selector, and on one more at the server: a message on each, then the answers as they come. */
final class SelectorLoad implements Load {

    private final Channels channels;
    private final int bytes;
    private final List<SocketChannel> clients = new ArrayList<>();
    private final List<SocketChannel> accepted = new ArrayList<>();
    private final Selector selector;
    private final Selector serverSelector;
    private final ByteBuffer buffer;
    private final Thread server;
    private volatile boolean closed;

    SelectorLoad(Channels channels, int connections, int bytes) throws IOException {
        this.channels = channels;
        this.bytes = bytes;
        buffer = ByteBuffer.allocateDirect(bytes);
        selector = channels.openSelector();
        serverSelector = channels.openSelector();
        try (Channels.Listening listener = channels.listen()) {
            for (int i = 0; i < connections; i++) {
                SocketChannel client = listener.connect(0);
                client.configureBlocking(false);
                client.register(selector, SelectionKey.OP_READ);
                clients.add(client);
                SocketChannel other = listener.accept();
                other.configureBlocking(false);
                other.register(serverSelector, SelectionKey.OP_READ);
                accepted.add(other);
            }
        }
        server = new Thread(this::serve, "echo");
        server.setDaemon(true);
        server.start();
    }

    @Override
    public void run(int times) throws IOException {
        for (int i = 0; i < times; i++) {
            for (SocketChannel client : clients) {
                write(client, buffer.clear());
            }
            for (int missing = clients.size() * bytes; missing > 0;) {
                missing -= ready(selector, buffer, false);
            }
        }
    }

    private void serve() {
        ByteBuffer into = ByteBuffer.allocateDirect(End.MAX_BYTES);
        try {
            while (!closed) {
                ready(serverSelector, into, true);
            }
        } catch (IOException e) {
            // the clients are gone
        }
    }

    /** Waits, and reads what is there: how many bytes. */
    private static int ready(Selector from, ByteBuffer into, boolean echo) throws IOException {
        int got = 0;
        from.select();
        for (Iterator<SelectionKey> keys = from.selectedKeys().iterator(); keys.hasNext();) {
            SocketChannel channel = (SocketChannel) keys.next().channel();
            keys.remove();
            int n = channel.read(into.clear());
            if (n < 0) {
                throw new EOFException("the peer closed");
            }
            got += n;
            if (echo) {
                write(channel, into.flip());
            }
        }
        return got;
    }

    private static void write(SocketChannel channel, ByteBuffer data) throws IOException {
        while (data.hasRemaining()) {
            channel.write(data);
        }
    }

    @Override
    public List<String> wires() throws IOException {
        List<String> wires = new ArrayList<>();
        for (List<SocketChannel> side : List.of(clients, accepted)) {
            for (SocketChannel channel : side) {
                wires.add(Kernel.wire(channels.fd(channel)));
            }
        }
        return wires;
    }

    @Override
    public void close() throws IOException {
        closed = true;
        for (SocketChannel client : clients) {
            client.close();
        }
        serverSelector.wakeup();
        Threads.join(server);
        for (SocketChannel other : accepted) {
            other.close();
        }
        selector.close();
        serverSelector.close();
    }
}
