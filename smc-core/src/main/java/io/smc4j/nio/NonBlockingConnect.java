package io.smc4j.nio;

import io.smc4j.engine.SmcEngine;
import io.smc4j.internal.ChannelFd;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SocketChannel;

/**
 * The half of a {@link Connector} for non-blocking channels: from connect to finishConnect, with what a selector and the end of patience do meanwhile.
 *
 * <p>Lock discipline: {@code lock} is the connector's and guards {@code connectedEarly}.
 */
final class NonBlockingConnect {

    private final Connector connector;
    private final SmcSocketChannel channel;
    private final Transport transport;
    private final Object lock;
    private final Setup setup;
    /** The inner channel got connected before the program called finishConnect. */
    private boolean connectedEarly;

    NonBlockingConnect(Connector connector, SmcSocketChannel channel, Transport transport, Object lock, Setup setup) {
        this.connector = connector;
        this.channel = channel;
        this.transport = transport;
        this.lock = lock;
        this.setup = setup;
    }

    /** Whether the program has yet to be told of a connect that is over; asked under the lock. */
    boolean isConnectedEarly() {
        assert Thread.holdsLock(lock);
        return connectedEarly;
    }

    /** Connects {@code smcChannel} in the place of the channel's inner one; answers whether it is connected, over SMC or TCP. */
    boolean connect(SocketChannel smcChannel, InetSocketAddress target) throws IOException {
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
                connector.giveUpSmc(attempt, e);
                connector.readyForTcp(target);
                return connector.connectInner(target, Connector.AS_CHANNEL);
            }
            connector.replaceInner(smcChannel);
            if (!connected) {
                setup.attempt = attempt;
                attempt.timer = Transport.later(() -> outOfPatience(attempt), transport.engine().patienceMillis(0));
            }
        }
        if (connected) {
            connector.established(attempt);
        }
        return connected;
    }

    /** As the channel's. */
    boolean finish() throws IOException {
        for (;;) {
            SocketChannel in;
            ConnectAttempt attempt;
            synchronized (lock) {
                if (connectedEarly) {
                    connectedEarly = false;
                    connector.connectedOverTcp();
                    return true;
                }
                in = channel.inner();
                attempt = channel.isOpen() ? setup.attempt : null;
            }
            if (attempt == null) {
                boolean done = finishInner(in);
                if (done) {
                    connector.connectedOverTcp();
                }
                return done;
            }
            if (attempt.failure != null) {
                connector.failed(attempt.remote);
                channel.close();
                throw attempt.failure;
            }
            if (finishAttempt(in, attempt)) {
                connector.established(attempt);
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
            connector.failed(null);
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
                    connector.failed(attempt.remote);
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
    boolean ready(SelectableChannel ready) {
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
        connector.giveUpSmc(attempt, cause);
        SocketChannel tcp = connector.freshTcp(attempt.remote);
        try {
            tcp.configureBlocking(false);
            connectedEarly = tcp.connect(attempt.remote);
            connector.replaceInner(tcp);
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
}
