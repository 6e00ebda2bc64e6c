package io.smc4j.net;

import io.smc4j.SmcUnavailableException;
import io.smc4j.engine.CloseGuard;
import io.smc4j.engine.SmcEngine;
import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.AsynchronousSocketChannel;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.CompletionHandler;
import java.nio.channels.ConnectionPendingException;
import java.nio.channels.spi.AsynchronousChannelProvider;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * An asynchronous socket channel around one of the JDK's. Over TCP it only hands on; over SMC the connected socket is put under the JDK's channel before
 * that has been in any epoll instance, and an end of stream is asked whether it is one.
 *
 * <p>Lock discipline: {@code stateLock} guards {@code connecting} and the replacing of the socket; nothing blocks under it.
 */
final class SmcAsynchronousSocketChannel extends AsynchronousSocketChannel {

    private final SmcEngine engine;
    private final AsynchronousSocketChannel inner;
    private final Object stateLock = new Object();
    private final Options options = new Options();
    /** The SMC connect under way; guarded by {@code stateLock}. */
    private SmcConnect connecting;
    private boolean pending;
    private boolean closed;
    private boolean bound;
    /** The program has chosen the local port. */
    private boolean fixedPort;
    private volatile boolean smc;
    private volatile boolean outputShut;
    private volatile boolean inputShut;
    /** Where the JDK's channel has another socket's address; null: ask it. */
    private volatile InetSocketAddress local;
    private InetSocketAddress peer;
    private int writes;

    SmcAsynchronousSocketChannel(AsynchronousChannelProvider provider, SmcEngine engine, AsynchronousSocketChannel inner) {
        super(provider);
        this.engine = engine;
        this.inner = inner;
    }

    /** An accepted channel. */
    SmcAsynchronousSocketChannel(AsynchronousChannelProvider provider, SmcEngine engine, AsynchronousSocketChannel accepted, boolean smc) {
        this(provider, engine, accepted);
        this.smc = smc;
    }

    int fd() {
        return AsynchronousFd.of(inner);
    }

    @Override
    public <A> void connect(SocketAddress remote, A attachment, CompletionHandler<Void, ? super A> handler) {
        if (handler == null || !connectSmc(remote, attachment, handler)) {
            inner.connect(remote, attachment, handler);
        }
    }

    @Override
    public Future<Void> connect(SocketAddress remote) {
        AsynchronousConnect.Pending<Void> future = new AsynchronousConnect.Pending<>(this);
        return connectSmc(remote, null, future) ? future : inner.connect(remote);
    }

    /** Begins a connect over SMC; answers false where it is the JDK channel's. */
    private <A> boolean connectSmc(SocketAddress remote, A attachment, CompletionHandler<Void, ? super A> handler) {
        SmcConnect attempt;
        try {
            attempt = open(remote);
        } catch (SmcUnavailableException e) {
            AsynchronousConnect.closeQuietly(this);
            return AsynchronousConnect.start(() -> handler.failed(e, attachment), true);
        }
        if (attempt == null || AsynchronousConnect.start(() -> run(attempt, remote, attachment, handler), engine.isRequired())) {
            return attempt != null;
        }
        settled(attempt);
        return false;
    }

    /** A connect over SMC, ready to go, or null where it is the JDK channel's. */
    private SmcConnect open(SocketAddress remote) throws SmcUnavailableException {
        try {
            synchronized (stateLock) {
                if (pending) {
                    throw new ConnectionPendingException();
                }
                if (closed || inner.getRemoteAddress() != null) {
                    return null;
                }
                InetSocketAddress target = smcTarget(remote);
                if (target == null) {
                    return null;
                }
                connecting = SmcConnect.open(engine, target, fd(), options, bound);
                pending = true;
                return connecting;
            }
        } catch (IOException e) {
            engine.unusable(e);
            if (engine.isRequired()) {
                throw new SmcUnavailableException("smc.mode=require: no SMC socket for this connect: " + e.getMessage(), e);
            }
            return null;
        }
    }

    private InetSocketAddress smcTarget(SocketAddress remote) throws IOException {
        if (!(remote instanceof InetSocketAddress) || ((InetSocketAddress) remote).isUnresolved()) {
            return null;
        }
        InetSocketAddress target = (InetSocketAddress) remote;
        if (target.getAddress().isAnyLocalAddress()) { // as sun.nio.ch.Net
            target = new InetSocketAddress(InetAddress.getLocalHost(), target.getPort());
        }
        boolean possible = !(target.getAddress() instanceof Inet6Address) || engine.isV6(fd());
        return possible && engine.connect(target, fixedPort).smc() ? target : null;
    }

    /** On a thread of {@link AsynchronousConnect}. */
    private <A> void run(SmcConnect attempt, SocketAddress remote, A attachment, CompletionHandler<Void, ? super A> handler) {
        IOException failure = attempt.run(engine.patienceMillis(0));
        AsynchronousConnect.Report<A> report = new AsynchronousConnect.Report<>(handler);
        Throwable result = null;
        boolean given = false;
        synchronized (stateLock) {
            pending = false;
            connecting = null;
            try {
                if (closed) {
                    result = new AsynchronousCloseException();
                } else if (failure == null) {
                    established(attempt, attachment, report);
                    given = true;
                    result = smc || !engine.isRequired() ? null
                            : new SmcUnavailableException("smc.mode=require: the kernel fell back to TCP for this connection", null);
                } else if (!SmcEngine.isWorthTcp(failure) || engine.isRequired()) {
                    result = last(attempt.target(), failure);
                    attempt.adoptNothing(fd(), () -> inner.connect(attempt.target(), attachment, report));
                    given = true;
                }
            } catch (IOException | RuntimeException e) {
                result = e;
            }
        }
        attempt.close();
        if (failure != null && result == null) {
            boolean asksTcp = engine.abandoned(attempt.target(), failure, attempt.nanos());
            overTcp(attempt, asksTcp, remote, attachment, handler);
            return;
        }
        if (result != null) {
            AsynchronousConnect.closeQuietly(this);
        }
        if (given) {
            report.finish(result);
        } else {
            handler.failed(result, attachment);
        }
    }

    /** What the program is told of a connect that ends with SMC's failure. */
    private IOException last(InetSocketAddress target, IOException failure) {
        if (SmcEngine.isWorthTcp(failure)) {
            return new SmcUnavailableException("smc.mode=require: SMC connect failed: " + failure.getMessage(), failure);
        }
        engine.inconclusive(target);
        return failure;
    }

    private <A> void established(SmcConnect attempt, A attachment, AsynchronousConnect.Report<A> report) throws IOException {
        assert Thread.holdsLock(stateLock);
        InetSocketAddress own = attempt.localAddress();
        attempt.adopt(fd(), () -> inner.connect(attempt.target(), attachment, report));
        local = own;
        smc = attempt.outcome().smc();
        engine.connected(attempt.target(), attempt.outcome(), attempt.nanos());
        peer = smc ? attempt.target() : null;
    }

    private <A> void overTcp(SmcConnect attempt, boolean asksTcp, SocketAddress remote, A attachment, CompletionHandler<Void, ? super A> handler) {
        CompletionHandler<Void, A> learning = new CompletionHandler<>() {
            @Override
            public void completed(Void result, A a) {
                if (asksTcp) {
                    engine.broken(attempt.target(), attempt.nanos());
                }
                handler.completed(result, a);
            }

            @Override
            public void failed(Throwable e, A a) {
                engine.inconclusive(attempt.target());
                handler.failed(e, a);
            }
        };
        try {
            synchronized (stateLock) {
                if (bound && !closed) {
                    SmcConnect.bindAnew(engine, fd(), options);
                }
            }
            inner.connect(remote, attachment, learning);
        } catch (IOException | RuntimeException e) { // a RuntimeException: its group was shut down
            handler.failed(e, attachment);
        }
    }

    private void settled(SmcConnect attempt) {
        synchronized (stateLock) {
            pending = false;
            connecting = null;
        }
        attempt.close();
    }

    @Override
    public <A> void read(ByteBuffer dst, long timeout, TimeUnit unit, A attachment, CompletionHandler<Integer, ? super A> handler) {
        inner.read(dst, timeout, unit, attachment, smc && handler != null ? new EndCheck<Integer, A>(this, handler) : handler);
    }

    @Override
    public <A> void read(ByteBuffer[] dsts, int offset, int length, long timeout, TimeUnit unit, A attachment, CompletionHandler<Long, ? super A> handler) {
        inner.read(dsts, offset, length, timeout, unit, attachment, smc && handler != null ? new EndCheck<Long, A>(this, handler) : handler);
    }

    @Override
    public Future<Integer> read(ByteBuffer dst) {
        return smc ? new EndCheck.OfFuture(this, inner.read(dst)) : inner.read(dst);
    }

    @Override
    public <A> void write(ByteBuffer src, long timeout, TimeUnit unit, A attachment, CompletionHandler<Integer, ? super A> handler) {
        if (noteWrite()) {
            inner.write(src, timeout, unit, attachment, handler);
        } else {
            handler.failed(new ClosedChannelException(), attachment);
        }
    }

    @Override
    public <A> void write(ByteBuffer[] srcs, int offset, int length, long timeout, TimeUnit unit, A attachment, CompletionHandler<Long, ? super A> handler) {
        if (noteWrite()) {
            inner.write(srcs, offset, length, timeout, unit, attachment, handler);
        } else {
            handler.failed(new ClosedChannelException(), attachment);
        }
    }

    @Override
    public Future<Integer> write(ByteBuffer src) {
        return noteWrite() ? inner.write(src) : CompletableFuture.failedFuture(new ClosedChannelException());
    }

    private boolean noteWrite() {
        writes++;
        return !outputShut;
    }

    /** Whether an end of stream is a reset: SMC answers one after a peer's abort too. */
    boolean wasReset() {
        synchronized (stateLock) {
            return !closed && !inputShut && engine.wasReset(fd());
        }
    }

    @Override
    public AsynchronousSocketChannel bind(SocketAddress address) throws IOException {
        synchronized (stateLock) {
            if (pending) {
                throw new ConnectionPendingException();
            }
            inner.bind(address);
            bound = true;
            fixedPort = address != null && ((InetSocketAddress) address).getPort() != 0;
        }
        return this;
    }

    @Override
    public <T> AsynchronousSocketChannel setOption(SocketOption<T> name, T value) throws IOException {
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
    public AsynchronousSocketChannel shutdownInput() throws IOException {
        inner.shutdownInput();
        inputShut = true;
        return this;
    }

    @Override
    public AsynchronousSocketChannel shutdownOutput() throws IOException {
        CloseGuard guard = engine.closeGuard();
        if (smc && !outputShut && isOpen() && guard.unsent(fd()) > 0 && guard.shutdownAfterDrain(fd())) {
            outputShut = true; // SMC's own would wait for the peer to read, and drop what it has not read after 2 s
        } else {
            inner.shutdownOutput();
        }
        return this;
    }

    @Override
    public SocketAddress getRemoteAddress() throws IOException {
        return inner.getRemoteAddress();
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
        SmcConnect attempt;
        synchronized (stateLock) {
            if (closed) {
                return;
            }
            closed = true;
            attempt = connecting;
        }
        if (attempt != null) {
            attempt.abort();
        }
        if (smc && inner.isOpen()) {
            if (peer != null) {
                engine.closed(peer, writes);
            }
            int fd = fd();
            if (engine.closeGuard().unsent(fd) > 0) {
                engine.closeGuard().drainAfterClose(fd);
            }
        }
        inner.close();
    }

    @Override
    public String toString() {
        return inner.toString();
    }
}
