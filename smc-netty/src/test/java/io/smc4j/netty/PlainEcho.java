package io.smc4j.netty;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.epoll.EpollEventLoopGroup;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.unix.UnixChannel;
import io.netty.util.ReferenceCountUtil;
import io.smc4j.diag.SmcConnections;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** An echo as any Netty program might have it; asks the kernel, at the end, what both ends of its connection use. */
final class PlainEcho {

    private PlainEcho() {
    }

    @SuppressWarnings("deprecation") // the group that both Netty lines have
    public static void main(String[] args) throws Exception {
        EventLoopGroup group = new EpollEventLoopGroup(1);
        CompletableFuture<Channel> accepted = new CompletableFuture<>();
        CompletableFuture<Void> echoed = new CompletableFuture<>();
        Channel listener = new ServerBootstrap().group(group).channel(EpollServerSocketChannel.class)
                .childHandler(new ChannelInboundHandlerAdapter() {
                    @Override
                    public void channelRead(ChannelHandlerContext ctx, Object msg) {
                        accepted.complete(ctx.channel());
                        ctx.writeAndFlush(msg);
                    }
                }).bind(new InetSocketAddress("127.0.0.1", 0)).sync().channel();
        Channel channel = new Bootstrap().group(group).channel(EpollSocketChannel.class).handler(new ChannelInboundHandlerAdapter() {
            @Override
            public void channelRead(ChannelHandlerContext ctx, Object msg) {
                ReferenceCountUtil.release(msg);
                echoed.complete(null);
            }
        }).connect(listener.localAddress()).sync().channel();
        channel.writeAndFlush(Unpooled.wrappedBuffer(new byte[64])).sync();
        echoed.get(60, TimeUnit.SECONDS);
        System.out.println("client " + path(channel));
        System.out.println("server " + path(accepted.get()));
        channel.close().sync();
        group.shutdownGracefully(0, 1, TimeUnit.SECONDS).sync();
    }

    private static String path(Channel channel) {
        try {
            return SmcConnections.of(((UnixChannel) channel).fd().intValue()).mode().name();
        } catch (IOException e) {
            return "TCP"; // smc.mode=off: no native library, so nobody who could have opened anything else
        }
    }
}
