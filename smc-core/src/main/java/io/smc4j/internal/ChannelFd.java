package io.smc4j.internal;

import java.nio.channels.Channel;

/** The only place that reaches into a channel for its descriptor number. */
public final class ChannelFd {

    private ChannelFd() {
    }

    /**
     * The descriptor number of a socket channel, the JDK's or ours, or -1 where it cannot be had (foreign channel, no native library).
     * The number is good only while the channel is open: the caller keeps it open.
     */
    public static int of(Channel channel) {
        if (channel instanceof FdHolder) {
            return ((FdHolder) channel).fd();
        }
        JdkAccess jdk = Natives.jdk();
        return jdk == null || channel == null || !channel.isOpen() ? -1 : jdk.channelFd(channel);
    }
}
