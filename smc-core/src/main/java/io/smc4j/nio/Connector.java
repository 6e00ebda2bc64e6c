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
import java.nio.channels.ConnectionPendingException;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SocketChannel;

/**
 * A channel's life until it is connected: chooses the inner channel at connect, sees the SMC handshake through, and goes on over TCP where that fails or
 * outlasts patience. The channel drops it once it is connected.
 *
 * <p>Lock discipline: {@code lock} guards {@code setup} and the replacement of the channel's inner channel. It is never held while
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
    private final NonBlockingConnect nonBlocking;

    /** @param family the one asked for at open, or null */
    Connector(SmcSocketChannel channel, Transport transport, ProtocolFamily family) {
        this.channel = channel;
        this.transport = transport;
        this.family = family;
        this.nonBlocking = new NonBlockingConnect(this, channel, transport, lock, setup);
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
        return channel.isBlocking() ? connectBlocking(smcChannel, target, remote, timeoutMillis) : nonBlocking.connect(smcChannel, target);
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

    boolean connectInner(SocketAddress remote, int timeoutMillis) throws IOException {
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

    void connectedOverTcp() {
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
    void failed(InetSocketAddress remote) {
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
        readyForTcp(target);
        int left = timeoutMillis <= 0 ? timeoutMillis : (int) Math.max(1, timeoutMillis - attempt.nanos() / 1_000_000);
        return connectInner(remote, left);
    }

    /** Makes the inner TCP channel, which has waited, fit for a connect after SMC's: a bound one must not keep its port, see {@link Setup#letPortGo}. */
    void readyForTcp(InetSocketAddress target) throws IOException {
        synchronized (lock) {
            if (!channel.isOpen()) {
                return;
            }
            if (!setup.isBound()) {
                if (setup.isLate()) {
                    setup.replayOptions(channel.inner());
                }
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
    SocketChannel freshTcp(InetSocketAddress target) throws IOException {
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

    void replaceInner(SocketChannel fresh) throws IOException {
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
        return nonBlocking.finish();
    }

    /** As {@link NonBlockingConnect#ready}. */
    boolean connectReady(SelectableChannel ready) {
        return nonBlocking.ready(ready);
    }

    /** Notes that SMC is given up for TCP; in {@code smc.mode=require} closes the channel and fails. */
    void giveUpSmc(ConnectAttempt attempt, IOException cause) throws IOException {
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

    void established(ConnectAttempt attempt) throws IOException {
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
            return !nonBlocking.isConnectedEarly() && setup.attempt == null && channel.inner().isConnected();
        }
    }

    boolean isConnectionPending() {
        synchronized (lock) {
            return nonBlocking.isConnectedEarly() || (setup.attempt != null ? channel.isOpen() : channel.inner().isConnectionPending());
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
