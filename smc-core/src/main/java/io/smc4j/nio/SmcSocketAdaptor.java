package io.smc4j.nio;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.SocketImpl;
import java.net.SocketOption;
import java.net.StandardSocketOptions;
import java.nio.channels.IllegalBlockingModeException;
import java.nio.channels.SocketChannel;
import java.util.Set;

/**
 * {@code SmcSocketChannel.socket()}: connects, binds and closes through the channel; everything else is the inner channel's own adaptor.
 *
 * <p>Thread-safety as the JDK's adaptor: safe for any thread.
 */
final class SmcSocketAdaptor extends Socket {

    private final SmcSocketChannel channel;
    private volatile int timeout;

    SmcSocketAdaptor(SmcSocketChannel channel) throws SocketException {
        super((SocketImpl) null);
        this.channel = channel;
    }

    static SmcSocketAdaptor of(SmcSocketChannel channel) {
        try {
            return new SmcSocketAdaptor(channel);
        } catch (SocketException e) {
            throw new AssertionError(e); // declared by Socket, thrown by no implementation
        }
    }

    private Socket inner() {
        return channel.inner().socket();
    }

    @Override
    public void connect(SocketAddress remote) throws IOException {
        connect(remote, 0);
    }

    @Override
    public void connect(SocketAddress remote, int timeout) throws IOException {
        if (remote == null) {
            throw new IllegalArgumentException("connect: The address can't be null");
        }
        if (timeout < 0) {
            throw new IllegalArgumentException("connect: timeout can't be negative");
        }
        if (!channel.isBlocking()) {
            throw new IllegalBlockingModeException();
        }
        try {
            channel.connectSocket(remote, timeout);
        } catch (RuntimeException e) {
            throw Translate.toSocket(e);
        } finally {
            if (!channel.inner().isOpen()) {
                channel.close();
            }
        }
    }

    @Override
    public void bind(SocketAddress local) throws IOException {
        try {
            channel.bind(local);
        } catch (RuntimeException e) {
            throw Translate.toSocket(e);
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }

    @Override
    public SocketChannel getChannel() {
        return channel;
    }

    @Override
    public InputStream getInputStream() throws IOException {
        Socket in = inner();
        if (timeout > 0) {
            in.setSoTimeout(timeout); // the one it was set on may have been replaced
        }
        return new SmcInputStream(channel, in.getInputStream());
    }

    @Override
    public OutputStream getOutputStream() throws IOException {
        return new SmcOutputStream(channel, inner().getOutputStream());
    }

    @Override
    public void shutdownInput() throws IOException {
        try {
            channel.shutdownInput();
        } catch (RuntimeException e) {
            throw Translate.toSocket(e);
        }
    }

    @Override
    public void shutdownOutput() throws IOException {
        try {
            channel.shutdownOutput();
        } catch (RuntimeException e) {
            throw Translate.toSocket(e);
        }
    }

    @Override
    public void setSoTimeout(int timeout) throws SocketException {
        inner().setSoTimeout(timeout);
        this.timeout = timeout;
    }

    @Override
    public int getSoTimeout() throws SocketException {
        inner().getSoTimeout(); // for its exception where the socket is closed
        return timeout;
    }

    @Override
    public void setSoLinger(boolean on, int linger) throws SocketException {
        set(StandardSocketOptions.SO_LINGER, on ? linger : -1);
    }

    @Override
    public int getSoLinger() throws SocketException {
        return inner().getSoLinger();
    }

    @Override
    public void setSendBufferSize(int size) throws SocketException {
        if (size <= 0) {
            throw new IllegalArgumentException("Invalid send size");
        }
        set(StandardSocketOptions.SO_SNDBUF, size);
    }

    @Override
    public int getSendBufferSize() throws SocketException {
        return inner().getSendBufferSize();
    }

    @Override
    public void setReceiveBufferSize(int size) throws SocketException {
        if (size <= 0) {
            throw new IllegalArgumentException("Invalid receive size");
        }
        set(StandardSocketOptions.SO_RCVBUF, size);
    }

    @Override
    public int getReceiveBufferSize() throws SocketException {
        return inner().getReceiveBufferSize();
    }

    @Override
    public void sendUrgentData(int data) throws IOException {
        inner().sendUrgentData(data);
    }

    @Override
    public void setOOBInline(boolean on) throws SocketException {
        inner().setOOBInline(on);
    }

    @Override
    public boolean getOOBInline() throws SocketException {
        return inner().getOOBInline();
    }

    @Override
    public void setTcpNoDelay(boolean on) throws SocketException {
        set(StandardSocketOptions.TCP_NODELAY, on);
    }

    @Override
    public boolean getTcpNoDelay() throws SocketException {
        return inner().getTcpNoDelay();
    }

    @Override
    public void setKeepAlive(boolean on) throws SocketException {
        set(StandardSocketOptions.SO_KEEPALIVE, on);
    }

    @Override
    public boolean getKeepAlive() throws SocketException {
        return inner().getKeepAlive();
    }

    @Override
    public void setReuseAddress(boolean on) throws SocketException {
        set(StandardSocketOptions.SO_REUSEADDR, on);
    }

    @Override
    public boolean getReuseAddress() throws SocketException {
        return inner().getReuseAddress();
    }

    @Override
    public void setTrafficClass(int value) throws SocketException {
        set(StandardSocketOptions.IP_TOS, value);
    }

    @Override
    public int getTrafficClass() throws SocketException {
        return inner().getTrafficClass();
    }

    @Override
    public InetAddress getInetAddress() {
        return inner().getInetAddress();
    }

    @Override
    public InetAddress getLocalAddress() {
        return inner().getLocalAddress();
    }

    @Override
    public int getPort() {
        return inner().getPort();
    }

    @Override
    public int getLocalPort() {
        return inner().getLocalPort();
    }

    @Override
    public SocketAddress getRemoteSocketAddress() {
        return inner().getRemoteSocketAddress();
    }

    @Override
    public SocketAddress getLocalSocketAddress() {
        return inner().getLocalSocketAddress();
    }

    @Override
    public boolean isConnected() {
        return channel.isConnected();
    }

    @Override
    public boolean isBound() {
        return inner().isBound();
    }

    @Override
    public boolean isClosed() {
        return !channel.isOpen();
    }

    @Override
    public boolean isInputShutdown() {
        return inner().isInputShutdown();
    }

    @Override
    public boolean isOutputShutdown() {
        return channel.isOutputShut() || inner().isOutputShutdown();
    }

    @Override
    public <T> Socket setOption(SocketOption<T> name, T value) throws IOException {
        channel.setOption(name, value);
        return this;
    }

    @Override
    public <T> T getOption(SocketOption<T> name) throws IOException {
        return channel.getOption(name);
    }

    @Override
    public Set<SocketOption<?>> supportedOptions() {
        return channel.supportedOptions();
    }

    private <T> void set(SocketOption<T> name, T value) throws SocketException {
        try {
            channel.setOption(name, value);
        } catch (IOException e) {
            throw Translate.toSocket(e);
        }
    }

    @Override
    public String toString() {
        return inner().toString();
    }
}
