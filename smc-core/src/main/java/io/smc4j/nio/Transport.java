package io.smc4j.nio;

import io.smc4j.engine.CloseGuard;
import io.smc4j.engine.SmcEngine;
import io.smc4j.internal.ChannelFd;
import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ProtocolFamily;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.channels.Channel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.spi.SelectorProvider;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** Where the channels of one provider get their inner channels from. Thread-safe. */
final class Transport {

    private final SelectorProvider provider;
    private final SelectorProvider jdk;
    private final SmcEngine engine;
    private volatile SocketChannel closed;

    Transport(SelectorProvider provider, SelectorProvider jdk, SmcEngine engine) {
        this.provider = provider;
        this.jdk = jdk;
        this.engine = engine;
    }

    SelectorProvider provider() {
        return provider;
    }

    SelectorProvider jdk() {
        return jdk;
    }

    SmcEngine engine() {
        return engine;
    }

    SocketChannel openTcp(ProtocolFamily family) throws IOException {
        return family == null ? jdk.openSocketChannel() : jdk.openSocketChannel(family);
    }

    ServerSocketChannel openTcpServer(ProtocolFamily family) throws IOException {
        return family == null ? jdk.openServerSocketChannel() : jdk.openServerSocketChannel(family);
    }

    /** A fresh JDK channel with a socket of the SMC family under it. */
    SocketChannel openSmc(boolean v6) throws IOException {
        return convert(jdk.openSocketChannel(family(v6)), v6, false);
    }

    /** As {@link #openSmc}, for a listener. */
    ServerSocketChannel openSmcServer(boolean v6) throws IOException {
        return convert(jdk.openServerSocketChannel(family(v6)), v6, true);
    }

    private static StandardProtocolFamily family(boolean v6) {
        return v6 ? StandardProtocolFamily.INET6 : StandardProtocolFamily.INET;
    }

    private <C extends Channel> C convert(C channel, boolean v6, boolean listener) throws IOException {
        try {
            if (listener) {
                engine.convertListener(ChannelFd.of(channel), v6);
            } else {
                engine.convert(ChannelFd.of(channel), v6);
            }
            return channel;
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    /**
     * The address an SMC connect to {@code remote} would go to, or null where TCP is to be used: because the policy says so, or because the
     * JDK is to answer for an address that it cannot use.
     */
    InetSocketAddress smcTarget(SocketAddress remote, ProtocolFamily family, boolean fixedPort) throws IOException {
        if (!(remote instanceof InetSocketAddress) || ((InetSocketAddress) remote).isUnresolved()) {
            return null;
        }
        InetSocketAddress target = (InetSocketAddress) remote;
        if (target.getAddress().isAnyLocalAddress()) {
            // As the JDK's Net.checkRemote does.
            target = new InetSocketAddress(InetAddress.getLocalHost(), target.getPort());
        }
        boolean v6 = target.getAddress() instanceof Inet6Address;
        if (v6 && family == StandardProtocolFamily.INET) {
            return null;
        }
        return engine.connect(target, fixedPort).smc() ? target : null;
    }

    /**
     * Closes a channel in mid-handshake, whose socket must not be closed before that is over: closing would wait for it. A blocking channel is closed at
     * once, for a thread may wait in it; a non-blocking one when no selector holds it any more, which would be the one to wait.
     */
    void abandon(SocketChannel channel) {
        int fd = ChannelFd.of(channel);
        CloseGuard guard = engine.closeGuard();
        if (channel.isBlocking()) {
            int kept = guard.keep(fd);
            closeQuietly(channel);
            guard.release(kept, false);
        } else {
            guard.afterHandshake(fd, () -> !channel.isRegistered(), () -> closeQuietly(channel));
        }
    }

    /** A channel that is closed: stands in a channel of ours for an inner channel that the closer has taken over. */
    SocketChannel closedChannel() throws IOException {
        SocketChannel c = closed;
        if (c == null) {
            c = openTcp(null);
            c.configureBlocking(false); // as those it stands for; a blocking one would throw other exceptions
            c.close();
            closed = c;
        }
        return c;
    }

    /**
     * Closes a channel that is connected over SMC; what is unsent is delivered all the same, and nobody waits but who asked to by SO_LINGER.
     *
     * @return false where the closer has taken the channel over, still open
     */
    boolean closeSmc(SocketChannel channel, boolean blocking) throws IOException {
        int fd = ChannelFd.of(channel);
        CloseGuard guard = engine.closeGuard();
        Integer linger = guard.unsent(fd) == 0 ? Integer.valueOf(0) : channel.getOption(StandardSocketOptions.SO_LINGER);
        if (linger == 0) {
            channel.close();
        } else if (!blocking) {
            guard.whenDrained(fd, () -> true, () -> closeQuietly(channel));
            return false;
        } else {
            if (linger > 0) {
                guard.await(fd, TimeUnit.SECONDS.toMillis(linger));
            }
            guard.drainAfterClose(fd);
            channel.close();
        }
        return true;
    }

    static void closeQuietly(Channel channel) {
        try {
            channel.close();
        } catch (IOException e) {
            // What it held is given back all the same; nobody is left to be told.
        }
    }

    /** Runs {@code task} on the timer's daemon thread after {@code millis}. */
    static Future<?> later(Runnable task, long millis) {
        return Timer.INSTANCE.schedule(task, millis, TimeUnit.MILLISECONDS);
    }

    /** Made on the first connect over SMC. */
    private static final class Timer {

        static final ScheduledThreadPoolExecutor INSTANCE = new ScheduledThreadPoolExecutor(1, r -> {
            Thread thread = new Thread(null, r, "smc4j-timer", 0, false);
            thread.setDaemon(true);
            thread.setContextClassLoader(null);
            return thread;
        });

        static {
            INSTANCE.setRemoveOnCancelPolicy(true);
            INSTANCE.setKeepAliveTime(10, TimeUnit.SECONDS);
            INSTANCE.allowCoreThreadTimeOut(true);
        }

        private Timer() {
        }
    }
}
