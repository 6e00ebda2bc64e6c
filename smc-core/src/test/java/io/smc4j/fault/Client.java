package io.smc4j.fault;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.smc4j.diag.SmcMode;
import io.smc4j.net.SmcAsynchronousChannelProvider;
import io.smc4j.net.SmcSockets;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;

/** Every kind of client there is: channels in each {@link Way} to connect, {@code java.net} and asynchronous channels. */
enum Client {

    BLOCKING {
        @Override
        Conversation connect(InetSocketAddress local, InetSocketAddress to) throws IOException {
            return new OfChannel(channel(Way.BLOCKING, local, to));
        }
    },
    SELECTOR {
        @Override
        Conversation connect(InetSocketAddress local, InetSocketAddress to) throws IOException {
            return new OfChannel(channel(Way.SELECTOR, local, to));
        }
    },
    ADAPTOR_WITH_TIMEOUT {
        @Override
        Conversation connect(InetSocketAddress local, InetSocketAddress to) throws IOException {
            return new OfChannel(channel(Way.SOCKET_WITH_TIMEOUT, local, to));
        }
    },
    SOCKET {
        @Override
        Conversation connect(InetSocketAddress local, InetSocketAddress to) throws IOException {
            Socket socket = SmcSockets.newSocket();
            if (local != null) {
                socket.bind(local);
            }
            socket.connect(to);
            return new OfSocket(socket);
        }
    },
    ASYNCHRONOUS {
        @Override
        Conversation connect(InetSocketAddress local, InetSocketAddress to) throws IOException {
            AsynchronousSocketChannel channel = PROVIDER.openAsynchronousSocketChannel(null);
            if (local != null) {
                channel.bind(local);
            }
            get(channel.connect(to));
            return new OfAsynchronous(channel);
        }
    };

    private static final SmcAsynchronousChannelProvider PROVIDER = new SmcAsynchronousChannelProvider();

    /** Connects, in the end over TCP; from {@code local} unless that is null. */
    abstract Conversation connect(InetSocketAddress local, InetSocketAddress to) throws IOException;

    private static SocketChannel channel(Way way, InetSocketAddress local, InetSocketAddress to) throws IOException {
        SocketChannel channel = SocketChannel.open();
        if (local != null) {
            channel.bind(local);
        }
        way.connect(channel, to);
        return channel;
    }

    /** What a connected client does. */
    interface Conversation extends Closeable {

        int read(ByteBuffer to) throws IOException;

        void write(ByteBuffer from) throws IOException;

        void shutdownOutput() throws IOException;
    }

    private record OfChannel(SocketChannel channel) implements Conversation {

        OfChannel {
            try {
                Guest.assertTcp(channel);
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        }

        @Override
        public int read(ByteBuffer to) throws IOException {
            return channel.read(to);
        }

        @Override
        public void write(ByteBuffer from) throws IOException {
            channel.write(from);
        }

        @Override
        public void shutdownOutput() throws IOException {
            channel.shutdownOutput();
        }

        @Override
        public void close() throws IOException {
            channel.close();
        }
    }

    private record OfSocket(Socket socket) implements Conversation {

        OfSocket {
            try {
                assertEquals(SmcMode.TCP, SmcSockets.connection(socket).mode());
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        }

        @Override
        public int read(ByteBuffer to) throws IOException {
            int n = socket.getInputStream().read(to.array(), to.position(), to.remaining());
            to.position(to.position() + Math.max(0, n));
            return n;
        }

        @Override
        public void write(ByteBuffer from) throws IOException {
            socket.getOutputStream().write(from.array(), from.position(), from.remaining());
        }

        @Override
        public void shutdownOutput() throws IOException {
            socket.shutdownOutput();
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }

    /** Which path it is on the far end of the link sees: what it answers without SMC's option is TCP. */
    private record OfAsynchronous(AsynchronousSocketChannel channel) implements Conversation {

        @Override
        public int read(ByteBuffer to) throws IOException {
            return get(channel.read(to));
        }

        @Override
        public void write(ByteBuffer from) throws IOException {
            get(channel.write(from));
        }

        @Override
        public void shutdownOutput() throws IOException {
            channel.shutdownOutput();
        }

        @Override
        public void close() throws IOException {
            channel.close();
        }
    }

    private static <T> T get(Future<T> future) throws IOException {
        try {
            return future.get();
        } catch (ExecutionException | InterruptedException e) {
            throw new IOException(e);
        }
    }
}
