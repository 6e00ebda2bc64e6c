package io.smc4j.netty;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.EventLoop;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.socket.InternetProtocolFamily;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.ScheduledFuture;
import io.smc4j.engine.CloseGuard;
import io.smc4j.engine.SmcEngine;
import io.smc4j.engine.SmcOutcome;
import io.smc4j.internal.Errno;
import io.smc4j.internal.Linux;
import io.smc4j.internal.NativeCalls;
import io.smc4j.internal.SockAddr;
import java.io.IOException;
import java.net.ConnectException;
import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.net.NoRouteToHostException;
import java.net.SocketException;
import java.util.concurrent.TimeUnit;

/**
 * An SMC connect under way, on a channel of its own: the program's channel stays untouched meanwhile, so that its TCP socket can connect as if
 * nothing had happened where SMC fails or takes too long. Netty has no way to take back a connect on a channel that stays open.
 *
 * <p>Everything runs on the event loop of the program's channel. Ends by exactly one call of {@link Outcome}, or by none after
 * {@link #abort}.
 */
final class Handshake {

    /** How the handshake ended. */
    interface Outcome {

        /**
         * Connected.
         *
         * @param fd the socket's only descriptor, the receiver's to close
         * @param kernel over TCP where this says that it fell back
         * @param options of the program's socket, at the start
         */
        void connected(int fd, SmcOutcome kernel, SocketOptions options);

        /** Failed or took too long (null): TCP may do better. */
        void failed(Throwable cause);

        /** Failed as TCP would have: the SYN is TCP's. */
        void refused(Throwable cause);
    }

    private final SmcEngine engine;
    private final Outcome outcome;
    private final EventLoop loop;
    private EpollSocketChannel helper;
    private SocketOptions options;
    private ScheduledFuture<?> timer;
    private boolean over;

    Handshake(SmcEngine engine, EventLoop loop, Outcome outcome) {
        this.engine = engine;
        this.loop = loop;
        this.outcome = outcome;
    }

    /**
     * Opens an SMC socket like {@code channel}'s and connects it.
     *
     * @param local local address to bind to, or null
     * @param patienceMillis how long to wait
     * @throws IOException where there is no SMC socket to be had; the outcome is not called then
     */
    @SuppressWarnings("deprecation") // the family's type that both Netty lines have
    void start(Channel channel, InetSocketAddress target, InetSocketAddress local, int patienceMillis) throws IOException {
        boolean v6 = target.getAddress() instanceof Inet6Address;
        helper = new EpollSocketChannel(v6 ? InternetProtocolFamily.IPv6 : InternetProtocolFamily.IPv4);
        try {
            int fd = MovingHandler.fd(helper);
            int from = MovingHandler.fd(channel);
            engine.convert(fd, v6);
            options = new SocketOptions(engine, from, engine.isV6(from));
            Errno.check("SO_REUSEPORT", options.replay(fd, v6));
            if (local == null) {
                bindAlike(engine.calls(), from, fd, v6);
            }
        } catch (IOException | RuntimeException e) {
            helper.unsafe().closeForcibly();
            throw e;
        }
        helper.config().setAutoRead(false).setConnectTimeoutMillis(0);
        timer = loop.schedule(this::outOfPatience, patienceMillis, TimeUnit.MILLISECONDS);
        loop.register(helper).addListener(registered -> {
            if (registered.isSuccess()) {
                ChannelFuture connect = local == null ? helper.connect(target) : helper.connect(target, local);
                connect.addListener(this::done);
            } else {
                done(registered);
            }
        });
    }

    /** Binds {@code to} to the address that {@code from} holds; both may have it at once while both have SO_REUSEADDR and neither listens. */
    private static void bindAlike(NativeCalls calls, int from, int to, boolean v6) throws IOException {
        byte[] bytes = new byte[SockAddr.IN6_LENGTH];
        InetSocketAddress bound = SockAddr.parse(bytes, calls.getsockname(from, bytes));
        if (bound == null || bound.getPort() == 0) {
            return;
        }
        if (bound.getAddress() instanceof Inet6Address != v6) {
            if (!bound.getAddress().isAnyLocalAddress()) {
                throw new SocketException("bound to the other address family");
            }
            bound = new InetSocketAddress(v6 ? "::" : "0.0.0.0", bound.getPort());
        }
        long reuse = calls.getsockopt(from, Linux.SOL_SOCKET, Linux.SO_REUSEADDR);
        calls.setsockopt(from, Linux.SOL_SOCKET, Linux.SO_REUSEADDR, 1);
        calls.setsockopt(to, Linux.SOL_SOCKET, Linux.SO_REUSEADDR, 1);
        Errno.check("bind", calls.bind(to, SockAddr.of(bound)));
        if (reuse == 0) {
            calls.setsockopt(from, Linux.SOL_SOCKET, Linux.SO_REUSEADDR, 0);
            calls.setsockopt(to, Linux.SOL_SOCKET, Linux.SO_REUSEADDR, 0);
        }
    }

    /** Called in the same step in which Netty finishes the helper's connect: before it can read anything from the socket. */
    private void done(Future<?> connect) {
        if (!over) {
            settle(connect.cause());
        }
    }

    private void outOfPatience() {
        if (over) {
            return;
        }
        if (engine.hasPeer(MovingHandler.fd(helper))) { // the connection is made, the loop has yet to hear of it, and the peer may have spoken
            settle(null);
        } else {
            abort();
            outcome.failed(null);
        }
    }

    /** The connect is over; {@code cause}: Netty's word on its failure, or null. */
    private void settle(Throwable cause) {
        end();
        int fd = MovingHandler.fd(helper);
        // SO_ERROR may read 0 after a failed SMC connect: having a peer is the proof
        SmcOutcome kernel = cause == null ? engine.outcome(fd) : null;
        Throwable problem = cause == null ? SmcEngine.problem(kernel) : cause;
        int kept = problem == null ? engine.closeGuard().keep(fd) : -1;
        helper.close();
        if (kept >= 0) {
            outcome.connected(kept, kernel, options);
        } else if (isTcpsAnswer(problem)) {
            outcome.refused(problem);
        } else {
            outcome.failed(problem != null ? problem : new SocketException("no descriptor left"));
        }
    }

    /** Gives the handshake up; waiting for its end, which a close in the middle of it does, is left to the closer. */
    void abort() {
        if (over) {
            return;
        }
        end();
        if (helper.isOpen()) {
            CloseGuard guard = engine.closeGuard();
            guard.release(guard.keep(MovingHandler.fd(helper)), false);
            helper.close();
        }
    }

    private void end() {
        over = true;
        timer.cancel(false);
    }

    /** Refused and unreachable: what the peer or the network said to TCP's SYN. By Netty's types and messages, as it has no others. */
    private static boolean isTcpsAnswer(Throwable cause) {
        return cause instanceof NoRouteToHostException
                || cause instanceof ConnectException && String.valueOf(cause.getMessage()).contains("Connection refused");
    }
}
