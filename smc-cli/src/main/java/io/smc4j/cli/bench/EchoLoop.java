package io.smc4j.cli.bench;

import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.Channel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.spi.SelectorProvider;
import java.util.Iterator;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** One selector of the server. Its thread alone touches connections; others hand channels over by a queue. */
final class EchoLoop implements Runnable, AutoCloseable {

    private static final System.Logger LOG = System.getLogger("io.smc4j.cli");

    private final Selector selector;
    private final Queue<SocketChannel> accepted = new ConcurrentLinkedQueue<>();
    private ServerSocketChannel listener;
    private List<EchoLoop> all;
    private int turn;
    private volatile boolean closing;

    EchoLoop(SelectorProvider provider) throws IOException {
        selector = provider.openSelector();
    }

    /** Before the thread runs: this loop accepts, and gives connections to all in turn. */
    void accepts(ServerSocketChannel channel, List<EchoLoop> loops) throws IOException {
        listener = channel;
        all = loops;
        channel.register(selector, SelectionKey.OP_ACCEPT);
    }

    @Override
    public void run() {
        try {
            while (true) {
                selector.select();
                if (closing) {
                    return;
                }
                for (SocketChannel c = accepted.poll(); c != null; c = accepted.poll()) {
                    add(c);
                }
                Iterator<SelectionKey> keys = selector.selectedKeys().iterator();
                while (keys.hasNext()) {
                    SelectionKey key = keys.next();
                    keys.remove();
                    serve(key);
                }
            }
        } catch (IOException e) {
            if (!closing) {
                LOG.log(System.Logger.Level.ERROR, "the echo server ends: {0}", e.toString());
            }
        } finally {
            end();
        }
    }

    private void end() {
        selector.keys().forEach(key -> closed(key.channel()));
        try {
            selector.close();
        } catch (IOException e) {
            LOG.log(System.Logger.Level.DEBUG, "close", e);
        }
    }

    private void add(SocketChannel c) {
        try {
            c.configureBlocking(false);
            c.setOption(StandardSocketOptions.TCP_NODELAY, true);
            c.register(selector, SelectionKey.OP_READ, new EchoConnection(c));
        } catch (IOException e) {
            closed(c); // gone already
        }
    }

    private void serve(SelectionKey key) throws IOException {
        if (key.channel() == listener) {
            accept();
            return;
        }
        EchoConnection c = (EchoConnection) key.attachment();
        try {
            c.serve(key);
        } catch (IOException | CancelledKeyException e) {
            key.cancel();
            closed(key.channel());
        }
    }

    private void accept() throws IOException {
        SocketChannel c;
        while (listener.isOpen()) {
            try {
                c = listener.accept();
            } catch (IOException e) {
                if (!listener.isOpen()) {
                    throw e;
                }
                return; // the connection's failure, not the listener's
            }
            if (c == null) {
                return;
            }
            EchoLoop to = all.get(turn++ % all.size());
            to.accepted.add(c);
            to.selector.wakeup();
        }
    }

    private static void closed(Channel c) {
        try {
            c.close();
        } catch (IOException e) {
            LOG.log(System.Logger.Level.DEBUG, "close", e);
        }
    }

    /** Ends the loop, which closes what it has. */
    @Override
    public void close() {
        closing = true;
        selector.wakeup();
    }
}
