package io.smc4j.net;

import io.smc4j.engine.SmcEngine;
import io.smc4j.internal.NativeCalls;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.nio.channels.AsynchronousServerSocketChannel;
import java.nio.channels.AsynchronousSocketChannel;
import java.nio.channels.CompletionHandler;
import java.nio.channels.spi.AsynchronousChannelProvider;
import java.util.Set;
import java.util.concurrent.Future;

/**
 * An asynchronous listener around one of the JDK's, under which the policy's choice puts an SMC socket at bind. Connections that turn out to be plain TCP are
 * the JDK's own channels.
 */
final class SmcAsynchronousServerSocketChannel extends AsynchronousServerSocketChannel {

    private static final int DEFAULT_BACKLOG = 50;

    private final SmcEngine engine;
    private final AsynchronousServerSocketChannel inner;
    private final Options options = new Options();
    private final Object stateLock = new Object();
    private volatile boolean smc;
    /** Where the JDK's channel has another socket's address; null: ask it. */
    private volatile InetSocketAddress local;

    SmcAsynchronousServerSocketChannel(AsynchronousChannelProvider provider, SmcEngine engine, AsynchronousServerSocketChannel inner) {
        super(provider);
        this.engine = engine;
        this.inner = inner;
    }

    @Override
    public AsynchronousServerSocketChannel bind(SocketAddress address, int backlog) throws IOException {
        synchronized (stateLock) {
            InetSocketAddress wanted = address == null ? new InetSocketAddress(0) : address instanceof InetSocketAddress ? (InetSocketAddress) address : null;
            if (wanted == null || wanted.isUnresolved() || !inner.isOpen() || inner.getLocalAddress() != null || !engine.bind(wanted).smc()
                    || !bindSmc(wanted, backlog < 1 ? DEFAULT_BACKLOG : backlog)) {
                inner.bind(address, backlog);
            }
        }
        return this;
    }

    private boolean bindSmc(InetSocketAddress wanted, int backlog) throws IOException {
        assert Thread.holdsLock(stateLock);
        NativeCalls calls = engine.calls();
        int fd = AsynchronousFd.of(inner);
        int socket = SmcBind.socket(engine, fd, options, wanted.getAddress(), wanted.getPort());
        if (socket < 0) {
            return false;
        }
        try {
            InetSocketAddress own = Descriptors.localAddress(calls, socket);
            if (calls.listen(socket, backlog) < 0) {
                return false;
            }
            engine.limitHandshakes(socket);
            // The JDK's channel is to be bound too, to another port for a moment.
            inner.bind(new InetSocketAddress(wanted.getAddress(), 0), 1);
            Descriptors.replace(calls, fd, socket);
            local = own;
            smc = true;
            return true;
        } finally {
            calls.close(socket);
        }
    }

    @Override
    public <A> void accept(A attachment, CompletionHandler<AsynchronousSocketChannel, ? super A> handler) {
        inner.accept(attachment, smc && handler != null ? new Accepted<A>(handler) : handler);
    }

    @Override
    public Future<AsynchronousSocketChannel> accept() {
        if (!smc) {
            return inner.accept();
        }
        AsynchronousConnect.Pending<AsynchronousSocketChannel> future = new AsynchronousConnect.Pending<>(this);
        inner.accept(null, new Accepted<Object>(future));
        return future;
    }

    /** Makes channels of ours of connections over SMC, and waits on where a handshake failed. */
    private final class Accepted<A> implements CompletionHandler<AsynchronousSocketChannel, A> {

        private final CompletionHandler<AsynchronousSocketChannel, ? super A> handler;

        Accepted(CompletionHandler<AsynchronousSocketChannel, ? super A> handler) {
            this.handler = handler;
        }

        @Override
        public void completed(AsynchronousSocketChannel accepted, A attachment) {
            if (!accepted.isOpen() || engine.isTcp(AsynchronousFd.of(accepted))) {
                if (accepted.isOpen()) {
                    engine.acceptedTcp();
                }
                handler.completed(accepted, attachment);
                return;
            }
            engine.accepted();
            handler.completed(new SmcAsynchronousSocketChannel(provider(), engine, accepted, true), attachment);
        }

        @Override
        public void failed(Throwable e, A attachment) {
            if (SmcBind.isTransient(e) && inner.isOpen()) {
                inner.accept(attachment, this);
            } else {
                handler.failed(e, attachment);
            }
        }
    }

    @Override
    public <T> AsynchronousServerSocketChannel setOption(SocketOption<T> name, T value) throws IOException {
        inner.setOption(name, value);
        options.remember(name, value);
        return this;
    }

    @Override
    public <T> T getOption(SocketOption<T> name) throws IOException {
        return inner.getOption(name);
    }

    @Override
    public Set<SocketOption<?>> supportedOptions() {
        return inner.supportedOptions();
    }

    @Override
    public SocketAddress getLocalAddress() throws IOException {
        InetSocketAddress own = local;
        SocketAddress inners = inner.getLocalAddress(); // for its exception where the channel is closed
        return own == null ? inners : own;
    }

    @Override
    public boolean isOpen() {
        return inner.isOpen();
    }

    @Override
    public void close() throws IOException {
        inner.close();
    }

    @Override
    public String toString() {
        return inner.toString();
    }
}
