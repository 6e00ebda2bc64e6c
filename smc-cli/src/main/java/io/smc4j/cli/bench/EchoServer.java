package io.smc4j.cli.bench;

import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.spi.SelectorProvider;
import java.util.ArrayList;
import java.util.List;

/** A listener and its selectors, each with a daemon thread. Serves both protocols: a connection that begins with an HTTP request line is HTTP. Thread-safe. */
public final class EchoServer implements AutoCloseable {

    private static final int BACKLOG = 4096;

    private final ServerSocketChannel listener;
    private final List<EchoLoop> loops = new ArrayList<>();

    /**
     * Listens and serves.
     *
     * @param side over what
     * @param address where; port 0: any
     * @param threads how many selectors
     * @throws IOException where it cannot listen there
     */
    public EchoServer(Side side, InetSocketAddress address, int threads) throws IOException {
        SelectorProvider provider = side.provider();
        listener = provider.openServerSocketChannel(address.getAddress() instanceof Inet6Address ? StandardProtocolFamily.INET6 : StandardProtocolFamily.INET);
        try {
            listener.bind(address, BACKLOG);
            listener.configureBlocking(false);
            for (int i = 0; i < threads; i++) {
                loops.add(new EchoLoop(provider));
            }
            loops.get(0).accepts(listener, loops);
            for (EchoLoop loop : loops) {
                Thread t = new Thread(loop, "echo-" + side.word() + "-" + loops.indexOf(loop));
                t.setDaemon(true);
                t.start();
            }
        } catch (IOException e) {
            close();
            throw new IOException("cannot listen on " + Addresses.text(address) + ": " + e.getMessage(), e);
        }
    }

    /** Where it listens. */
    public InetSocketAddress address() throws IOException {
        return (InetSocketAddress) listener.getLocalAddress();
    }

    @Override
    public void close() throws IOException {
        listener.close();
        for (EchoLoop loop : loops) {
            loop.close();
        }
    }
}
