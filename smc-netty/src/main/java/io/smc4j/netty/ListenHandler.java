package io.smc4j.netty;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.unix.Errors;
import io.smc4j.SmcConfigException;
import io.smc4j.SmcUnavailableException;
import io.smc4j.diag.FallbackReason;
import io.smc4j.diag.SmcMode;
import io.smc4j.engine.SmcEngine;
import io.smc4j.internal.Errno;
import io.smc4j.internal.Linux;
import io.smc4j.internal.NativeCalls;
import io.smc4j.policy.SmcDecision;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;

/**
 * Decides at bind, by the local address. Of an SMC listener's accepted connections, those over SMC get a {@link ConnectionHandler}.
 *
 * <p>Everything runs on the channel's event loop.
 */
final class ListenHandler extends MovingHandler {

    private final SmcEngine engine;
    private boolean smc;

    ListenHandler(SmcEngine engine) {
        this.engine = engine;
    }

    @Override
    public void bind(ChannelHandlerContext ctx, SocketAddress local, ChannelPromise promise) {
        EpollServerSocketChannel channel = (EpollServerSocketChannel) ctx.channel();
        boolean usable = local instanceof InetSocketAddress && !((InetSocketAddress) local).isUnresolved();
        if (channel.isActive() || !channel.isOpen() || !usable) {
            ctx.bind(local, promise); // Netty has the right exception
            return;
        }
        SmcTransport asked = channel.attr(SmcNetty.TRANSPORT).get();
        boolean required = asked == SmcTransport.SMC || engine.isRequired();
        try {
            SmcDecision decision = asked == SmcTransport.SMC || asked == SmcTransport.TCP ? null : engine.bind((InetSocketAddress) local);
            boolean wanted = decision == null ? asked == SmcTransport.SMC : decision.smc();
            if (!wanted || channel.config().getTcpFastopen() > 0 && !required) {
                bindTcp(ctx, local, promise);
                return;
            }
        } catch (SmcConfigException e) { // smc.mode=require only
            promise.tryFailure(e);
            return;
        }
        int fresh = open(channel);
        if (fresh >= 0) {
            move(ctx, engine, fresh, () -> { }, () -> bindSmc(ctx, local, promise), promise::tryFailure);
            return;
        }
        IOException cause = Errno.exception("socket", fresh);
        engine.unusable(cause);
        if (required) {
            promise.tryFailure(new SmcUnavailableException("no SMC listener on " + local + ": " + cause.getMessage(), cause));
        } else {
            bindTcp(ctx, local, promise);
        }
    }

    private static void bindTcp(ChannelHandlerContext ctx, SocketAddress local, ChannelPromise promise) {
        ctx.bind(local, promise);
        ctx.pipeline().remove(ctx.name());
    }

    /**
     * A socket of the SMC family with the channel's options, non-blocking; negative: none to be had. Its address family is that of the channel,
     * whose own calls will use it.
     */
    private int open(Channel channel) {
        NativeCalls calls = engine.calls();
        int old = fd(channel);
        boolean v6 = engine.isV6(old);
        int fresh = engine.openListener(v6);
        if (fresh >= 0) {
            int r = new SocketOptions(engine, old, v6).replay(fresh, v6);
            if (v6) { // Netty sets it where the system's default is another, and a program may have set it back to that default
                calls.setsockopt(fresh, Linux.IPPROTO_IPV6, Linux.IPV6_V6ONLY, (int) calls.getsockopt(old, Linux.IPPROTO_IPV6, Linux.IPV6_V6ONLY));
            }
            r = r < 0 ? r : calls.fcntl(fresh, Linux.F_SETFL, Linux.O_NONBLOCK);
            if (r < 0) {
                calls.close(fresh);
                return r;
            }
        }
        return fresh;
    }

    private void bindSmc(ChannelHandlerContext ctx, SocketAddress local, ChannelPromise promise) {
        smc = true;
        ctx.bind(local, promise);
        if (ctx.channel().isActive()) {
            engine.limitHandshakes(fd(ctx.channel()));
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object child) {
        if (smc && child instanceof Channel) {
            Channel accepted = (Channel) child;
            if (engine.isTcp(fd(accepted))) {
                engine.acceptedTcp();
                accepted.pipeline().addFirst(new TellHandler(new SmcConnectionEvent(SmcMode.TCP, FallbackReason.UNKNOWN, "the client uses TCP")));
            } else {
                engine.accepted();
                accepted.pipeline().addFirst(new ConnectionHandler(engine, null, new SmcConnectionEvent(Kinds.smc(), FallbackReason.NONE, "accepted")));
            }
        }
        ctx.fireChannelRead(child);
    }

    /** A handshake that failed, or a peer that went before it was accepted, is no fault of the listener's: Netty would stop accepting for 1 s. */
    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (smc && cause instanceof Errors.NativeIoException) {
            int error = -((Errors.NativeIoException) cause).expectedErr();
            if (error == Errno.ECONNABORTED.number() || error == Errno.ECONNRESET.number()) {
                return;
            }
        }
        ctx.fireExceptionCaught(cause);
    }

    /** Fires an event after channelActive and leaves. */
    private static final class TellHandler extends ChannelInboundHandlerAdapter {

        private final SmcConnectionEvent event;

        TellHandler(SmcConnectionEvent event) {
            this.event = event;
        }

        @Override
        public void channelActive(ChannelHandlerContext ctx) {
            ctx.fireChannelActive();
            ctx.fireUserEventTriggered(event);
            ctx.pipeline().remove(this);
        }
    }
}
