package io.smc4j.nio;

import io.smc4j.SmcUnavailableException;
import io.smc4j.internal.ChannelFd;
import io.smc4j.internal.FdHolder;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ProtocolFamily;
import java.net.ServerSocket;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.SocketOption;
import java.net.StandardProtocolFamily;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.Set;

/**
 * A listener around one of the JDK's. SMC or TCP is decided at bind, by the local address; accepted connections over SMC are channels of ours, those
 * over plain TCP are the JDK's own, which {@code FileChannel.transferTo} knows how to send to.
 *
 * <p>Lock discipline: {@code stateLock} guards {@code setup} and the replacement of {@code inner}; never held while a call can block.
 */
final class SmcServerSocketChannel extends ServerSocketChannel implements FdHolder, InnerRegistration {

    private final Transport transport;
    private final ProtocolFamily family;
    private final Object stateLock = new Object();
    private volatile ServerSocketChannel inner;
    private volatile boolean smc;
    /** Null once bound. */
    private Setup setup = new Setup();
    private SmcServerSocketAdaptor adaptor;

    SmcServerSocketChannel(Transport transport, ProtocolFamily family) throws IOException {
        super(transport.provider());
        this.transport = transport;
        this.family = family;
        this.inner = transport.openTcpServer(family);
    }

    @Override
    public ServerSocketChannel bind(SocketAddress local, int backlog) throws IOException {
        synchronized (stateLock) {
            if (isOpen() && setup != null && (local == null || local instanceof InetSocketAddress)) {
                InetSocketAddress address = (InetSocketAddress) local;
                if ((address == null || !address.isUnresolved()) && transport.engine().bind(address).smc() && bindSmc(address, backlog)) {
                    return this;
                }
            }
            inner.bind(local, backlog);
            setup = null;
        }
        return this;
    }

    /** Binds over SMC; answers false where that is not to be had, and nothing has changed then. */
    private boolean bindSmc(InetSocketAddress address, int backlog) throws IOException {
        boolean v6 = isV6(address);
        if (v6 && family == StandardProtocolFamily.INET) {
            return false; // the JDK's exception
        }
        ServerSocketChannel fresh = null;
        try {
            fresh = transport.openSmcServer(v6);
            setup.replayOptions(fresh);
            fresh.bind(address, backlog);
            transport.engine().limitHandshakes(ChannelFd.of(fresh));
            fresh.configureBlocking(setup.isBlocking());
            ServerSocketChannel old = inner;
            inner = fresh;
            setup.moveKeys(fresh);
            old.close();
            setup = null;
            smc = true;
            return true;
        } catch (IOException | RuntimeException e) {
            if (fresh != null) {
                fresh.close();
            }
            transport.engine().unusable(e);
            if (transport.engine().isRequired()) {
                throw new SmcUnavailableException("smc.mode=require: no SMC listener on " + address + ": " + e.getMessage(), e);
            }
            return false; // what is wrong with the address, TCP's bind says as the JDK does
        }
    }

    /** Whether the socket has to take IPv6: the wildcard address is both families' in a channel that was not opened for IPv4 alone. */
    private boolean isV6(InetSocketAddress address) {
        if (address != null && !address.getAddress().isAnyLocalAddress()) {
            return Setup.isV6(address);
        }
        return family != StandardProtocolFamily.INET && transport.engine().isV6(ChannelFd.of(inner));
    }

    @Override
    public SocketChannel accept() throws IOException {
        for (;;) {
            SocketChannel accepted;
            try {
                accepted = inner.accept();
            } catch (ClosedChannelException e) {
                if (!inner.isOpen()) {
                    Transport.closeQuietly(this);
                }
                throw e;
            } catch (SocketException e) {
                if (!smc || !isTransient(e)) {
                    throw e;
                }
                if (isBlocking()) {
                    continue;
                }
                return null;
            }
            return accepted == null ? null : wrap(accepted);
        }
    }

    /** A handshake that failed, or a peer that went before it was accepted: the listener's user has no part in it. */
    private static boolean isTransient(SocketException e) {
        String message = String.valueOf(e.getMessage());
        return message.startsWith("Connection reset") || message.startsWith("Software caused connection abort");
    }

    @Override
    public <T> ServerSocketChannel setOption(SocketOption<T> name, T value) throws IOException {
        synchronized (stateLock) {
            inner.setOption(name, value);
            if (setup != null) {
                setup.remember(name, value);
            }
        }
        return this;
    }

    @Override
    public <T> T getOption(SocketOption<T> name) throws IOException {
        return inner.getOption(name);
    }

    @Override
    public Set<SocketOption<?>> supportedOptions() {
        return inner.supportedOptions();
    }

    @Override
    public ServerSocket socket() {
        synchronized (stateLock) {
            if (adaptor == null) {
                adaptor = SmcServerSocketAdaptor.of(this);
            }
            return adaptor;
        }
    }

    ServerSocketChannel inner() {
        return inner;
    }

    /** An accepted connection of the inner channel as this one's {@link #accept()} gives it. */
    SocketChannel wrap(SocketChannel accepted) {
        if (!smc) {
            return accepted;
        }
        if (transport.engine().isTcp(ChannelFd.of(accepted))) {
            transport.engine().acceptedTcp();
            return accepted;
        }
        transport.engine().accepted();
        return new SmcSocketChannel(transport, accepted);
    }

    @Override
    public SocketAddress getLocalAddress() throws IOException {
        return inner.getLocalAddress();
    }

    @Override
    public int fd() {
        return ChannelFd.of(inner);
    }

    @Override
    protected void implConfigureBlocking(boolean block) throws IOException {
        ServerSocketChannel in = inner;
        in.configureBlocking(block); // not under the lock: it waits for an accept of another thread
        synchronized (stateLock) {
            if (setup != null) {
                setup.blocking(block);
            }
            if (inner != in) {
                inner.configureBlocking(block);
            }
        }
    }

    @Override
    protected void implCloseSelectableChannel() throws IOException {
        inner.close();
    }

    @Override
    public void registerInner(SmcSelectionKey key) throws IOException {
        synchronized (stateLock) {
            key.setInner(key.owner().registerJdk(inner, key));
            if (setup != null) {
                setup.add(key);
            }
        }
    }

    @Override
    public void forgetInner(SmcSelectionKey key) {
        synchronized (stateLock) {
            if (setup != null) {
                setup.remove(key);
            }
        }
    }

    @Override
    public String toString() {
        return inner.toString();
    }
}
