package io.smc4j.netty;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFactory;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelPromise;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollEventLoopGroup;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.channel.socket.DuplexChannel;
import io.netty.channel.socket.ServerSocketChannel;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.channel.unix.UnixChannel;
import io.netty.util.AttributeKey;
import io.smc4j.Smc;
import io.smc4j.SmcConfig;
import io.smc4j.SmcUnavailableException;
import io.smc4j.diag.SmcConnection;
import io.smc4j.diag.SmcConnections;
import io.smc4j.engine.SmcEngine;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.util.function.Supplier;

/**
 * SMC for Netty's epoll transport: what is available, and channels that use it.
 *
 * <pre>{@code
 * EventLoopGroup group = SmcNetty.newEventLoopGroup(0);
 * new Bootstrap().group(group).channelFactory(SmcNetty.clientChannels()).handler(...).connect(address);
 * }</pre>
 *
 * <p>The factories give Netty's own channel classes. Where this machine has no usable SMC they give the best TCP transport there is: epoll,
 * otherwise NIO. {@link #newEventLoopGroup} gives the group that fits.
 *
 * <p>Thread-safety: safe for any thread.
 */
public final class SmcNetty {

    /**
     * Attribute of a bootstrap (or a channel before it connects or binds) that forces TCP or SMC:
     * {@code bootstrap.attr(SmcNetty.TRANSPORT, SmcTransport.TCP)}.
     */
    public static final AttributeKey<SmcTransport> TRANSPORT = AttributeKey.valueOf(SmcNetty.class, "TRANSPORT");

    private SmcNetty() {
    }

    /** Whether Netty's epoll channels of this JVM can use SMC. */
    public static boolean isAvailable() {
        return unavailabilityCause() == null;
    }

    /** Why {@link #isAvailable()} is false, and null where it is true: no SMC on this machine, or no epoll transport of Netty's. */
    public static Throwable unavailabilityCause() {
        if (!Epoll.isAvailable()) {
            return new SmcUnavailableException("no epoll transport of Netty's: " + Epoll.unavailabilityCause(), Epoll.unavailabilityCause());
        }
        SmcUnavailableException cause = Smc.unavailabilityCause();
        if (cause == null && SmcEngine.current() == null) {
            return new SmcUnavailableException("SMC is switched off in this JVM: " + SmcConfig.effectiveMode(), null);
        }
        return cause;
    }

    /**
     * Returns where {@link #isAvailable()}.
     *
     * @throws UnsatisfiedLinkError with the reason as its cause, as Netty's own {@code ensureAvailability} methods
     */
    public static void ensureAvailability() {
        Throwable cause = unavailabilityCause();
        if (cause != null) {
            throw (Error) new UnsatisfiedLinkError("SMC is not available to Netty: " + cause.getMessage()).initCause(cause);
        }
    }

    /** Client channels: {@code EpollSocketChannel} with SMC where it can be had; without epoll {@code NioSocketChannel}. */
    public static ChannelFactory<SocketChannel> clientChannels() {
        return Epoll.isAvailable() ? new Factory<>("EpollSocketChannel", () -> install(new EpollSocketChannel()))
                : new Factory<>("NioSocketChannel", NioSocketChannel::new);
    }

    /** Listeners: {@code EpollServerSocketChannel} with SMC where it can be had; without epoll {@code NioServerSocketChannel}. */
    public static ChannelFactory<ServerSocketChannel> serverChannels() {
        return Epoll.isAvailable() ? new Factory<>("EpollServerSocketChannel", () -> install(new EpollServerSocketChannel()))
                : new Factory<>("NioServerSocketChannel", NioServerSocketChannel::new);
    }

    /**
     * An event loop group for the channels of {@link #clientChannels()} and {@link #serverChannels()}. The caller shuts it down.
     *
     * @param threads number of event loops; 0: Netty's default
     */
    @SuppressWarnings("deprecation") // the one group that both Netty lines have
    public static EventLoopGroup newEventLoopGroup(int threads) {
        return Epoll.isAvailable() ? new EpollEventLoopGroup(threads) : new NioEventLoopGroup(threads);
    }

    /**
     * Puts SMC under a channel that is not registered yet: for frameworks that make their channels themselves. Does nothing to a channel that
     * is neither {@code EpollSocketChannel} nor {@code EpollServerSocketChannel}, to a second call, and where there is no SMC; never fails.
     *
     * @return the channel
     */
    public static <C extends Channel> C install(C channel) {
        return install(channel, SmcEngine.current());
    }

    /** As {@link #install(Channel)}, with an engine of one's own; null: no SMC. */
    static <C extends Channel> C install(C channel, SmcEngine engine) {
        if (channel instanceof EpollSocketChannel && channel.pipeline().get(ConnectHandler.class) == null) {
            if (engine == null) {
                refuseIfRequired(channel);
            } else if (!channel.isActive()) {
                channel.pipeline().addFirst(new ConnectHandler(engine));
            }
        } else if (channel instanceof EpollServerSocketChannel && channel.pipeline().get(ListenHandler.class) == null) {
            if (engine == null) {
                refuseIfRequired(channel);
            } else if (!channel.isActive()) {
                channel.pipeline().addFirst(new ListenHandler(engine));
            }
        }
        return channel;
    }

    /**
     * What {@link DuplexChannel#shutdownOutput()} does, without ever holding the channel's event loop. Over SMC the kernel's shutdown waits up to 2 s for a
     * peer that does not read and drops what is unsent then ({@code smc_close_stream_wait}, {@code net/smc/smc_close.c}), and no handler can see
     * the channel's own method. This one sends everything first, for up to {@code smc.close.drain.max}. Of any other channel it is the
     * channel's own method.
     *
     * @return done once the output is shut down
     */
    public static ChannelFuture shutdownOutput(DuplexChannel channel) {
        ChannelPromise promise = channel.newPromise();
        ConnectionHandler handler = channel.pipeline().get(ConnectionHandler.class);
        if (handler == null) {
            return channel.shutdownOutput(promise);
        }
        if (channel.eventLoop().inEventLoop()) {
            handler.shutdownOutput(channel, promise);
        } else {
            channel.eventLoop().execute(() -> handler.shutdownOutput(channel, promise));
        }
        return promise;
    }

    private static void refuseIfRequired(Channel channel) {
        try {
            SmcEngine.checkRequired();
        } catch (SmcUnavailableException e) {
            channel.pipeline().addFirst(new RefuseHandler(e));
        }
    }

    /**
     * What the kernel says of a connected channel of an epoll transport.
     *
     * @throws ClosedChannelException where it is closed
     * @throws IOException where the kernel cannot be asked
     * @throws IllegalArgumentException where the channel has no descriptor to ask about (NIO, in-JVM)
     */
    public static SmcConnection connection(Channel channel) throws IOException {
        if (!(channel instanceof UnixChannel)) {
            throw new IllegalArgumentException("no descriptor known for a " + channel.getClass().getName());
        }
        if (!channel.isOpen()) {
            throw new ClosedChannelException();
        }
        return SmcConnections.of(((UnixChannel) channel).fd().intValue());
    }

    /** A factory with a name, for {@link Bootstrap}'s toString. */
    private record Factory<C extends Channel>(String name, Supplier<C> supplier) implements ChannelFactory<C> {

        @Override
        public C newChannel() {
            return supplier.get();
        }

        @Override
        public String toString() {
            return "SmcNetty(" + name + ")";
        }
    }
}
