package io.smc4j.net;

import io.smc4j.engine.SmcEngine;
import io.smc4j.engine.SmcOutcome;
import io.smc4j.internal.ChannelFd;
import io.smc4j.internal.DefaultProvider;
import io.smc4j.internal.Errno;
import io.smc4j.internal.Linux;
import io.smc4j.internal.NativeCalls;
import io.smc4j.internal.SockAddr;
import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.net.StandardProtocolFamily;
import java.nio.channels.SocketChannel;

/**
 * One blocking connect over SMC: a channel of the JDK does the waiting, so that a virtual thread parks and a close from another thread ends it; its socket then
 * goes under the descriptor of the socket the program has.
 *
 * <p>Thread-safety: one thread opens, runs, adopts and closes; {@link #abort()} is for others.
 */
final class SmcConnect {

    private final SmcEngine engine;
    private final Options options;
    private final InetSocketAddress target;
    private final SocketChannel channel;
    private final int placeholder;
    private final long start = System.nanoTime();
    private boolean interrupted;
    private SmcOutcome outcome;

    private SmcConnect(SmcEngine engine, Options options, InetSocketAddress target, SocketChannel channel, int placeholder) {
        this.engine = engine;
        this.options = options;
        this.target = target;
        this.channel = channel;
        this.placeholder = placeholder;
    }

    /**
     * An SMC socket with what was set on the program's socket.
     *
     * @param fd the program's socket
     * @param bound whether the program has bound it: the SMC socket then has the same address
     */
    static SmcConnect open(SmcEngine engine, InetSocketAddress target, int fd, Options options, boolean bound) throws IOException {
        boolean v6 = target.getAddress() instanceof Inet6Address;
        SocketChannel channel = DefaultProvider.get().openSocketChannel(v6 ? StandardProtocolFamily.INET6 : StandardProtocolFamily.INET);
        try {
            engine.convert(ChannelFd.of(channel), v6);
            options.replay(channel);
            if (bound) {
                bindAs(engine.calls(), fd, ChannelFd.of(channel), v6);
            }
            return new SmcConnect(engine, options, target, channel, Descriptors.placeholder(engine.calls(), engine.isV6(fd), target));
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    /**
     * Puts another TCP socket under {@code fd}, an unconnected socket of the program's that the system chose the port of, bound to the same address and any
     * port: the SMC connect that failed may hold the one it had towards the same peer for as long as TCP's TIME_WAIT lasts.
     *
     * @return the port
     */
    static int bindAnew(SmcEngine engine, int fd, Options options) throws IOException {
        InetSocketAddress local = Descriptors.localAddress(engine.calls(), fd);
        if (local == null) {
            throw new SocketException("no local address of a bound socket");
        }
        StandardProtocolFamily family = engine.isV6(fd) ? StandardProtocolFamily.INET6 : StandardProtocolFamily.INET;
        try (SocketChannel fresh = DefaultProvider.get().openSocketChannel(family)) {
            options.replay(fresh);
            fresh.bind(new InetSocketAddress(local.getAddress(), 0));
            Descriptors.replace(engine.calls(), fd, ChannelFd.of(fresh));
            return ((InetSocketAddress) fresh.getLocalAddress()).getPort();
        }
    }

    /** Both sockets may have one address at once while both have SO_REUSEADDR and neither listens. */
    private static void bindAs(NativeCalls calls, int fd, int fresh, boolean v6) throws IOException {
        InetSocketAddress local = Descriptors.localAddress(calls, fd);
        if (local == null) {
            throw new SocketException("no local address of a bound socket");
        }
        if (local.getAddress().isAnyLocalAddress()) {
            local = new InetSocketAddress(InetAddress.getByAddress(new byte[v6 ? 16 : 4]), local.getPort());
        }
        int reuse = (int) calls.getsockopt(fd, Linux.SOL_SOCKET, Linux.SO_REUSEADDR);
        Errno.check("setsockopt", calls.setsockopt(fd, Linux.SOL_SOCKET, Linux.SO_REUSEADDR, 1));
        Errno.check("setsockopt", calls.setsockopt(fresh, Linux.SOL_SOCKET, Linux.SO_REUSEADDR, 1));
        try {
            Errno.check("bind", calls.bind(fresh, SockAddr.of(local)));
        } finally {
            calls.setsockopt(fd, Linux.SOL_SOCKET, Linux.SO_REUSEADDR, reuse);
            calls.setsockopt(fresh, Linux.SOL_SOCKET, Linux.SO_REUSEADDR, reuse);
        }
    }

    /** Connects; answers what it failed with, or null. An interrupt stays pending in any case. */
    IOException run(int patienceMillis) {
        int fd = ChannelFd.of(channel);
        boolean virtual = isVirtual(Thread.currentThread());
        boolean pending = !virtual && Thread.interrupted(); // would close the channel; java.net does not heed it
        int kept = engine.closeGuard().keep(fd);
        IOException failure = null;
        try {
            channel.socket().connect(target, patienceMillis);
            outcome = engine.outcome(fd);
            failure = SmcEngine.problem(outcome);
            if (failure == null && !outcome.smc()) {
                options.replay(channel); // the kernel's fallback leaves some behind: SO_REUSEADDR
            }
        } catch (IOException e) {
            failure = e;
            interrupted = Thread.currentThread().isInterrupted();
        } finally {
            engine.closeGuard().release(kept, failure == null);
            if (pending) {
                Thread.currentThread().interrupt();
            }
        }
        return failure;
    }

    /** The kernel's word, after a {@link #run} that did not fail. */
    SmcOutcome outcome() {
        return outcome;
    }

    /** Whether {@link #run} failed for an interrupt that came meanwhile. */
    boolean wasInterrupted() {
        return interrupted;
    }

    /** {@code Thread.isVirtual()}, which is of Java 21. */
    static boolean isVirtual(Thread thread) {
        return thread.getClass().getName().equals("java.lang.VirtualThread");
    }

    InetSocketAddress target() {
        return target;
    }

    boolean isIpv4() {
        return !(target.getAddress() instanceof Inet6Address);
    }

    /** Nanoseconds since it was opened. */
    long nanos() {
        return System.nanoTime() - start;
    }

    /** The connected socket's own address. */
    InetSocketAddress localAddress() throws IOException {
        return (InetSocketAddress) channel.getLocalAddress();
    }

    /** Puts the connected socket under {@code fd}; see {@link Descriptors#adopt}. */
    void adopt(int fd, Descriptors.Connect connect) throws IOException {
        NativeCalls calls = engine.calls();
        int from = ChannelFd.of(channel);
        Descriptors.adopt(calls, fd, placeholder, from, connect);
        // The channel's close may shut its socket down.
        Descriptors.replace(calls, from, placeholder);
    }

    /** As {@link #adopt} for a connect that has failed: the JDK object gets connected to nobody, and is to be closed next. */
    void adoptNothing(int fd, Descriptors.Connect connect) throws IOException {
        Descriptors.replace(engine.calls(), fd, placeholder);
        connect.run();
    }

    /** Ends a connect under way in another thread. */
    void abort() {
        try {
            channel.close();
        } catch (IOException e) {
            // the thread in it ends all the same
        }
    }

    /** Gives back what {@link #adopt} has not taken. */
    void close() {
        abort();
        engine.calls().close(placeholder);
    }
}
