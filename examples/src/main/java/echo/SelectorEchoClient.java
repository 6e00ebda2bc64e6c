package echo;

import java.io.BufferedReader;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;

/**
 * {@link EchoClient} with a selector: registers its channels before they are connected, and connects, writes and reads as they get ready.
 *
 * <p>Usage: {@code java echo.SelectorEchoClient ADDRESS PORT [ADDRESS PORT]...}
 */
public final class SelectorEchoClient {

    private static final int BUFFER_BYTES = 64 * 1024;

    private SelectorEchoClient() {
    }

    /** Echoes until the standard input ends. */
    public static void main(String[] args) throws IOException {
        if (args.length == 0 || args.length % 2 != 0) {
            System.err.println("usage: SelectorEchoClient ADDRESS PORT [ADDRESS PORT]...");
            System.exit(2);
        }
        try (Selector selector = Selector.open()) {
            for (int i = 0; i < args.length; i += 2) {
                SocketChannel connection = SocketChannel.open();
                connection.configureBlocking(false);
                connection.register(selector, SelectionKey.OP_CONNECT, ByteBuffer.allocate(BUFFER_BYTES));
                connection.connect(new InetSocketAddress(args[i], Integer.parseInt(args[i + 1])));
            }
            finishConnects(selector);
            BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                roundTrips(selector, line);
            }
            for (SelectionKey key : selector.keys()) {
                key.channel().close();
            }
        }
    }

    private static void finishConnects(Selector selector) throws IOException {
        int left = selector.keys().size();
        while (left > 0) {
            selector.select();
            for (SelectionKey key : selector.selectedKeys()) {
                if (((SocketChannel) key.channel()).finishConnect()) {
                    key.interestOps(0);
                    left--;
                }
            }
            selector.selectedKeys().clear();
        }
    }

    private static void roundTrips(Selector selector, String line) throws IOException {
        ByteBuffer message = StandardCharsets.UTF_8.encode(line);
        for (SelectionKey key : selector.keys()) {
            ((ByteBuffer) key.attachment()).clear().put(message.duplicate()).flip();
            key.interestOps(SelectionKey.OP_WRITE);
        }
        int left = selector.keys().size();
        while (left > 0) {
            selector.select();
            for (SelectionKey key : selector.selectedKeys()) {
                if (step(key, message.remaining())) {
                    left--;
                }
            }
            selector.selectedKeys().clear();
        }
    }

    /** Writes or reads what can be; answers whether the connection has all of its answer. */
    private static boolean step(SelectionKey key, int length) throws IOException {
        SocketChannel connection = (SocketChannel) key.channel();
        ByteBuffer buffer = (ByteBuffer) key.attachment();
        if (key.isWritable()) {
            connection.write(buffer);
            if (!buffer.hasRemaining()) {
                buffer.clear().limit(length);
                key.interestOps(SelectionKey.OP_READ);
            }
            return false;
        }
        if (connection.read(buffer) < 0) {
            throw new EOFException("the server closed " + connection);
        }
        if (buffer.hasRemaining()) {
            return false;
        }
        key.interestOps(0);
        System.out.println(connection.getLocalAddress() + " -> " + connection.getRemoteAddress() + ": "
                + StandardCharsets.UTF_8.decode(buffer.flip()));
        return true;
    }
}
