package io.smc4j.cli.bench;

import java.io.EOFException;
import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.channels.spi.SelectorProvider;

/** The client's end of a connection, with one request under way at most. Touched by its loop's thread alone. Times are of {@link System#nanoTime()}. */
final class LoadConnection implements AutoCloseable {

    private static final int CONNECT_MS = 10_000;

    final SocketChannel channel;
    private final InetSocketAddress server;
    private final Exchange exchange;
    private SelectionKey key;

    /** Its number in its loop. */
    int index;
    /** Whether an answer is awaited. */
    boolean busy;
    /** When the request under way was due. */
    long due;
    /** When it was sent. */
    long sent;
    /** How many of this phase were sent. */
    long count;
    /** How many of this phase were due while one was under way, and are not sent yet. */
    long owed;

    /**
     * Connects.
     *
     * @throws IOException that names the server
     */
    LoadConnection(SelectorProvider provider, InetSocketAddress server, Exchange exchange) throws IOException {
        this.server = server;
        this.exchange = exchange;
        channel = provider.openSocketChannel(server.getAddress() instanceof Inet6Address ? StandardProtocolFamily.INET6 : StandardProtocolFamily.INET);
        try {
            channel.socket().connect(server, CONNECT_MS);
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        } catch (IOException e) {
            channel.close();
            throw Addresses.failed(server, "cannot connect", e);
        }
    }

    void register(Selector selector) throws IOException {
        channel.configureBlocking(false);
        key = channel.register(selector, SelectionKey.OP_READ, this);
    }

    /** Sends the next request, as far as the socket takes it. */
    void send(long dueAt, long now) throws IOException {
        exchange.next();
        busy = true;
        due = dueAt;
        sent = now;
        count++;
        write();
    }

    private void write() throws IOException {
        channel.write(exchange.out);
        int ops = exchange.out.hasRemaining() ? SelectionKey.OP_READ | SelectionKey.OP_WRITE : SelectionKey.OP_READ;
        if (key.interestOps() != ops) {
            key.interestOps(ops);
        }
    }

    /**
     * Does what the connection is ready for.
     *
     * @return whether the answer is complete
     */
    boolean ready() throws IOException {
        try {
            if (busy && exchange.out.hasRemaining()) {
                write();
            }
            int n = channel.read(exchange.in);
            if (n < 0) {
                throw new EOFException("closed by the server" + (busy ? " before it answered" : ""));
            }
            if (n == 0) {
                return false;
            }
            if (!busy) {
                throw new IOException("the server sent what nobody asked for");
            }
            busy = !exchange.complete();
            return !busy;
        } catch (IOException e) {
            throw Addresses.failed(server, "after " + (busy ? count - 1 : count) + " answers on this connection", e);
        }
    }

    /** What came of the answer that is awaited. */
    String shown() {
        return Addresses.text(server) + (exchange.in.position() == 0 ? ": nothing came back" : ": it began with " + exchange.shown());
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
