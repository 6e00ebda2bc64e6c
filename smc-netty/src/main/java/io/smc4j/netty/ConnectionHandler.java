package io.smc4j.netty;

import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.socket.DuplexChannel;
import io.netty.channel.unix.Errors;
import io.smc4j.engine.CloseGuard;
import io.smc4j.engine.SmcEngine;
import io.smc4j.internal.Linux;
import java.net.InetSocketAddress;
import java.util.concurrent.RejectedExecutionException;

/**
 * Next to the head of a connection over SMC: tells a reset from an end, keeps what is unsent moving after close, and counts exchanges for
 * the memory of short connections. Costs one call per read loop, none per message.
 */
@SuppressWarnings("deprecation") // the handle's type that both Netty lines have
final class ConnectionHandler extends ChannelDuplexHandler {

    private final SmcEngine engine;
    /** The peer a client connected to; null in accepted connections, of whose peers nothing is learnt. */
    private final InetSocketAddress remote;
    /** To be fired after channelActive, or null. */
    private SmcConnectionEvent event;
    /** Netty's own, which knows what the last read brought; a channel has one all its life. */
    private RecvByteBufAllocator.Handle reads;
    private long exchanges;
    private boolean guarded;

    ConnectionHandler(SmcEngine engine, InetSocketAddress remote, SmcConnectionEvent event) {
        this.engine = engine;
        this.remote = remote;
        this.event = event;
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        SmcConnectionEvent now = event;
        event = null;
        stayFirst(ctx);
        ctx.fireChannelActive();
        if (now != null) {
            ctx.fireUserEventTriggered(now);
        }
    }

    /** A handler put before this one, as a TLS handler often is, would close the channel past this one. */
    private void stayFirst(ChannelHandlerContext ctx) {
        if (ctx.pipeline().firstContext() != ctx && !ctx.isRemoved()) {
            ctx.pipeline().remove(this);
            ctx.pipeline().addFirst(this);
        }
    }

    /** It is removed and added again; belongs to one channel all the same. */
    @Override
    public boolean isSharable() {
        return true;
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        exchanges++;
        stayFirst(ctx);
        ctx.fireChannelReadComplete();
        RecvByteBufAllocator.Handle handle = reads;
        if (handle == null) { // not before the first read: a channel's options may not be set yet
            handle = ctx.channel().unsafe().recvBufAllocHandle();
            reads = handle;
        }
        if (handle.lastBytesRead() < 0) {
            atEnd(ctx);
        }
    }

    /** Netty read 0 bytes and is about to close the channel or its input, without another word to the pipeline. */
    private void atEnd(ChannelHandlerContext ctx) {
        EpollSocketChannel channel = (EpollSocketChannel) ctx.channel();
        if (!channel.isOpen()) {
            return;
        }
        if (engine.wasReset(MovingHandler.fd(channel))) {
            ctx.fireExceptionCaught(Errors.newConnectionResetException("recvAddress", Errors.ERRNO_ECONNRESET_NEGATIVE));
        }
        if (!channel.config().isAllowHalfClosure() && channel.isOpen()) {
            guard(channel);
        }
    }

    @Override
    public void close(ChannelHandlerContext ctx, ChannelPromise promise) {
        if (ctx.channel().isOpen()) {
            guard((EpollSocketChannel) ctx.channel());
        }
        ctx.close(promise);
    }

    /** SO_LINGER, where it is set, says what close is to do; Netty then closes on another thread than the loop's. */
    private void guard(EpollSocketChannel channel) {
        int fd = MovingHandler.fd(channel);
        if (!guarded && engine.closeGuard().unsent(fd) > 0 && channel.config().getSoLinger() < 0) {
            guarded = engine.closeGuard().drainAfterClose(fd);
        }
    }

    /**
     * Shuts the channel's output down once the socket has drained; the kernel's shutdown, which would wait for that, runs on the closer's thread. On the
     * channel's event loop.
     */
    void shutdownOutput(DuplexChannel channel, ChannelPromise promise) {
        CloseGuard guard = engine.closeGuard();
        boolean unsent = channel.isOpen() && guard.unsent(MovingHandler.fd(channel)) > 0;
        int kept = unsent ? guard.keep(MovingHandler.fd(channel)) : -1;
        if (kept < 0) {
            channel.shutdownOutput(promise);
            return;
        }
        guard.whenDrained(kept, () -> true, () -> {
            engine.calls().shutdown(kept, Linux.SHUT_WR);
            engine.calls().close(kept);
            try {
                channel.eventLoop().execute(() -> channel.shutdownOutput(promise)); // the channel's state; the socket's is done
            } catch (RejectedExecutionException e) { // the loop is over, and the channel with it
                promise.tryFailure(e);
            }
        });
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        if (remote != null) {
            engine.closed(remote, exchanges);
        }
        ctx.fireChannelInactive();
    }
}
