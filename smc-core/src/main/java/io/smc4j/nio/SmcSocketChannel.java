package io.smc4j.nio;

import io.smc4j.engine.CloseGuard;
import io.smc4j.internal.ChannelFd;
import io.smc4j.internal.FdHolder;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ProtocolFamily;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.SocketOption;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SocketChannel;
import java.util.Set;

/**
 * A socket channel around one of the JDK's, which does all the I/O. Which one is chosen at connect, by the {@link Connector}: the JDK's own TCP channel, or a
 * fresh one converted to SMC; should SMC fail, it is replaced by a TCP channel again and the program sees one connect.
 *
 * <p>Thread-safe as the JDK's channels. {@code inner} is replaced under the connector's lock and never once connected; reads and writes take no lock of
 * ours.
 */
final class SmcSocketChannel extends SocketChannel implements FdHolder, InnerRegistration {

    private final Transport transport;
    private volatile SocketChannel inner;
    /** Null once connected. */
    private volatile Connector connector;
    /** Connected over SMC; set once. */
    private volatile boolean smc;
    /** The program has shut its output down, the kernel not yet: data is still on its way. */
    private volatile boolean outputShut;
    /** The peer of a connection that this side made over SMC; null in accepted channels. */
    private volatile InetSocketAddress peer;
    /** Write calls; not exact where threads write at once, which a threshold can bear. */
    private int writes;
    /** Guarded by this object's monitor. */
    private SmcSocketAdaptor adaptor;

    /** An unconnected channel; {@code family} is the one asked for at open or null. */
    SmcSocketChannel(Transport transport, ProtocolFamily family) throws IOException {
        super(transport.provider());
        this.transport = transport;
        this.inner = transport.openTcp(family);
        this.connector = new Connector(this, transport, family);
    }

    /** An accepted channel whose connection is over SMC. */
    SmcSocketChannel(Transport transport, SocketChannel accepted) {
        super(transport.provider());
        this.transport = transport;
        this.inner = accepted;
        this.smc = true;
    }

    /** The connector's last word: connected, over SMC where {@code smcPeer} is not null. */
    void connected(InetSocketAddress smcPeer) {
        peer = smcPeer;
        smc = smcPeer != null;
        connector = null;
    }

    Connector connector() {
        return connector;
    }

    /** For the connector, under its lock. */
    void setInner(SocketChannel fresh) {
        inner = fresh;
    }

    @Override
    public int read(ByteBuffer dst) throws IOException {
        try {
            int n = inner.read(dst);
            return n >= 0 || !smc ? n : (int) endOrReset();
        } catch (ClosedChannelException e) {
            throw closed(e);
        }
    }

    @Override
    public long read(ByteBuffer[] dsts, int offset, int length) throws IOException {
        try {
            long n = inner.read(dsts, offset, length);
            return n >= 0 || !smc ? n : endOrReset();
        } catch (ClosedChannelException e) {
            throw closed(e);
        }
    }

    @Override
    public int write(ByteBuffer src) throws IOException {
        try {
            noteWrite();
            return inner.write(src);
        } catch (ClosedChannelException e) {
            throw closed(e);
        }
    }

    @Override
    public long write(ByteBuffer[] srcs, int offset, int length) throws IOException {
        try {
            noteWrite();
            return inner.write(srcs, offset, length);
        } catch (ClosedChannelException e) {
            throw closed(e);
        }
    }

    /** Counts a write call, and refuses it where output is shut. */
    void noteWrite() throws ClosedChannelException {
        writes++;
        if (outputShut) {
            throw new ClosedChannelException();
        }
    }

    /** SMC reads 0 after a peer's abort as after its end; TCP says which. */
    long endOrReset() throws SocketException {
        if (transport.engine().wasReset(fd())) {
            throw new SocketException("Connection reset");
        }
        return -1;
    }

    /** An inner channel closed by an interrupt or another thread takes this channel along. */
    private ClosedChannelException closed(ClosedChannelException e) {
        if (!inner.isOpen()) {
            Transport.closeQuietly(this);
        }
        return e;
    }

    @Override
    public boolean connect(SocketAddress remote) throws IOException {
        Connector c = connector;
        try {
            return c == null ? inner.connect(remote) : c.connect(remote, Connector.AS_CHANNEL);
        } catch (ClosedChannelException e) {
            throw closed(e);
        }
    }

    /** As {@code socket().connect}, with the exceptions that the JDK's adaptor throws; {@code timeoutMillis} 0: none. */
    void connectSocket(SocketAddress remote, int timeoutMillis) throws IOException {
        Connector c = connector;
        try {
            if (c == null || !isOpen()) {
                inner.socket().connect(remote, timeoutMillis);
            } else {
                c.connect(remote, timeoutMillis);
            }
        } catch (ClosedChannelException e) {
            throw closed(e);
        }
    }

    @Override
    public boolean finishConnect() throws IOException {
        Connector c = connector;
        try {
            return c == null ? inner.finishConnect() : c.finishConnect();
        } catch (ClosedChannelException e) {
            throw closed(e);
        }
    }

    /** See {@link Connector#connectReady}. */
    boolean connectReady(SelectableChannel ready) {
        Connector c = connector;
        return c == null || c.connectReady(ready);
    }

    @Override
    public SocketChannel bind(SocketAddress local) throws IOException {
        Connector c = connector;
        if (c == null) {
            inner.bind(local);
        } else {
            c.bind(local);
        }
        return this;
    }

    @Override
    public <T> SocketChannel setOption(SocketOption<T> name, T value) throws IOException {
        Connector c = connector;
        if (c == null) {
            inner.setOption(name, value);
        } else {
            c.setOption(name, value);
        }
        return this;
    }

    @Override
    public <T> T getOption(SocketOption<T> name) throws IOException {
        Connector c = connector;
        return c == null ? inner.getOption(name) : c.getOption(name);
    }

    @Override
    public Set<SocketOption<?>> supportedOptions() {
        return inner.supportedOptions();
    }

    @Override
    public SocketChannel shutdownInput() throws IOException {
        inner.shutdownInput();
        return this;
    }

    @Override
    public SocketChannel shutdownOutput() throws IOException {
        SocketChannel in = inner;
        CloseGuard guard = transport.engine().closeGuard();
        if (!smc || outputShut || guard.unsent(ChannelFd.of(in)) == 0) {
            in.shutdownOutput();
            return this;
        }
        // SMC's shutdown would wait for the peer to read, and drop what it has not read after 2 s.
        if (guard.shutdownAfterDrain(ChannelFd.of(in))) {
            outputShut = true;
        } else {
            in.shutdownOutput();
        }
        return this;
    }

    boolean isOutputShut() {
        return outputShut;
    }

    @Override
    public Socket socket() {
        synchronized (this) {
            if (adaptor == null) {
                adaptor = SmcSocketAdaptor.of(this);
            }
            return adaptor;
        }
    }

    /** The inner channel of now. */
    SocketChannel inner() {
        return inner;
    }

    /** Whether the connection is over SMC. */
    boolean isSmc() {
        return smc;
    }

    @Override
    public boolean isConnected() {
        Connector c = connector;
        return c == null ? inner.isConnected() : c.isConnected();
    }

    @Override
    public boolean isConnectionPending() {
        Connector c = connector;
        return c == null ? inner.isConnectionPending() : c.isConnectionPending();
    }

    @Override
    public SocketAddress getRemoteAddress() throws IOException {
        return inner.getRemoteAddress();
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
        Connector c = connector;
        if (c == null) {
            inner.configureBlocking(block);
        } else {
            c.configureBlocking(block);
        }
    }

    @Override
    protected void implCloseSelectableChannel() throws IOException {
        Connector c = connector;
        if (c != null && c.close()) {
            return;
        }
        if (!smc) {
            inner.close();
            return;
        }
        if (peer != null) {
            transport.engine().closed(peer, writes);
        }
        SocketChannel in = inner;
        if (!transport.closeSmc(in, isBlocking())) {
            inner = transport.closedChannel();
        }
    }

    @Override
    public void registerInner(SmcSelectionKey key) throws IOException {
        Connector c = connector;
        if (c == null) {
            key.setInner(key.owner().registerJdk(inner, key));
        } else {
            c.register(key);
        }
    }

    @Override
    public void forgetInner(SmcSelectionKey key) {
        Connector c = connector;
        if (c != null) {
            c.forget(key);
        }
    }

    @Override
    public String toString() {
        return inner.toString();
    }
}
