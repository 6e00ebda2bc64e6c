package io.smc4j.netty;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.smc4j.SmcUnavailableException;
import java.net.SocketAddress;

/** {@code smc.mode=require} without SMC: every connect and bind fails with the reason. */
final class RefuseHandler extends ChannelOutboundHandlerAdapter {

    private final SmcUnavailableException cause;

    RefuseHandler(SmcUnavailableException cause) {
        this.cause = cause;
    }

    @Override
    public void connect(ChannelHandlerContext ctx, SocketAddress remote, SocketAddress local, ChannelPromise promise) {
        promise.tryFailure(new SmcUnavailableException(cause.getMessage(), cause));
    }

    @Override
    public void bind(ChannelHandlerContext ctx, SocketAddress local, ChannelPromise promise) {
        promise.tryFailure(new SmcUnavailableException(cause.getMessage(), cause));
    }
}
