package io.smc4j.bench;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetSocketAddress;
import java.nio.channels.Channel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.spi.SelectorProvider;
import java.util.Collection;

/** Opens connections that stay open, to weigh them. For one thread. */
final class HeldConnections implements AutoCloseable {

    private static final int COLLECTIONS = 5;
    private static final int PAUSE_MS = 50;

    private final SelectorProvider provider;
    private final ServerSocketChannel listener;

    HeldConnections(SelectorProvider provider) throws IOException {
        this.provider = provider;
        listener = provider.openServerSocketChannel();
        listener.bind(new InetSocketAddress("127.0.0.1", 0));
    }

    /** Adds both ends of so many connections to {@code kept}. */
    void open(int connections, Collection<Channel> kept) throws IOException {
        for (int i = 0; i < connections; i++) {
            SocketChannel client = provider.openSocketChannel();
            kept.add(client);
            client.connect(listener.getLocalAddress());
            kept.add(listener.accept());
        }
    }

    /** Bytes of heap in use after collections and the cleaners that they set off. */
    static long usedHeap() throws IOException {
        for (int i = 0; i < COLLECTIONS; i++) {
            System.gc();
            try {
                Thread.sleep(PAUSE_MS);
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
        }
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }

    @Override
    public void close() throws IOException {
        listener.close();
    }
}
