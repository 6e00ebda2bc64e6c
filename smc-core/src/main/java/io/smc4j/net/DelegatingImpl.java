package io.smc4j.net;

import io.smc4j.engine.SmcEngine;
import java.io.FileDescriptor;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.SocketImpl;
import java.net.SocketOption;
import java.net.SocketOptions;
import java.net.StandardSocketOptions;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Everything to the JDK's implementation. Under it, the descriptor may carry a socket of another family than the one the JDK opened; what the JDK then does
 * not know of (the local port, the family for IP_TOS) is answered here.
 *
 * <p>Lock discipline: {@code stateLock} guards {@code closed} and the replacing of the socket under the descriptor; it is never held while a call can
 * block. It is no monitor, so that a virtual thread waiting for it frees its carrier on every JDK.
 */
abstract class DelegatingImpl extends SocketImpl {

    final SmcEngine engine;
    final ReentrantLock stateLock = new ReentrantLock();
    /** The platform's implementation: owns the descriptor. Null until created or accepted. */
    volatile SocketImpl platform;
    /** Whom calls go to: {@link #platform}, or the JDK's SOCKS client around it. */
    volatile SocketImpl delegate;
    volatile boolean closed;
    /** Where the JDK's implementation has another socket's number; 0: ask it. */
    volatile int smcLocalPort;
    /** The JDK takes the socket for an IPv6 one and it is IPv4: IP_TOS has to be set by its IPv4 name. */
    volatile boolean ipv4Only;

    DelegatingImpl(SmcEngine engine) {
        this.engine = engine;
    }

    final int fd() {
        return JdkSockets.fd(platform);
    }

    @Override
    protected void connect(String host, int port) throws IOException {
        connect(new InetSocketAddress(host, port), 0);
    }

    @Override
    protected void connect(InetAddress address, int port) throws IOException {
        connect(new InetSocketAddress(address, port), 0);
    }

    @Override
    protected void connect(SocketAddress address, int timeout) throws IOException {
        JdkSockets.connect(delegate, address, timeout);
    }

    @Override
    protected void bind(InetAddress host, int port) throws IOException {
        JdkSockets.bind(delegate, host, port);
    }

    @Override
    protected void listen(int backlog) throws IOException {
        JdkSockets.listen(platform, backlog);
    }

    @Override
    protected void accept(SocketImpl accepted) throws IOException {
        JdkSockets.accept(platform, accepted);
    }

    @Override
    protected InputStream getInputStream() throws IOException {
        return JdkSockets.input(delegate);
    }

    @Override
    protected OutputStream getOutputStream() throws IOException {
        return JdkSockets.output(delegate);
    }

    @Override
    protected int available() throws IOException {
        return JdkSockets.available(delegate);
    }

    @Override
    protected void close() throws IOException {
        closed = true;
        SocketImpl d = delegate;
        if (d != null) {
            JdkSockets.close(d);
        }
    }

    @Override
    protected void shutdownInput() throws IOException {
        JdkSockets.shutdownInput(delegate);
    }

    @Override
    protected void shutdownOutput() throws IOException {
        JdkSockets.shutdownOutput(delegate);
    }

    @Override
    protected boolean supportsUrgentData() {
        return true; // as the platform's
    }

    @Override
    protected void sendUrgentData(int data) throws IOException {
        JdkSockets.sendUrgentData(delegate, data);
    }

    @Override
    protected FileDescriptor getFileDescriptor() {
        SocketImpl p = platform;
        return p == null ? fd : JdkSockets.descriptor(p);
    }

    @Override
    protected InetAddress getInetAddress() {
        SocketImpl d = delegate;
        return d == null ? address : JdkSockets.address(d);
    }

    @Override
    protected int getPort() {
        SocketImpl d = delegate;
        return d == null ? port : JdkSockets.port(d);
    }

    @Override
    protected int getLocalPort() {
        SocketImpl d = delegate;
        int port = smcLocalPort;
        return port != 0 ? port : d == null ? localport : JdkSockets.localPort(d);
    }

    @Override
    protected Set<SocketOption<?>> supportedOptions() {
        return JdkSockets.supportedOptions(delegate);
    }

    @Override
    protected <T> void setOption(SocketOption<T> name, T value) throws IOException {
        if (ipv4Only && name == StandardSocketOptions.IP_TOS && value instanceof Integer) {
            setTos((Integer) value);
            return;
        }
        JdkSockets.setOption(delegate, name, value);
    }

    @Override
    @SuppressWarnings("unchecked")
    protected <T> T getOption(SocketOption<T> name) throws IOException {
        if (ipv4Only && name == StandardSocketOptions.IP_TOS) {
            return (T) Integer.valueOf(getTos());
        }
        return (T) JdkSockets.getOption(delegate, name);
    }

    @Override
    public void setOption(int option, Object value) throws SocketException {
        if (ipv4Only && option == SocketOptions.IP_TOS && value instanceof Integer) {
            setTos((Integer) value);
            return;
        }
        delegate.setOption(option, value);
    }

    @Override
    public Object getOption(int option) throws SocketException {
        return ipv4Only && option == SocketOptions.IP_TOS ? Integer.valueOf(getTos()) : delegate.getOption(option);
    }

    private void setTos(int value) throws SocketException {
        stateLock.lock();
        try {
            ensureOpen();
            Descriptors.setTos(engine.calls(), fd(), value);
        } finally {
            stateLock.unlock();
        }
    }

    private int getTos() throws SocketException {
        stateLock.lock();
        try {
            ensureOpen();
            return Descriptors.tos(engine.calls(), fd());
        } finally {
            stateLock.unlock();
        }
    }

    final void ensureOpen() throws SocketException {
        if (closed) {
            throw new SocketException("Socket closed");
        }
    }
}
