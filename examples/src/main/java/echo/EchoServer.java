package echo;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;

/**
 * A plain NIO program that knows nothing of SMC: sends back what it gets, all connections on one selector.
 *
 * <p>Usage: {@code java echo.EchoServer ADDRESS PORT [ADDRESS PORT]...}; port 0 takes a free one. Prints {@code listening on ADDRESS} for each.
 */
public final class EchoServer {

    private static final int BUFFER_BYTES = 64 * 1024;

    private EchoServer() {
    }

    /** Listens and echoes until it is killed. */
    public static void main(String[] args) throws IOException {
        if (args.length == 0 || args.length % 2 != 0) {
            System.err.println("usage: EchoServer ADDRESS PORT [ADDRESS PORT]...");
            System.exit(2);
        }
        Selector selector = Selector.open();
        for (int i = 0; i < args.length; i += 2) {
            ServerSocketChannel listener = ServerSocketChannel.open();
            listener.bind(new InetSocketAddress(args[i], Integer.parseInt(args[i + 1])));
            listener.configureBlocking(false);
            listener.register(selector, SelectionKey.OP_ACCEPT);
            System.out.println("listening on " + listener.getLocalAddress());
        }
        while (true) {
            selector.select(EchoServer::ready);
        }
    }

    private static void ready(SelectionKey key) {
        try {
            if (key.isAcceptable()) {
                SocketChannel connection = ((ServerSocketChannel) key.channel()).accept();
                if (connection != null) {
                    connection.configureBlocking(false);
                    connection.register(key.selector(), SelectionKey.OP_READ, ByteBuffer.allocateDirect(BUFFER_BYTES));
                }
            } else {
                echo(key, (SocketChannel) key.channel(), (ByteBuffer) key.attachment());
            }
        } catch (IOException e) {
            System.err.println(key.channel() + ": " + e);
            closeQuietly(key);
        }
    }

    /** Reads once and writes what there is; what the socket does not take now waits in the buffer for OP_WRITE. */
    private static void echo(SelectionKey key, SocketChannel connection, ByteBuffer buffer) throws IOException {
        if (key.isReadable() && connection.read(buffer) < 0) {
            connection.close();
            return;
        }
        buffer.flip();
        connection.write(buffer);
        key.interestOps(buffer.hasRemaining() ? SelectionKey.OP_WRITE : SelectionKey.OP_READ);
        buffer.compact();
    }

    private static void closeQuietly(SelectionKey key) {
        try {
            key.channel().close();
        } catch (IOException e) {
            // The connection is gone, and so is the one who could be told.
        }
    }
}
