package io.smc4j.net;

import io.smc4j.SmcUnavailableException;
import io.smc4j.engine.CloseGuard;
import io.smc4j.engine.SmcEngine;
import io.smc4j.internal.Linux;
import io.smc4j.policy.SmcDecision;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.SocketImpl;
import java.net.SocketOption;
import java.net.SocketOptions;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A client's or an accepted socket: the JDK's own implementation, under whose descriptor the policy's choice puts an SMC socket once that is connected. Until
 * then the implementation holds the TCP socket it opened, so that the way over TCP is open all the time and is the JDK's alone.
 */
final class SmcSocketImpl extends DelegatingImpl {

    /** Held through a connect: as in the JDK, a second one waits. */
    private final ReentrantLock connectLock = new ReentrantLock();
    private final Options options = new Options();
    private final boolean direct;
    /** The SMC connect under way; guarded by {@code stateLock}. */
    private SmcConnect connecting;
    private boolean bound;
    /** The program has chosen the local port. */
    private boolean fixedPort;
    /** Connected by us: over SMC, or over the kernel's fallback. */
    private volatile boolean connected;
    /** Connected or accepted over SMC; set once. */
    private volatile boolean smc;
    private volatile boolean inputShut;
    /** The program has shut its output down, the kernel not yet: data is still on its way. */
    private volatile boolean outputShut;
    private volatile boolean reset;
    /** The peer of a connection that this side made over SMC; null in accepted sockets. */
    private InetSocketAddress peer;
    /** Write calls; not exact where threads write at once, which a threshold can bear. */
    private int writes;

    /** @param direct whether the program has ruled a proxy out */
    SmcSocketImpl(SmcEngine engine, boolean direct) {
        super(engine);
        this.direct = direct;
    }

    @Override
    protected void create(boolean stream) throws IOException {
        SocketImpl p = JdkSockets.platform(false);
        SocketImpl d = direct ? p : JdkSockets.withSocks(p);
        JdkSockets.create(d, stream);
        platform = p;
        delegate = d;
    }

    /** Takes over a connection that a listener of ours accepted with {@code accepted}. */
    void accepted(SocketImpl accepted, boolean overSmc, boolean isIpv4Only) throws IOException {
        SocketImpl before = delegate;
        if (before != null) { // implAccept of a socket that was used: as in the JDK, it keeps its time-out
            accepted.setOption(SocketOptions.SO_TIMEOUT, before.getOption(SocketOptions.SO_TIMEOUT));
            JdkSockets.close(before);
        }
        stateLock.lock();
        try {
            platform = accepted;
            delegate = accepted;
            smc = overSmc;
            connected = true;
            ipv4Only = isIpv4Only;
        } finally {
            stateLock.unlock();
        }
        if (closed) {
            JdkSockets.close(accepted);
            throw new SocketException("Socket is closed");
        }
    }

    @Override
    protected void bind(InetAddress host, int port) throws IOException {
        super.bind(host, port);
        bound = true;
        fixedPort = port != 0;
    }

    @Override
    protected void connect(SocketAddress address, int timeout) throws IOException {
        connectLock.lock();
        try {
            InetSocketAddress target = connected || closed ? null : smcTarget(address);
            SmcConnect attempt = target == null ? null : open(target);
            if (attempt == null) {
                JdkSockets.connect(delegate, address, timeout);
                return;
            }
            IOException failure = connectSmc(attempt, timeout);
            if (failure != null) {
                connectTcp(attempt, address, timeout == 0 ? 0 : (int) Math.max(1, timeout - attempt.nanos() / 1_000_000), failure);
            }
        } finally {
            connectLock.unlock();
        }
    }

    /** The address for an SMC connect, or null where TCP, or the JDK's exception, is the answer. */
    private InetSocketAddress smcTarget(SocketAddress address) throws IOException {
        if (!(address instanceof InetSocketAddress) || ((InetSocketAddress) address).isUnresolved()) {
            return null;
        }
        InetSocketAddress target = (InetSocketAddress) address;
        if (target.getAddress().isAnyLocalAddress()) { // as NioSocketImpl.connect
            target = new InetSocketAddress(InetAddress.getLocalHost(), target.getPort());
        }
        if (target.getAddress() instanceof Inet6Address && !engine.isV6(fd())) {
            return null;
        }
        SmcDecision decision = engine.connect(target, fixedPort);
        return decision.smc() && (direct || !Socks.isProxied(target)) ? target : null;
    }

    /** A connect over SMC, ready to go, or null where there is no SMC socket to be had. */
    private SmcConnect open(InetSocketAddress target) throws IOException {
        try {
            return SmcConnect.open(engine, target, fd(), options, bound);
        } catch (IOException | RuntimeException e) {
            engine.unusable(e);
            if (engine.isRequired()) {
                close();
                throw new SmcUnavailableException("smc.mode=require: no SMC socket for this connect: " + e.getMessage(), e);
            }
            return null;
        }
    }

    /** Connects over SMC, or over TCP where the kernel falls back by itself; answers what it failed with, or null. */
    private IOException connectSmc(SmcConnect attempt, int timeout) throws IOException {
        stateLock.lock();
        try {
            connecting = attempt;
        } finally {
            stateLock.unlock();
        }
        IOException failure = closed ? new SocketException("Socket closed") : attempt.run(engine.patienceMillis(timeout));
        stateLock.lock();
        try {
            connecting = null;
            if (failure == null && !closed) {
                established(attempt);
            }
        } finally {
            stateLock.unlock();
            attempt.close();
        }
        if (closed) {
            throw new SocketException("Socket closed");
        }
        if (connected && !smc && engine.isRequired()) {
            close();
            throw new SmcUnavailableException("smc.mode=require: the kernel fell back to TCP for this connection", null);
        }
        return failure;
    }

    private void established(SmcConnect attempt) throws IOException {
        assert stateLock.isHeldByCurrentThread();
        SocketImpl p = platform;
        int port = attempt.localAddress().getPort();
        boolean ipv4 = attempt.isIpv4() && engine.isV6(fd());
        attempt.adopt(fd(), () -> JdkSockets.connect(p, attempt.target(), 0));
        delegate = p; // a direct connection: SOCKS has no part in it
        smcLocalPort = port;
        ipv4Only = ipv4;
        connected = true;
        smc = attempt.outcome().smc();
        engine.connected(attempt.target(), attempt.outcome(), attempt.nanos());
        peer = smc ? attempt.target() : null;
    }

    /** Goes on over TCP where that may help. */
    private void connectTcp(SmcConnect attempt, SocketAddress address, int timeout, IOException smcFailure) throws IOException {
        InetSocketAddress target = attempt.target();
        delegate = platform; // no SOCKS proxy for this address: that was asked before
        if (attempt.wasInterrupted()) {
            if (SmcConnect.isVirtual(Thread.currentThread())) { // as NioSocketImpl: there an interrupt closes
                close();
                throw new SocketException("Closed by interrupt");
            }
            JdkSockets.connect(platform, address, timeout); // java.net does not heed interrupts
            return;
        }
        if (!SmcEngine.isWorthTcp(smcFailure)) {
            engine.inconclusive(target);
            close();
            throw smcFailure;
        }
        if (engine.isRequired()) {
            close();
            throw new SmcUnavailableException("smc.mode=require: SMC connect failed: " + smcFailure.getMessage(), smcFailure);
        }
        boolean asksTcp = engine.abandoned(target, smcFailure, attempt.nanos());
        try {
            if (bound) {
                smcLocalPort = SmcConnect.bindAnew(engine, fd(), options);
            }
            JdkSockets.connect(platform, address, timeout);
        } catch (IOException e) {
            engine.inconclusive(target);
            throw e;
        }
        if (asksTcp) {
            engine.broken(target, attempt.nanos());
        }
    }

    @Override
    protected InputStream getInputStream() throws IOException {
        InputStream in = super.getInputStream();
        return smc ? new SmcInput(this, in) : in;
    }

    @Override
    protected OutputStream getOutputStream() throws IOException {
        OutputStream out = super.getOutputStream();
        return smc ? new SmcOutput(this, out) : out;
    }

    /** Counts a write call, and refuses it where output is shut. */
    void noteWrite() throws SocketException {
        writes++;
        if (outputShut) {
            ensureOpen();
            throw new SocketException("Broken pipe");
        }
    }

    void ensureNotReset() throws SocketException {
        if (reset) {
            ensureOpen();
            throw new SocketException("Connection reset");
        }
    }

    /** An end of stream: SMC answers one after a peer's abort too, where TCP says that the connection was reset. */
    int endOrReset() throws SocketException {
        stateLock.lock();
        try {
            if (!closed && !inputShut && engine.wasReset(fd())) {
                reset = true;
            }
        } finally {
            stateLock.unlock();
        }
        ensureNotReset();
        return -1;
    }

    boolean isSmc() {
        return smc;
    }

    @Override
    protected void shutdownInput() throws IOException {
        super.shutdownInput();
        inputShut = true;
    }

    @Override
    protected void shutdownOutput() throws IOException {
        // SMC's shutdown would wait for the peer to read, and drop what it has not read after 2 s.
        if (smc && !outputShut && !closed && engine.closeGuard().unsent(fd()) > 0 && engine.closeGuard().shutdownAfterDrain(fd())) {
            outputShut = true;
        } else {
            super.shutdownOutput();
        }
    }

    @Override
    protected void close() throws IOException {
        SmcConnect pending;
        boolean first;
        stateLock.lock();
        try {
            first = !closed;
            closed = true;
            pending = connecting;
        } finally {
            stateLock.unlock();
        }
        if (pending != null) {
            pending.abort();
        }
        if (first && smc) {
            closeSmc();
        } else if (delegate != null) {
            JdkSockets.close(delegate);
        }
    }

    /** What is unsent is delivered all the same, and nobody waits but who asked to by SO_LINGER. */
    private void closeSmc() throws IOException {
        CloseGuard guard = engine.closeGuard();
        int fd = fd();
        if (peer != null) {
            engine.closed(peer, writes);
        }
        int kept = guard.unsent(fd) == 0 ? -1 : keepForDraining(fd);
        JdkSockets.close(platform);
        if (kept >= 0) {
            engine.calls().setsockopt(kept, Linux.SOL_SOCKET, Linux.SO_LINGER, Descriptors.linger(false));
            guard.whenDrained(kept, () -> true, () -> engine.calls().close(kept));
        }
    }

    /** A descriptor that outlives the JDK's close, or -1 where the program wants no draining. */
    private int keepForDraining(int fd) throws SocketException {
        CloseGuard guard = engine.closeGuard();
        Object linger = platform.getOption(SocketOptions.SO_LINGER); // false, or seconds
        int seconds = linger instanceof Integer ? (Integer) linger : -1;
        if (seconds == 0 || seconds > 0 && guard.await(fd, TimeUnit.SECONDS.toMillis(seconds))) {
            return -1;
        }
        int kept = guard.keep(fd);
        if (kept >= 0) {
            // The JDK shuts output down before it closes, which would wait and then drop what is unsent, unless SO_LINGER is 0.
            engine.calls().setsockopt(fd, Linux.SOL_SOCKET, Linux.SO_LINGER, Descriptors.linger(true));
        }
        return kept;
    }

    @Override
    protected <T> void setOption(SocketOption<T> name, T value) throws IOException {
        super.setOption(name, value);
        options.remember(name, value);
    }

    @Override
    public void setOption(int option, Object value) throws SocketException {
        super.setOption(option, value);
        options.remember(option, value);
    }
}
