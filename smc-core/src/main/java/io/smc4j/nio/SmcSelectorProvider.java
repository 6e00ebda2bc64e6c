package io.smc4j.nio;

import io.smc4j.engine.SmcEngine;
import io.smc4j.internal.DefaultProvider;
import java.io.IOException;
import java.net.ProtocolFamily;
import java.net.StandardProtocolFamily;
import java.nio.channels.Channel;
import java.nio.channels.DatagramChannel;
import java.nio.channels.Pipe;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.spi.AbstractSelector;
import java.nio.channels.spi.SelectorProvider;

/**
 * The switch: {@code -Djava.nio.channels.spi.SelectorProvider=io.smc4j.nio.SmcSelectorProvider}. Socket channels and listeners of the JVM then run over SMC
 * where both ends can, and over TCP elsewhere. Where this machine has no usable SMC at all, everything comes from the JDK's own provider.
 *
 * <p>Datagram channels, pipes, UNIX domain channels and the inherited channel are always the JDK's. Thread-safe.
 */
public class SmcSelectorProvider extends SelectorProvider {

    private final SelectorProvider jdk;
    /** Null where everything is the JDK's. */
    private final Transport transport;

    /** Made by the JDK for the switch; probes what this machine has on the first one. Never fails for want of SMC. */
    public SmcSelectorProvider() {
        this(DefaultProvider.get(), SmcEngine.current());
    }

    /** For an engine of one's own; null: everything is the JDK's. */
    SmcSelectorProvider(SelectorProvider jdk, SmcEngine engine) {
        this.jdk = jdk;
        this.transport = engine == null ? null : new Transport(this, jdk, engine);
    }

    @Override
    public SocketChannel openSocketChannel() throws IOException {
        return transport == null ? checkRequired(jdk::openSocketChannel) : new SmcSocketChannel(transport, (ProtocolFamily) null);
    }

    /**
     * Opens a socket channel of a protocol family.
     *
     * @param family INET, INET6 or UNIX; UNIX domain channels are the JDK's
     * @throws UnsupportedOperationException if the family is not supported
     */
    @Override
    public SocketChannel openSocketChannel(ProtocolFamily family) throws IOException {
        if (transport == null) {
            return isInternet(family) ? checkRequired(() -> jdk.openSocketChannel(family)) : jdk.openSocketChannel(family);
        }
        return isInternet(family) ? new SmcSocketChannel(transport, family) : jdk.openSocketChannel(family);
    }

    @Override
    public ServerSocketChannel openServerSocketChannel() throws IOException {
        return transport == null ? checkRequired(jdk::openServerSocketChannel) : new SmcServerSocketChannel(transport, null);
    }

    /**
     * Opens a listener of a protocol family.
     *
     * @param family INET, INET6 or UNIX; UNIX domain listeners are the JDK's
     * @throws UnsupportedOperationException if the family is not supported
     */
    @Override
    public ServerSocketChannel openServerSocketChannel(ProtocolFamily family) throws IOException {
        if (transport == null) {
            return isInternet(family) ? checkRequired(() -> jdk.openServerSocketChannel(family)) : jdk.openServerSocketChannel(family);
        }
        return isInternet(family) ? new SmcServerSocketChannel(transport, family) : jdk.openServerSocketChannel(family);
    }

    @Override
    public AbstractSelector openSelector() throws IOException {
        AbstractSelector selector = jdk.openSelector();
        return transport == null ? selector : new SmcSelector(this, selector, transport.engine().jdk());
    }

    @Override
    public DatagramChannel openDatagramChannel() throws IOException {
        return jdk.openDatagramChannel();
    }

    @Override
    public DatagramChannel openDatagramChannel(ProtocolFamily family) throws IOException {
        return jdk.openDatagramChannel(family);
    }

    @Override
    public Pipe openPipe() throws IOException {
        return jdk.openPipe();
    }

    @Override
    public Channel inheritedChannel() throws IOException {
        return jdk.inheritedChannel();
    }

    private static boolean isInternet(ProtocolFamily family) {
        return family == StandardProtocolFamily.INET || family == StandardProtocolFamily.INET6;
    }

    private interface Open<C> {
        C channel() throws IOException;
    }

    private static <C> C checkRequired(Open<C> open) throws IOException {
        SmcEngine.checkRequired();
        return open.channel();
    }
}
