package io.smc4j.nio;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.SocketOption;
import java.net.StandardSocketOptions;
import java.nio.channels.IllegalBlockingModeException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.Set;

/** {@code SmcServerSocketChannel.socket()}: binds, accepts and closes through the channel. Safe for any thread. */
final class SmcServerSocketAdaptor extends ServerSocket {

    private static final int DEFAULT_BACKLOG = 50;

    private final SmcServerSocketChannel channel;
    private volatile int timeout;

    private SmcServerSocketAdaptor(SmcServerSocketChannel channel) throws IOException {
        this.channel = channel;
    }

    static SmcServerSocketAdaptor of(SmcServerSocketChannel channel) {
        try {
            return new SmcServerSocketAdaptor(channel);
        } catch (IOException e) {
            throw new AssertionError(e); // an unbound ServerSocket makes no system call
        }
    }

    private ServerSocket inner() {
        return channel.inner().socket();
    }

    @Override
    public void bind(SocketAddress local) throws IOException {
        bind(local, DEFAULT_BACKLOG);
    }

    @Override
    public void bind(SocketAddress local, int backlog) throws IOException {
        try {
            channel.bind(local == null ? new InetSocketAddress(0) : local, backlog);
        } catch (RuntimeException e) {
            throw Translate.toSocket(e);
        }
    }

    @Override
    public Socket accept() throws IOException {
        try {
            if (timeout > 0) {
                ServerSocket in = inner();
                in.setSoTimeout(timeout); // the one it was set on may have been replaced by bind
                return channel.wrap(in.accept().getChannel()).socket();
            }
            SocketChannel accepted = channel.accept();
            if (accepted == null) {
                throw new IllegalBlockingModeException();
            }
            return accepted.socket();
        } catch (RuntimeException e) {
            throw Translate.toSocket(e);
        } finally {
            if (!channel.inner().isOpen()) {
                Transport.closeQuietly(channel);
            }
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }

    @Override
    public ServerSocketChannel getChannel() {
        return channel;
    }

    @Override
    public void setSoTimeout(int timeout) throws SocketException {
        inner().setSoTimeout(timeout);
        this.timeout = timeout;
    }

    @Override
    public int getSoTimeout() throws IOException {
        inner().getSoTimeout(); // for its exception where the socket is closed
        return timeout;
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
    public void setReceiveBufferSize(int size) throws SocketException {
        if (size <= 0) {
            throw new IllegalArgumentException("size cannot be 0 or negative");
        }
        set(StandardSocketOptions.SO_RCVBUF, size);
    }

    @Override
    public int getReceiveBufferSize() throws SocketException {
        return inner().getReceiveBufferSize();
    }

    @Override
    public InetAddress getInetAddress() {
        return inner().getInetAddress();
    }

    @Override
    public int getLocalPort() {
        return inner().getLocalPort();
    }

    @Override
    public SocketAddress getLocalSocketAddress() {
        return inner().getLocalSocketAddress();
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
    public <T> ServerSocket setOption(SocketOption<T> name, T value) throws IOException {
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
