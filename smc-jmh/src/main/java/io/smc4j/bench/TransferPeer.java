package io.smc4j.bench;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.spi.SelectorProvider;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Sends a file to a connection from its accepted end; a thread reads at the other end. For one thread. */
final class TransferPeer implements AutoCloseable {

    private static final int READ_BYTES = 256 * 1024;

    private final int bytes;
    private final FileChannel file;
    private final SocketChannel client;
    private final SocketChannel accepted;
    private final Thread reader;
    private long read;
    private boolean ended;

    TransferPeer(SelectorProvider provider, int bytes) throws IOException {
        this.bytes = bytes;
        Path path = Files.createTempFile("smc4j-transfer", ".bin");
        file = FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.DELETE_ON_CLOSE);
        file.write(ByteBuffer.allocate(bytes));
        try (ServerSocketChannel listener = provider.openServerSocketChannel()) {
            listener.bind(new InetSocketAddress("127.0.0.1", 0));
            client = provider.openSocketChannel();
            client.connect(listener.getLocalAddress());
            accepted = listener.accept();
        }
        reader = new Thread(this::readAll, "reader");
        reader.setDaemon(true);
        reader.start();
    }

    SocketChannel accepted() {
        return accepted;
    }

    /** Sends the whole file and waits until it has been read. */
    void transfer() throws IOException {
        synchronized (this) {
            read = 0;
        }
        for (long at = 0; at < bytes;) {
            at += file.transferTo(at, bytes - at, accepted);
        }
        synchronized (this) {
            while (read < bytes) {
                if (ended) {
                    throw new IOException("the reader ended after " + read + " bytes");
                }
                try {
                    wait();
                } catch (InterruptedException e) {
                    throw new IOException(e);
                }
            }
        }
    }

    private void readAll() {
        ByteBuffer buffer = ByteBuffer.allocateDirect(READ_BYTES);
        try {
            for (int n = client.read(buffer); n >= 0; n = client.read(buffer)) {
                buffer.clear();
                synchronized (this) {
                    read += n;
                    notifyAll();
                }
            }
        } catch (IOException e) {
            // Said by transfer(), which waits for the bytes.
        }
        synchronized (this) {
            ended = true;
            notifyAll();
        }
    }

    @Override
    public void close() throws IOException {
        accepted.close();
        try {
            reader.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        client.close();
        file.close();
    }
}
