package io.smc4j.nio;

import io.smc4j.SmcUnavailableException;
import io.smc4j.engine.CloseGuard;
import io.smc4j.engine.SmcEngine;
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
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ConnectionPendingException;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SocketChannel;
import java.util.Set;

/**
 * A socket channel around one of the JDK's, which does all the I/O. Which one is chosen at connect: the JDK's own TCP channel, or a fresh one
 * converted to SMC; should SMC fail, it is replaced by a TCP channel again and the program sees one connect.
 *
 * <p>Lock discipline: {@code stateLock} guards {@code setup} and the replacement of {@code inner}. It is never held while a call can block. Order:
 * the channel's own registration lock, {@code stateLock}, the inner channels' locks. Reads and writes take no lock of ours.
 */
final class SmcSocketChannel extends SocketChannel implements FdHolder, InnerRegistration {

    private final Transport transport;
    private final ProtocolFamily family;
    private final Object stateLock = new Object();
    private volatile SocketChannel inner;
    /** Connected over SMC; set once. */
    private volatile boolean smc;
    /** Null once connected. */
    private Setup setup;
    /** The inner channel got connected before the program called finishConnect. */
    private boolean connectedEarly;
    private SmcSocketAdaptor adaptor;
    /** The program has shut its output down, the kernel not yet: data is still on its way. */
    private volatile boolean outputShut;
    /** The peer of a connection that this side made over SMC; null in accepted channels. */
    private InetSocketAddress peer;
    /** Write calls; not exact where threads write at once, which a threshold can bear. */
    private int writes;

    /** An unconnected channel; {@code family} is the one asked for at open or null. */
    SmcSocketChannel(Transport transport, ProtocolFamily family) throws IOException {
        super(transport.provider());
        this.transport = transport;
        this.family = family;
        this.setup = new Setup();
        this.inner = transport.openTcp(family);
    }

    /** An accepted channel whose connection is over SMC. */
    SmcSocketChannel(Transport transport, SocketChannel accepted) {
        super(transport.provider());
        this.transport = transport;
        this.family = null;
        this.inner = accepted;
        this.smc = true;
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
        return connect(remote, 0);
    }

    /** Connects; {@code timeoutMillis} (0: none) holds in blocking mode only. */
    boolean connect(SocketAddress remote, int timeoutMillis) throws IOException {
        try {
            InetSocketAddress target = mayChoose() ? transport.smcTarget(remote, family) : null;
            SocketChannel smcChannel = target == null ? null : openSmc(target);
            if (smcChannel == null) {
                return connectInner(remote, timeoutMillis);
            }
            return isBlocking() ? connectBlocking(smcChannel, target, remote, timeoutMillis) : connectNonBlocking(smcChannel, target);
        } catch (ClosedChannelException e) {
            throw closed(e);
        }
    }

    /** Whether this connect is the channel's first; otherwise the inner channel finds the right exception. */
    private boolean mayChoose() {
        synchronized (stateLock) {
            if (setup != null && setup.attempt != null) {
                throw new ConnectionPendingException();
            }
            return isOpen() && setup != null && !inner.isConnected() && !inner.isConnectionPending();
        }
    }

    private boolean connectInner(SocketAddress remote, int timeoutMillis) throws IOException {
        SocketChannel in = inner;
        try {
            if (timeoutMillis == 0 || !isBlocking()) {
                if (!in.connect(remote)) {
                    return false;
                }
            } else {
                in.socket().connect(remote, timeoutMillis);
            }
        } catch (IOException e) {
            failed(null);
            if (!in.isOpen()) {
                Transport.closeQuietly(this);
            }
            throw e;
        }
        connectedOverTcp();
        return true;
    }

    private void connectedOverTcp() {
        InetSocketAddress gaveUp;
        synchronized (stateLock) {
            gaveUp = setup == null ? null : setup.gaveUp;
            setup = null;
        }
        if (gaveUp != null) {
            transport.engine().broken(gaveUp);
        }
    }

    /** The connect failed; SMC has no part in it. */
    private void failed(InetSocketAddress remote) {
        InetSocketAddress tried;
        synchronized (stateLock) {
            tried = remote != null || setup == null ? remote : setup.gaveUp;
        }
        if (tried != null) {
            transport.engine().inconclusive(tried);
        }
    }

    /** A fresh SMC channel with this one's options and local address, or null where there is none to be had. */
    private SocketChannel openSmc(InetSocketAddress target) throws IOException {
        SocketChannel fresh = null;
        try {
            fresh = transport.openSmc(Setup.isV6(target));
            synchronized (stateLock) {
                setup.prepare(inner, fresh, Setup.isV6(target));
            }
            return fresh;
        } catch (IOException | RuntimeException e) {
            if (fresh != null) {
                fresh.close();
            }
            transport.engine().unusable(e);
            if (transport.engine().isRequired()) {
                close();
                throw new SmcUnavailableException("smc.mode=require: no SMC socket for this connect: " + e.getMessage(), e);
            }
            return null;
        }
    }

    private boolean connectBlocking(SocketChannel smcChannel, InetSocketAddress target, SocketAddress remote, int timeoutMillis)
            throws IOException {
        ConnectAttempt attempt = new ConnectAttempt(target, smcChannel);
        synchronized (stateLock) {
            if (!isOpen()) {
                smcChannel.close();
                throw new AsynchronousCloseException();
            }
            setup.attempt = attempt;
        }
        int kept = transport.engine().closeGuard().keep(ChannelFd.of(smcChannel));
        IOException failure = null;
        try {
            smcChannel.socket().connect(target, transport.engine().patienceMillis(timeoutMillis));
            if (!transport.engine().hasPeer(ChannelFd.of(smcChannel))) {
                failure = new SocketException("SMC handshake failed");
            }
        } catch (IOException e) {
            failure = e;
        } finally {
            transport.engine().closeGuard().release(kept, failure == null);
        }
        synchronized (stateLock) {
            setup.attempt = null;
            if (failure == null && isOpen()) {
                Transport.closeQuietly(inner);
                inner = smcChannel;
                smcChannel.configureBlocking(setup.isBlocking());
            }
        }
        if (failure == null && isOpen()) {
            established(attempt);
            return true;
        }
        Transport.closeQuietly(smcChannel);
        if (Thread.currentThread().isInterrupted()) {
            Transport.closeQuietly(this);
            throw new ClosedByInterruptException();
        }
        if (!isOpen()) {
            throw new AsynchronousCloseException();
        }
        if (!SmcEngine.isWorthTcp(failure)) {
            failed(target);
            close();
            throw failure;
        }
        giveUpSmc(attempt, failure);
        int left = timeoutMillis == 0 ? 0 : (int) Math.max(1, timeoutMillis - attempt.nanos() / 1_000_000);
        return connectInner(remote, left);
    }

    private boolean connectNonBlocking(SocketChannel smcChannel, InetSocketAddress target) throws IOException {
        ConnectAttempt attempt = new ConnectAttempt(target, smcChannel);
        boolean connected;
        synchronized (stateLock) {
            if (!isOpen()) {
                smcChannel.close();
                throw new ClosedChannelException();
            }
            try {
                smcChannel.configureBlocking(false);
                connected = smcChannel.connect(target);
            } catch (IOException e) {
                Transport.closeQuietly(smcChannel);
                if (!SmcEngine.isWorthTcp(e)) {
                    close();
                    throw e;
                }
                giveUpSmc(attempt, e);
                return connectInner(target, 0);
            }
            replaceInner(smcChannel);
            if (!connected) {
                setup.attempt = attempt;
                attempt.timer = Transport.later(() -> outOfPatience(attempt), transport.engine().patienceMillis(0));
            }
        }
        if (connected) {
            established(attempt);
        }
        return connected;
    }

    private void replaceInner(SocketChannel fresh) throws IOException {
        assert Thread.holdsLock(stateLock);
        SocketChannel old = inner;
        inner = fresh;
        setup.moveKeys(fresh);
        if (setup.attempt != null && old == setup.attempt.channel) {
            transport.abandon(old);
        } else {
            old.close();
        }
    }

    @Override
    public boolean finishConnect() throws IOException {
        try {
            for (;;) {
                SocketChannel in;
                ConnectAttempt attempt;
                synchronized (stateLock) {
                    if (connectedEarly) {
                        connectedEarly = false;
                        connectedOverTcp();
                        return true;
                    }
                    in = inner;
                    attempt = setup == null || !isOpen() ? null : setup.attempt;
                }
                if (attempt == null) {
                    boolean done = finishInner(in);
                    if (done) {
                        connectedOverTcp();
                    }
                    return done;
                }
                if (attempt.failure != null) {
                    failed(attempt.remote);
                    close();
                    throw attempt.failure;
                }
                if (finishAttempt(in, attempt)) {
                    established(attempt);
                    return true;
                }
                if (in == inner) {
                    return false;
                }
            }
        } catch (ClosedChannelException e) {
            throw closed(e);
        }
    }

    private boolean finishInner(SocketChannel in) throws IOException {
        try {
            return in.finishConnect();
        } catch (IOException e) {
            failed(null);
            if (!in.isOpen()) {
                Transport.closeQuietly(this);
            }
            throw e;
        }
    }

    /** Answers true when SMC's handshake is over and well; has moved on to TCP where {@code inner} is another one afterwards. */
    private boolean finishAttempt(SocketChannel in, ConnectAttempt attempt) throws IOException {
        IOException failure;
        try {
            if (!in.finishConnect()) {
                return false;
            }
            if (transport.engine().hasPeer(ChannelFd.of(in))) {
                return true;
            }
            failure = new SocketException("SMC handshake failed");
        } catch (IOException e) {
            failure = e;
        }
        synchronized (stateLock) {
            if (in == inner && isOpen()) {
                if (!SmcEngine.isWorthTcp(failure)) {
                    attempt.cancelTimer();
                    failed(attempt.remote);
                    close();
                    throw failure;
                }
                retryOverTcp(attempt, failure);
            } else if (!isOpen()) {
                throw failure;
            }
        }
        return false;
    }

    /**
     * Asked by the selector before it reports OP_CONNECT of {@code channel}, an inner channel.
     *
     * @return false where the program is not to be told: SMC failed and the connect goes on over TCP
     */
    boolean connectReady(SelectableChannel channel) {
        synchronized (stateLock) {
            ConnectAttempt attempt = setup == null ? null : setup.attempt;
            if (attempt == null || attempt.failure != null || !isOpen()) {
                return true;
            }
            if (channel != inner) {
                return false;
            }
            if (transport.engine().hasPeer(ChannelFd.of(inner))) {
                return true;
            }
            try {
                IOException failure = pendingFailure();
                if (failure == null) {
                    return false;
                }
                if (SmcEngine.isWorthTcp(failure)) {
                    retryOverTcp(attempt, failure);
                    return false;
                }
                attempt.failure = failure;
            } catch (IOException e) {
                attempt.failure = e;
            }
            attempt.cancelTimer();
            return true;
        }
    }

    private IOException pendingFailure() {
        try {
            return inner.finishConnect() ? new SocketException("SMC handshake failed") : null;
        } catch (IOException e) {
            return e;
        }
    }

    private void outOfPatience(ConnectAttempt attempt) {
        synchronized (stateLock) {
            if (isOpen() && setup != null && setup.attempt == attempt && attempt.failure == null && inner == attempt.channel
                    && !transport.engine().hasPeer(ChannelFd.of(inner))) {
                try {
                    retryOverTcp(attempt, null);
                } catch (IOException e) {
                    attempt.failure = e;
                    setup.keys().forEach(key -> key.owner().connectedAlready(key));
                }
            }
        }
    }

    /** Goes on over TCP with a non-blocking connect on a fresh inner channel. */
    private void retryOverTcp(ConnectAttempt attempt, IOException cause) throws IOException {
        assert Thread.holdsLock(stateLock);
        attempt.cancelTimer();
        giveUpSmc(attempt, cause);
        SocketChannel tcp = transport.openTcp(family);
        try {
            setup.prepare(attempt.channel, tcp, family == null || Setup.isV6(attempt.remote));
            tcp.configureBlocking(false);
            connectedEarly = tcp.connect(attempt.remote);
            replaceInner(tcp);
            setup.attempt = null;
            tcp.configureBlocking(setup.isBlocking());
            if (connectedEarly) {
                setup.keys().forEach(key -> key.owner().connectedAlready(key));
            }
        } catch (IOException | RuntimeException e) {
            Transport.closeQuietly(tcp);
            throw e;
        }
    }

    private void giveUpSmc(ConnectAttempt attempt, IOException cause) throws IOException {
        if (transport.engine().isRequired()) {
            close();
            throw new SmcUnavailableException("smc.mode=require: SMC connect failed: "
                    + (cause == null ? "no answer in time" : cause.getMessage()), cause);
        }
        synchronized (stateLock) {
            if (setup != null) {
                setup.gaveUp = attempt.remote;
            }
        }
        transport.engine().abandoned(attempt.remote, cause);
    }

    private void established(ConnectAttempt attempt) throws IOException {
        boolean overSmc;
        synchronized (stateLock) {
            attempt.cancelTimer();
            if (setup == null || !isOpen()) {
                return;
            }
            setup = null;
            overSmc = transport.engine().connected(attempt.remote, ChannelFd.of(inner), attempt.nanos());
            smc = overSmc;
            peer = overSmc ? attempt.remote : null;
        }
        if (!overSmc && transport.engine().isRequired()) {
            close();
            throw new SmcUnavailableException("smc.mode=require: the kernel fell back to TCP for this connection", null);
        }
    }

    @Override
    public SocketChannel bind(SocketAddress local) throws IOException {
        synchronized (stateLock) {
            if (setup != null && setup.attempt != null) {
                throw new ConnectionPendingException();
            }
            inner.bind(local);
            if (setup != null) {
                setup.bound(inner.getLocalAddress());
            }
        }
        return this;
    }

    @Override
    public <T> SocketChannel setOption(SocketOption<T> name, T value) throws IOException {
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
        synchronized (stateLock) {
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
        synchronized (stateLock) {
            return !connectedEarly && (setup == null || setup.attempt == null) && inner.isConnected();
        }
    }

    @Override
    public boolean isConnectionPending() {
        synchronized (stateLock) {
            return connectedEarly || (setup != null && setup.attempt != null ? isOpen() : inner.isConnectionPending());
        }
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
        SocketChannel in = inner;
        in.configureBlocking(block); // not under the lock: it waits for a read or write of another thread
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
        ConnectAttempt attempt;
        synchronized (stateLock) {
            attempt = setup == null ? null : setup.attempt;
            if (attempt != null) {
                attempt.cancelTimer();
            }
        }
        if (attempt == null) {
            if (smc) {
                if (peer != null) {
                    transport.engine().closed(peer, writes);
                }
                transport.closeSmc(inner, isBlocking());
            } else {
                inner.close();
            }
        } else if (attempt.channel == inner) {
            transport.abandon(inner);
        } else {
            attempt.channel.close(); // a thread is connecting it, and keeps the socket
            inner.close();
        }
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
