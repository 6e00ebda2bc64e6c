package io.smc4j.nio;

import io.smc4j.SmcUnavailableException;
import io.smc4j.engine.SmcEngine;
import io.smc4j.engine.SmcOutcome;
import io.smc4j.internal.ChannelFd;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ProtocolFamily;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ConnectionPendingException;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SocketChannel;

/**
 * A channel's life until it is connected: chooses the inner channel at connect, sees the SMC handshake through, and goes on over TCP where that fails or
 * outlasts patience. The channel drops it once it is connected.
 *
 * <p>Lock discipline: {@code lock} guards {@code setup}, {@code connectedEarly} and the replacement of the channel's inner channel. It is never held while
 * a call can block. Order: the channel's own registration lock, {@code lock}, the inner channels' locks.
 */
final class Connector {

    /** In place of a time-out: the channel's own connect, not that of its socket. */
    static final int AS_CHANNEL = -1;

    private final SmcSocketChannel channel;
    private final Transport transport;
    private final ProtocolFamily family;
    private final Object lock = new Object();
    private final Setup setup = new Setup();
    /** The inner channel got connected before the program called finishConnect. */
    private boolean connectedEarly;

    /** @param family the one asked for at open, or null */
    Connector(SmcSocketChannel channel, Transport transport, ProtocolFamily family) {
        this.channel = channel;
        this.transport = transport;
        this.family = family;
    }

    /**
     * Connects as the channel does ({@link #AS_CHANNEL}), or as its socket does, in blocking mode, with a time-out in milliseconds (0: none).
     */
    boolean connect(SocketAddress remote, int timeoutMillis) throws IOException {
        InetSocketAddress target = mayChoose() ? transport.smcTarget(remote, family, hasFixedPort()) : null;
        SocketChannel smcChannel = target == null ? null : openSmc(target);
        if (smcChannel == null) {
            return connectInner(remote, timeoutMillis);
        }
        return channel.isBlocking() ? connectBlocking(smcChannel, target, remote, timeoutMillis) : connectNonBlocking(smcChannel, target);
    }

    /** Whether this connect is the channel's first; otherwise the inner channel finds the right exception. */
    private boolean mayChoose() {
        synchronized (lock) {
            if (setup.attempt != null) {
                throw new ConnectionPendingException();
            }
            return channel.isOpen() && !channel.inner().isConnected() && !channel.inner().isConnectionPending();
        }
    }

    private boolean hasFixedPort() {
        synchronized (lock) {
            return setup.hasFixedPort();
        }
    }

    private boolean connectInner(SocketAddress remote, int timeoutMillis) throws IOException {
        SocketChannel in = channel.inner();
        try {
            if (timeoutMillis != AS_CHANNEL) {
                in.socket().connect(remote, timeoutMillis);
            } else if (!in.connect(remote)) {
                return false;
            }
        } catch (IOException e) {
            failed(null);
            if (!in.isOpen()) {
                Transport.closeQuietly(channel);
            }
            throw e;
        }
        connectedOverTcp();
        return true;
    }

    private void connectedOverTcp() {
        ConnectAttempt gaveUp;
        synchronized (lock) {
            gaveUp = setup.gaveUp;
            channel.connected(null);
        }
        if (gaveUp != null) {
            transport.engine().broken(gaveUp.remote, gaveUp.nanos());
        }
    }

    /** The connect failed; SMC has no part in it. */
    private void failed(InetSocketAddress remote) {
        InetSocketAddress tried;
        synchronized (lock) {
            tried = remote != null || setup.gaveUp == null ? remote : setup.gaveUp.remote;
        }
        if (tried != null) {
            transport.engine().inconclusive(tried);
        }
    }

    /** A fresh SMC channel with this one's options and local address, or null where there is none to be had. */
    private SocketChannel openSmc(InetSocketAddress target) throws IOException {
        SocketChannel fresh = null;
        try {
            fresh = transport.openSmc(Setup.isV6(target));
            synchronized (lock) {
                setup.prepare(channel.inner(), fresh, Setup.isV6(target));
            }
            return fresh;
        } catch (IOException | RuntimeException e) {
            if (fresh != null) {
                fresh.close();
            }
            transport.engine().unusable(e);
            if (transport.engine().isRequired()) {
                channel.close();
                throw new SmcUnavailableException("smc.mode=require: no SMC socket for this connect: " + e.getMessage(), e);
            }
            return null;
        }
    }

    private boolean connectBlocking(SocketChannel smcChannel, InetSocketAddress target, SocketAddress remote, int timeoutMillis)
            throws IOException {
        ConnectAttempt attempt = new ConnectAttempt(target, smcChannel);
        synchronized (lock) {
            if (!channel.isOpen()) {
                smcChannel.close();
                throw new AsynchronousCloseException();
            }
            setup.attempt = attempt;
        }
        int kept = transport.engine().closeGuard().keep(ChannelFd.of(smcChannel));
        IOException failure = null;
        try {
            smcChannel.socket().connect(target, transport.engine().patienceMillis(timeoutMillis));
            failure = attempt.problem(transport.engine());
        } catch (IOException e) {
            failure = e;
        } finally {
            transport.engine().closeGuard().release(kept, failure == null);
        }
        synchronized (lock) {
            setup.attempt = null;
            if (failure == null && channel.isOpen()) {
                Transport.closeQuietly(channel.inner());
                channel.setInner(smcChannel);
                smcChannel.configureBlocking(setup.isBlocking());
            }
        }
        if (failure == null && channel.isOpen()) {
            established(attempt);
            return true;
        }
        Transport.closeQuietly(smcChannel);
        if (Thread.currentThread().isInterrupted()) {
            Transport.closeQuietly(channel);
            throw new ClosedByInterruptException();
        }
        if (!channel.isOpen()) {
            throw new AsynchronousCloseException();
        }
        if (!SmcEngine.isWorthTcp(failure)) {
            failed(target);
            channel.close();
            throw failure;
        }
        giveUpSmc(attempt, failure);
        bindAnew(target);
        int left = timeoutMillis <= 0 ? timeoutMillis : (int) Math.max(1, timeoutMillis - attempt.nanos() / 1_000_000);
        return connectInner(remote, left);
    }

    private boolean connectNonBlocking(SocketChannel smcChannel, InetSocketAddress target) throws IOException {
        ConnectAttempt attempt = new ConnectAttempt(target, smcChannel);
        boolean connected;
        synchronized (lock) {
            if (!channel.isOpen()) {
                smcChannel.close();
                throw new ClosedChannelException();
            }
            try {
                smcChannel.configureBlocking(false);
                connected = smcChannel.connect(target);
            } catch (IOException e) {
                Transport.closeQuietly(smcChannel);
                if (!SmcEngine.isWorthTcp(e)) {
                    channel.close();
                    throw e;
                }
                giveUpSmc(attempt, e);
                bindAnew(target);
                return connectInner(target, AS_CHANNEL);
            }
            replaceInner(smcChannel);
            if (!connected) {
                setup.attempt = attempt;
                attempt.timer = Transport.later(() -> outOfPatience(attempt), transport.engine().patienceMillis(0));
            }
        }
        if (connected) {
            established(attempt);
        }
        return connected;
    }

    /** A bound channel's TCP connect after SMC's: see {@link Setup#letPortGo}. */
    private void bindAnew(InetSocketAddress target) throws IOException {
        synchronized (lock) {
            if (setup.isLate() && channel.isOpen()) {
                setup.replayOptions(channel.inner());
            }
            if (!setup.isBound() || !channel.isOpen()) {
                return;
            }
            SocketChannel tcp = freshTcp(target);
            try {
                tcp.configureBlocking(setup.isBlocking());
                replaceInner(tcp);
            } catch (IOException e) {
                Transport.closeQuietly(tcp);
                throw e;
            }
        }
    }

    /** A TCP channel with this one's options and local address. */
    private SocketChannel freshTcp(InetSocketAddress target) throws IOException {
        assert Thread.holdsLock(lock);
        SocketChannel tcp = transport.openTcp(family);
        try {
            setup.letPortGo();
            setup.prepare(null, tcp, family == null || Setup.isV6(target));
            return tcp;
        } catch (IOException | RuntimeException e) {
            Transport.closeQuietly(tcp);
            throw e;
        }
    }

    private void replaceInner(SocketChannel fresh) throws IOException {
        assert Thread.holdsLock(lock);
        SocketChannel old = channel.inner();
        channel.setInner(fresh);
        setup.moveKeys(fresh);
        if (setup.attempt != null && old == setup.attempt.channel) {
            transport.abandon(old);
        } else {
            old.close();
        }
    }

    /** As the channel's. */
    boolean finishConnect() throws IOException {
        for (;;) {
            SocketChannel in;
            ConnectAttempt attempt;
            synchronized (lock) {
                if (connectedEarly) {
                    connectedEarly = false;
                    connectedOverTcp();
                    return true;
                }
                in = channel.inner();
                attempt = channel.isOpen() ? setup.attempt : null;
            }
            if (attempt == null) {
                boolean done = finishInner(in);
                if (done) {
                    connectedOverTcp();
                }
                return done;
            }
            if (attempt.failure != null) {
                failed(attempt.remote);
                channel.close();
                throw attempt.failure;
            }
            if (finishAttempt(in, attempt)) {
                established(attempt);
                return true;
            }
            if (in == channel.inner()) {
                return false;
            }
        }
    }

    private boolean finishInner(SocketChannel in) throws IOException {
        try {
            return in.finishConnect();
        } catch (IOException e) {
            failed(null);
            if (!in.isOpen()) {
                Transport.closeQuietly(channel);
            }
            throw e;
        }
    }

    /** Answers true when SMC's handshake is over and well; has moved on to TCP where {@code inner} is another one afterwards. */
    private boolean finishAttempt(SocketChannel in, ConnectAttempt attempt) throws IOException {
        IOException failure;
        try {
            if (!in.finishConnect()) {
                return false;
            }
            failure = attempt.problem(transport.engine());
            if (failure == null) {
                return true;
            }
        } catch (IOException e) {
            failure = e;
        }
        synchronized (lock) {
            if (in == channel.inner() && channel.isOpen()) {
                if (!SmcEngine.isWorthTcp(failure)) {
                    attempt.cancelTimer();
                    failed(attempt.remote);
                    channel.close();
                    throw failure;
                }
                retryOverTcp(attempt, failure);
            } else if (!channel.isOpen()) {
                throw failure;
            }
        }
        return false;
    }

    /**
     * Asked by the selector before it reports OP_CONNECT of {@code ready}, an inner channel.
     *
     * @return false where the program is not to be told: SMC failed and the connect goes on over TCP
     */
    boolean connectReady(SelectableChannel ready) {
        synchronized (lock) {
            ConnectAttempt attempt = setup.attempt;
            if (attempt == null || attempt.failure != null || !channel.isOpen()) {
                return true;
            }
            if (ready != channel.inner()) {
                return false;
            }
            try {
                IOException failure = attempt.problem(transport.engine());
                if (failure == null) {
                    return true;
                }
                failure = pendingFailure(failure);
                if (failure == null) {
                    return false;
                }
                if (SmcEngine.isWorthTcp(failure)) {
                    retryOverTcp(attempt, failure);
                    return false;
                }
                attempt.failure = failure;
            } catch (IOException e) {
                attempt.failure = e;
            }
            attempt.cancelTimer();
            return true;
        }
    }

    private IOException pendingFailure(IOException problem) {
        try {
            return channel.inner().finishConnect() ? problem : null;
        } catch (IOException e) {
            return e;
        }
    }

    private void outOfPatience(ConnectAttempt attempt) {
        synchronized (lock) {
            if (channel.isOpen() && setup.attempt == attempt && attempt.failure == null && channel.inner() == attempt.channel
                    && !transport.engine().hasPeer(ChannelFd.of(channel.inner()))) {
                try {
                    retryOverTcp(attempt, null);
                } catch (IOException e) {
                    attempt.failure = e;
                    setup.keys().forEach(key -> key.owner().connectedAlready(key));
                }
            }
        }
    }

    /** Goes on over TCP with a non-blocking connect on a fresh inner channel. */
    private void retryOverTcp(ConnectAttempt attempt, IOException cause) throws IOException {
        assert Thread.holdsLock(lock);
        attempt.cancelTimer();
        giveUpSmc(attempt, cause);
        SocketChannel tcp = freshTcp(attempt.remote);
        try {
            tcp.configureBlocking(false);
            connectedEarly = tcp.connect(attempt.remote);
            replaceInner(tcp);
            setup.attempt = null;
            tcp.configureBlocking(setup.isBlocking());
            if (connectedEarly) {
                setup.keys().forEach(key -> key.owner().connectedAlready(key));
            }
        } catch (IOException | RuntimeException e) {
            Transport.closeQuietly(tcp);
            throw e;
        }
    }

    private void giveUpSmc(ConnectAttempt attempt, IOException cause) throws IOException {
        if (transport.engine().isRequired()) {
            channel.close();
            throw new SmcUnavailableException("smc.mode=require: SMC connect failed: "
                    + (cause == null ? "no answer in time" : cause.getMessage()), cause);
        }
        boolean asksTcp = transport.engine().abandoned(attempt.remote, cause, attempt.nanos());
        synchronized (lock) {
            setup.gaveUp = asksTcp ? attempt : null;
        }
    }

    private void established(ConnectAttempt attempt) throws IOException {
        SmcOutcome outcome = attempt.outcome(transport.engine());
        boolean overSmc = outcome != null && outcome.smc();
        synchronized (lock) {
            attempt.cancelTimer();
            setup.attempt = null;
            if (!channel.isOpen()) {
                return;
            }
            if (!overSmc || setup.isLate()) {
                setup.replayOptions(channel.inner()); // the kernel's fallback leaves some behind: SO_REUSEADDR
            }
            channel.connected(overSmc ? attempt.remote : null);
        }
        if (outcome != null) {
            transport.engine().connected(attempt.remote, outcome, attempt.nanos());
        }
        if (!overSmc && transport.engine().isRequired()) {
            channel.close();
            throw new SmcUnavailableException("smc.mode=require: the kernel fell back to TCP for this connection", null);
        }
    }

    /** As the channel's. */
    void bind(SocketAddress local) throws IOException {
        synchronized (lock) {
            if (setup.attempt != null) {
                throw new ConnectionPendingException();
            }
            channel.inner().bind(local);
            setup.bound(local, channel.inner().getLocalAddress());
        }
    }

    /** As the channel's; remembered for an inner channel to come. */
    <T> void setOption(SocketOption<T> name, T value) throws IOException {
        synchronized (lock) {
            if (setup.attempt == null || !channel.isOpen()) {
                channel.inner().setOption(name, value);
                setup.remember(name, value);
                return;
            }
            // A socket in an SMC handshake would make setsockopt wait for its end; another one finds what is wrong with the value.
            try (SocketChannel judge = transport.openTcp(family)) {
                judge.setOption(name, value);
            }
            setup.rememberLate(name, value);
        }
    }

    /** As the channel's. */
    @SuppressWarnings("unchecked")
    <T> T getOption(SocketOption<T> name) throws IOException {
        synchronized (lock) {
            Object late = setup.attempt != null && setup.isLate() && channel.isOpen() ? setup.option(name) : null;
            return late == null ? channel.inner().getOption(name) : (T) late;
        }
    }

    boolean isConnected() {
        synchronized (lock) {
            return !connectedEarly && setup.attempt == null && channel.inner().isConnected();
        }
    }

    boolean isConnectionPending() {
        synchronized (lock) {
            return connectedEarly || (setup.attempt != null ? channel.isOpen() : channel.inner().isConnectionPending());
        }
    }

    void configureBlocking(boolean block) throws IOException {
        SocketChannel in = channel.inner();
        in.configureBlocking(block); // not under the lock: it waits for a connect of another thread
        synchronized (lock) {
            setup.blocking(block);
            if (channel.inner() != in) {
                channel.inner().configureBlocking(block);
            }
        }
    }

    void register(SmcSelectionKey key) throws IOException {
        synchronized (lock) {
            key.setInner(key.owner().registerJdk(channel.inner(), key));
            setup.add(key);
        }
    }

    void forget(SmcSelectionKey key) {
        synchronized (lock) {
            setup.remove(key);
        }
    }

    /** The channel is being closed; answers false where it has got connected meanwhile and is the channel's own to close. */
    boolean close() throws IOException {
        ConnectAttempt attempt;
        synchronized (lock) {
            if (channel.connector() == null) {
                return false;
            }
            attempt = setup.attempt;
            if (attempt != null) {
                attempt.cancelTimer();
            }
        }
        SocketChannel in = channel.inner();
        if (attempt == null) {
            in.close();
        } else if (attempt.channel == in) {
            channel.setInner(transport.closedChannel());
            transport.abandon(in);
        } else {
            attempt.channel.close(); // a thread is connecting it, and keeps the socket
            in.close();
        }
        return true;
    }
}
