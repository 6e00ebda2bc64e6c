package io.smc4j.jmh;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.unix.UnixChannel;
import io.smc4j.netty.SmcNetty;
import io.smc4j.netty.SmcTransport;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** A listener of Netty's epoll transport and clients for it, on one event loop each. */
final class NettyChannels implements AutoCloseable {

    /** Whose channels. */
    enum Kind {
        /** Netty's own. */
        EPOLL,
        /** Ours, which use TCP because the bootstrap says so. */
        SMC4J_TCP,
        /** Ours. */
        SMC4J
    }

    private final Kind kind;
    private final EventLoopGroup clientLoop = SmcNetty.newEventLoopGroup(1);
    private final EventLoopGroup serverLoop = SmcNetty.newEventLoopGroup(1);
    private final List<Channel> accepted = new CopyOnWriteArrayList<>();
    private final int port;

    /** Listens; each accepted channel gets a handler. */
    NettyChannels(Kind kind, Supplier<ChannelHandler> serverHandler) {
        this.kind = kind;
        ServerBootstrap server = new ServerBootstrap().group(serverLoop).option(ChannelOption.SO_BACKLOG, Listener.BACKLOG)
                .childOption(ChannelOption.TCP_NODELAY, true).childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        accepted.add(channel);
                        channel.closeFuture().addListener(f -> accepted.remove(channel));
                        channel.pipeline().addLast(serverHandler.get());
                    }
                });
        if (kind == Kind.EPOLL) {
            server.channel(EpollServerSocketChannel.class);
        } else {
            server.channelFactory(SmcNetty.serverChannels());
        }
        if (kind == Kind.SMC4J_TCP) {
            server.attr(SmcNetty.TRANSPORT, SmcTransport.TCP);
        }
        port = ((InetSocketAddress) server.bind("0.0.0.0", 0).syncUninterruptibly().channel().localAddress()).getPort();
    }

    /** A connected client; {@link Listener#connect}. */
    Channel connect(int address, ChannelHandler handler) throws IOException {
        Bootstrap bootstrap = new Bootstrap().group(clientLoop).option(ChannelOption.TCP_NODELAY, true).handler(handler);
        if (kind == Kind.EPOLL) {
            bootstrap.channel(EpollSocketChannel.class);
        } else {
            bootstrap.channelFactory(SmcNetty.clientChannels());
        }
        if (kind == Kind.SMC4J_TCP) {
            bootstrap.attr(SmcNetty.TRANSPORT, SmcTransport.TCP);
        }
        return bootstrap.connect(Listener.loopback(address, port)).syncUninterruptibly().channel();
    }

    /** What the kernel says of these and of the accepted ones that are open. */
    List<String> wires(List<Channel> clients) throws IOException {
        List<String> wires = new ArrayList<>();
        for (List<Channel> side : List.of(clients, accepted)) {
            for (Channel channel : side) {
                wires.add(Kernel.wire(((UnixChannel) channel).fd().intValue()));
            }
        }
        return wires;
    }

    @Override
    public void close() {
        // Closes the channels, too.
        clientLoop.shutdownGracefully(0, 5, TimeUnit.SECONDS).syncUninterruptibly();
        serverLoop.shutdownGracefully(0, 5, TimeUnit.SECONDS).syncUninterruptibly();
    }
}
