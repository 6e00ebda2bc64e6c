package io.smc4j.netty;

import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.channel.epoll.EpollSocketChannel;
import io.smc4j.SmcConfigException;
import io.smc4j.SmcUnavailableException;
import io.smc4j.diag.FallbackReason;
import io.smc4j.diag.SmcMode;
import io.smc4j.engine.SmcEngine;
import io.smc4j.engine.SmcOutcome;
import io.smc4j.internal.Linux;
import io.smc4j.policy.SmcDecision;
import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ConnectionPendingException;
import java.util.concurrent.TimeUnit;

/**
 * Decides at connect, by the destination, and connects: over SMC by a {@link Handshake} whose socket then moves under the channel, otherwise by
 * Netty's own connect. Leaves the pipeline once the channel is active; over SMC a {@link ConnectionHandler} has taken its place by then.
 *
 * <p>Everything runs on the channel's event loop.
 */
final class ConnectHandler extends MovingHandler {

    private final SmcEngine engine;
    /** The SMC connect under way, or null. */
    private Handshake handshake;
    /** The descriptor of a {@link StandIn} that is still to be closed, or negative. */
    private int standIn = -1;
    /** What to tell the pipeline once the channel is active; null before connect. */
    private SmcConnectionEvent event;

    ConnectHandler(SmcEngine engine) {
        this.engine = engine;
    }

    /** One connect of the program's. */
    private record Attempt(ChannelHandlerContext ctx, InetSocketAddress target, SocketAddress local, ChannelPromise promise, boolean required,
            long start) {

        long nanos() {
            return System.nanoTime() - start;
        }

        /** Whether the socket has a port that the TCP connect would have to share with an SMC connect that failed. */
        boolean fixedPort() {
            return local != null && ((InetSocketAddress) local).getPort() != 0 || ctx.channel().localAddress() instanceof InetSocketAddress bound && bound.getPort() != 0;
        }
    }

    @Override
    public void connect(ChannelHandlerContext ctx, SocketAddress remote, SocketAddress local, ChannelPromise promise) {
        if (handshake != null) {
            promise.tryFailure(new ConnectionPendingException());
            return;
        }
        if (promise.isDone()) {
            return;
        }
        if (ctx.pipeline().firstContext() != ctx) { // a proxy's handler, say, has come between and will name another address
            ctx.pipeline().addFirst(new ConnectHandler(engine));
            ctx.pipeline().remove(this);
            ctx.connect(remote, local, promise);
            return;
        }
        EpollSocketChannel channel = (EpollSocketChannel) ctx.channel();
        if (channel.isActive() || !channel.isOpen() || !canBeSmc(channel, remote, local)) {
            overTcp(ctx, remote, local, promise, "not an address for SMC");
            return;
        }
        SmcTransport asked = ctx.channel().attr(SmcNetty.TRANSPORT).get();
        InetSocketAddress target = (InetSocketAddress) remote;
        Attempt attempt = new Attempt(ctx, target, local, promise, asked == SmcTransport.SMC || engine.isRequired(), System.nanoTime());
        if (channel.config().isTcpFastOpenConnect() && !attempt.required) {
            overTcp(ctx, remote, local, promise, "TCP_FASTOPEN_CONNECT is set");
        } else if (asked == SmcTransport.TCP) {
            overTcp(ctx, remote, local, promise, "SmcNetty.TRANSPORT is TCP");
        } else if (asked == SmcTransport.SMC) {
            overSmc(attempt, "SmcNetty.TRANSPORT is SMC");
        } else {
            decide(attempt);
        }
    }

    private void decide(Attempt attempt) {
        SmcDecision decision;
        try {
            decision = engine.connect(attempt.target, attempt.fixedPort());
        } catch (SmcConfigException e) { // smc.mode=require only
            attempt.promise.tryFailure(e);
            return;
        }
        if (decision.smc()) {
            overSmc(attempt, decision.why());
        } else {
            overTcp(attempt.ctx, attempt.target, attempt.local, attempt.promise, decision.why());
        }
    }

    /** Whether Netty itself could connect this; it has the right exceptions for what it cannot. */
    private boolean canBeSmc(Channel channel, SocketAddress remote, SocketAddress local) {
        if (!(remote instanceof InetSocketAddress) || ((InetSocketAddress) remote).isUnresolved()) {
            return false;
        }
        if (local != null && (!(local instanceof InetSocketAddress) || ((InetSocketAddress) local).isUnresolved())) {
            return false;
        }
        boolean v6 = ((InetSocketAddress) remote).getAddress() instanceof Inet6Address;
        return !v6 || engine.isV6(fd(channel));
    }

    private void overTcp(ChannelHandlerContext ctx, SocketAddress remote, SocketAddress local, ChannelPromise promise, String why) {
        event = new SmcConnectionEvent(SmcMode.TCP, FallbackReason.NONE, why);
        ctx.connect(remote, local, promise);
    }

    private void overSmc(Attempt attempt, String why) {
        ChannelHandlerContext ctx = attempt.ctx;
        Channel channel = ctx.channel();
        Handshake started = new Handshake(engine, channel.eventLoop(), new Handshake.Outcome() {
            @Override
            public void connected(int fd, SmcOutcome kernel, SocketOptions options) {
                handshake = null;
                adopt(attempt, fd, kernel, options, why);
            }

            @Override
            public void failed(Throwable cause) {
                handshake = null;
                giveUp(attempt, cause);
            }

            @Override
            public void refused(Throwable cause) {
                handshake = null;
                engine.inconclusive(attempt.target);
                attempt.promise.tryFailure(cause);
            }
        });
        handshake = started;
        try {
            started.start(channel, attempt.target, (InetSocketAddress) attempt.local,
                    engine.patienceMillis(channel.config().getConnectTimeoutMillis()));
        } catch (IOException | RuntimeException e) {
            handshake = null;
            engine.unusable(e);
            if (attempt.required) {
                attempt.promise.tryFailure(new SmcUnavailableException("no SMC socket for this connect: " + e.getMessage(), e));
            } else {
                overTcp(ctx, attempt.target, attempt.local, attempt.promise, "no SMC socket: " + e.getMessage());
            }
            return;
        }
        channel.closeFuture().addListener(closed -> {
            if (handshake == started) {
                handshake = null;
                started.abort();
                engine.inconclusive(attempt.target);
                attempt.promise.tryFailure(new ClosedChannelException());
            }
        });
        attempt.promise.addListener(done -> {
            if (attempt.promise.isCancelled()) { // as Netty's own connect does
                channel.close();
            }
        });
    }

    /** SMC failed or took too long: the channel's own socket connects, within what is left of the connect time-out. */
    private void giveUp(Attempt attempt, Throwable cause) {
        if (attempt.required) {
            attempt.promise.tryFailure(new SmcUnavailableException("SMC connect to " + attempt.target + " failed: "
                    + (cause == null ? "no answer in time" : cause.getMessage()), cause));
            attempt.ctx.close();
            return;
        }
        boolean asksTcp = engine.abandoned(attempt.target, cause, attempt.nanos());
        ChannelPromise tcp = attempt.ctx.newPromise();
        tcp.addListener(f -> {
            if (f.isSuccess() && asksTcp) {
                engine.broken(attempt.target, attempt.nanos());
            } else if (!f.isSuccess()) {
                engine.inconclusive(attempt.target);
            }
        });
        follow(tcp, attempt.promise);
        EpollSocketChannel channel = (EpollSocketChannel) attempt.ctx.channel();
        int timeout = channel.config().getConnectTimeoutMillis();
        if (timeout > 0) {
            channel.config().setConnectTimeoutMillis((int) Math.max(1, timeout - TimeUnit.NANOSECONDS.toMillis(attempt.nanos())));
        }
        try {
            overTcp(attempt.ctx, attempt.target, attempt.local, tcp, "SMC connect failed: "
                    + (cause == null ? "no answer in time" : cause.getMessage()));
        } finally {
            channel.config().setConnectTimeoutMillis(timeout);
        }
    }

    private static void follow(ChannelPromise inner, ChannelPromise outer) {
        inner.addListener(f -> {
            if (f.isSuccess()) {
                outer.trySuccess();
            } else {
                outer.tryFailure(f.cause());
            }
        });
        outer.addListener(f -> {
            if (outer.isCancelled()) {
                inner.cancel(false);
            }
        });
    }

    /** The handshake is over and {@code fd} connected, over SMC or, after the kernel's fallback, TCP. */
    private void adopt(Attempt attempt, int fd, SmcOutcome kernel, SocketOptions options, String why) {
        ChannelHandlerContext ctx = attempt.ctx;
        boolean smc = kernel.smc();
        engine.connected(attempt.target, kernel, attempt.nanos());
        if (!smc && attempt.required) {
            engine.calls().close(fd);
            attempt.promise.tryFailure(new SmcUnavailableException("the kernel fell back to TCP for this connection", null));
            ctx.close();
            return;
        }
        event = smc ? new SmcConnectionEvent(Kinds.smc(), FallbackReason.NONE, why)
                : new SmcConnectionEvent(SmcMode.TCP, kernel.reason(), "the kernel fell back");
        Channel channel = ctx.channel();
        if (!smc) { // the fallback's TCP socket was never given it
            engine.calls().setsockopt(fd, Linux.SOL_SOCKET, Linux.SO_REUSEADDR, (int) engine.calls().getsockopt(fd(channel), Linux.SOL_SOCKET, Linux.SO_REUSEADDR));
        }
        int own = fd(channel);
        byte[] linger = SocketOptions.linger(engine.calls(), own);
        standIn = StandIn.open(engine.calls(), fd, attempt.target, engine.isV6(own));
        ((EpollSocketChannel) channel).config().setTcpFastOpenConnect(false); // or Netty would send at connect
        move(ctx, engine, fd, () -> {
            options.replayChanges(fd, attempt.target.getAddress() instanceof Inet6Address);
            connectStandIn(attempt);
        }, () -> {
            SocketOptions.setLinger(engine.calls(), own, linger);
            if (smc) {
                channel.pipeline().addFirst(new ConnectionHandler(engine, attempt.target, null));
            }
            if (!channel.isActive()) { // no stand-in: this, too, answers at once, unless the peer has gone
                ctx.connect(attempt.target, attempt.promise);
                return;
            }
            boolean wanted = attempt.promise.trySuccess();
            channel.pipeline().fireChannelActive();
            if (!wanted) {
                channel.close();
            }
        }, e -> {
            closeStandIn();
            attempt.promise.tryFailure(e);
        });
    }

    /** Makes the channel active while neither it nor its program can use it. */
    private void connectStandIn(Attempt attempt) {
        Channel channel = attempt.ctx.channel();
        if (standIn >= 0 && engine.calls().dup3(standIn, fd(channel), Linux.O_CLOEXEC) >= 0) {
            Gate gate = new Gate();
            channel.pipeline().addFirst(gate);
            channel.pipeline().firstContext().connect(attempt.target);
            channel.pipeline().remove(gate);
        }
        closeStandIn();
    }

    /** Once: a move can fail before and after the stand-in had its use, and its number may be another's by then. */
    private void closeStandIn() {
        if (standIn >= 0) {
            engine.calls().close(standIn);
        }
        standIn = -1;
    }

    /** Next to the head: keeps to itself that the channel is active already. */
    private static final class Gate extends ChannelDuplexHandler {

        @Override
        public void channelActive(ChannelHandlerContext ctx) {
            // told once the connection's own socket is there
        }

        @Override
        public void read(ChannelHandlerContext ctx) {
            // so is this
        }
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        SmcConnectionEvent now = event;
        ctx.fireChannelActive();
        if (now != null) {
            ctx.fireUserEventTriggered(now);
        }
        if (ctx.channel().pipeline().context(this) == ctx) {
            ctx.pipeline().remove(this);
        }
    }
}
