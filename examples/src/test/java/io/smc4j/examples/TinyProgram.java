package io.smc4j.examples;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;

/** An NIO program for a JVM of its own: one echo, blocking at one end, by selector at the other. Prints {@code echoed 1024} and nothing else. */
public final class TinyProgram {

    private static final int BYTES = 1024;

    private TinyProgram() {
    }

    /** Runs it. */
    public static void main(String[] args) throws IOException {
        try (ServerSocketChannel listener = ServerSocketChannel.open(); Selector selector = Selector.open()) {
            listener.bind(new InetSocketAddress("127.0.0.1", 0));
            Thread client = new Thread(() -> client(listener));
            client.start();
            SocketChannel accepted = listener.accept();
            accepted.configureBlocking(false);
            accepted.register(selector, SelectionKey.OP_READ);
            ByteBuffer buffer = ByteBuffer.allocate(BYTES);
            boolean open = true;
            while (open) {
                selector.select();
                selector.selectedKeys().clear();
                open = accepted.read(buffer) >= 0;
                buffer.flip();
                while (buffer.hasRemaining()) {
                    accepted.write(buffer);
                }
                buffer.clear();
            }
            accepted.close();
        }
    }

    private static void client(ServerSocketChannel listener) {
        try (SocketChannel channel = SocketChannel.open(listener.getLocalAddress())) {
            ByteBuffer out = ByteBuffer.allocate(BYTES);
            for (int i = 0; i < BYTES; i++) {
                out.put((byte) i);
            }
            out.flip();
            channel.write(out);
            ByteBuffer in = ByteBuffer.allocate(BYTES);
            while (in.hasRemaining() && channel.read(in) >= 0) {
                // goes on
            }
            System.out.println((in.flip().equals(out.flip()) ? "echoed " : "got something else, bytes: ") + in.remaining());
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
