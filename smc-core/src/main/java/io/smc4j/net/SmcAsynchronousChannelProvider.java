package io.smc4j.net;

import io.smc4j.engine.SmcEngine;
import io.smc4j.internal.DefaultAsynchronousProvider;
import java.io.IOException;
import java.nio.channels.AsynchronousChannelGroup;
import java.nio.channels.AsynchronousServerSocketChannel;
import java.nio.channels.AsynchronousSocketChannel;
import java.nio.channels.IllegalChannelGroupException;
import java.nio.channels.spi.AsynchronousChannelProvider;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;

/**
 * The switch for asynchronous channels:
 * {@code -Djava.nio.channels.spi.AsynchronousChannelProvider=io.smc4j.net.SmcAsynchronousChannelProvider}. Sockets and listeners are the JDK's with an SMC
 * socket under them where both ends can; groups, their threads and the order of handlers are the JDK's. Where this machine has no usable SMC at all,
 * everything comes from the JDK's own provider.
 *
 * <p>Thread-safe.
 */
public final class SmcAsynchronousChannelProvider extends AsynchronousChannelProvider {

    private final AsynchronousChannelProvider jdk;
    /** Null where everything is the JDK's. */
    private final SmcEngine engine;

    /** Made by the JDK for the switch; probes what this machine has on the first one. Never fails for want of SMC. */
    public SmcAsynchronousChannelProvider() {
        this(DefaultAsynchronousProvider.get(), SmcEngine.current() == null || AsynchronousFd.unusable() != null ? null : SmcEngine.current());
    }

    /** For an engine of one's own; null: everything is the JDK's. */
    SmcAsynchronousChannelProvider(AsynchronousChannelProvider jdk, SmcEngine engine) {
        this.jdk = jdk;
        this.engine = engine;
    }

    @Override
    public AsynchronousChannelGroup openAsynchronousChannelGroup(int nThreads, ThreadFactory threadFactory) throws IOException {
        return wrap(jdk.openAsynchronousChannelGroup(nThreads, threadFactory));
    }

    @Override
    public AsynchronousChannelGroup openAsynchronousChannelGroup(ExecutorService executor, int initialSize) throws IOException {
        return wrap(jdk.openAsynchronousChannelGroup(executor, initialSize));
    }

    private AsynchronousChannelGroup wrap(AsynchronousChannelGroup group) {
        return engine == null ? group : new Group(this, group);
    }

    private static AsynchronousChannelGroup unwrap(AsynchronousChannelGroup group) {
        return group instanceof Group ? ((Group) group).inner : group; // a foreign one is the JDK's to refuse
    }

    /**
     * Opens a listener.
     *
     * @param group a group of this provider, or null for the JVM's
     * @throws IllegalChannelGroupException if {@code group} is of another provider
     */
    @Override
    public AsynchronousServerSocketChannel openAsynchronousServerSocketChannel(AsynchronousChannelGroup group) throws IOException {
        if (engine == null) {
            SmcEngine.checkRequired();
            return jdk.openAsynchronousServerSocketChannel(group);
        }
        return new SmcAsynchronousServerSocketChannel(this, engine, jdk.openAsynchronousServerSocketChannel(unwrap(group)));
    }

    /**
     * Opens a socket channel.
     *
     * @param group a group of this provider, or null for the JVM's
     * @throws IllegalChannelGroupException if {@code group} is of another provider
     */
    @Override
    public AsynchronousSocketChannel openAsynchronousSocketChannel(AsynchronousChannelGroup group) throws IOException {
        if (engine == null) {
            SmcEngine.checkRequired();
            return jdk.openAsynchronousSocketChannel(group);
        }
        return new SmcAsynchronousSocketChannel(this, engine, jdk.openAsynchronousSocketChannel(unwrap(group)));
    }

    /** A group of the JDK's that names our provider, so that {@code open(group)} comes to it. */
    private static final class Group extends AsynchronousChannelGroup {

        private final AsynchronousChannelGroup inner;

        Group(AsynchronousChannelProvider provider, AsynchronousChannelGroup inner) {
            super(provider);
            this.inner = inner;
        }

        @Override
        public boolean isShutdown() {
            return inner.isShutdown();
        }

        @Override
        public boolean isTerminated() {
            return inner.isTerminated();
        }

        @Override
        public void shutdown() {
            inner.shutdown();
        }

        @Override
        public void shutdownNow() throws IOException {
            inner.shutdownNow();
        }

        @Override
        public boolean awaitTermination(long timeout, TimeUnit unit) throws InterruptedException {
            return inner.awaitTermination(timeout, unit);
        }
    }
}
