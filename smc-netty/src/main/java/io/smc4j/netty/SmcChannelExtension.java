package io.smc4j.netty;

import io.netty.bootstrap.ChannelInitializerExtension;
import io.netty.channel.Channel;
import io.netty.channel.ServerChannel;

/**
 * The switch without a change of code: with {@code -Dio.netty.bootstrap.extensions=serviceload} Netty (4.1.101 or newer) hands every channel of
 * every {@code Bootstrap} and {@code ServerBootstrap} of the JVM to this class, which puts SMC under the epoll ones. Channels of other
 * transports (NIO, io_uring, UNIX domain) are left alone; so are programs with a relocated copy of Netty.
 *
 * <p>Thread-safety: no state.
 */
public final class SmcChannelExtension extends ChannelInitializerExtension {

    /** Made by {@code ServiceLoader}. */
    public SmcChannelExtension() {
    }

    @Override
    public void postInitializeClientChannel(Channel channel) {
        SmcNetty.install(channel);
    }

    @Override
    public void postInitializeServerListenerChannel(ServerChannel channel) {
        SmcNetty.install(channel);
    }
}
