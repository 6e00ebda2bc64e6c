package io.smc4j.jmh;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

/** Blocking connections of {@link Channels}. */
final class ChannelListener implements Listener {

    private final Channels channels;
    private final Channels.Listening listening;

    ChannelListener(Channels channels) throws IOException {
        this.channels = channels;
        listening = channels.listen();
    }

    @Override
    public End connect(int address) throws IOException {
        return new ChannelEnd(channels, listening.connect(address));
    }

    @Override
    public End accept() throws IOException {
        return new ChannelEnd(channels, listening.accept());
    }

    @Override
    public void close() throws IOException {
        listening.close();
    }

    private static final class ChannelEnd implements End {

        /** One for each thread: a short connection should not pay for it. */
        private static final ThreadLocal<ByteBuffer> BUFFER = ThreadLocal.withInitial(() -> ByteBuffer.allocateDirect(MAX_BYTES));

        private final Channels channels;
        private final SocketChannel channel;

        ChannelEnd(Channels channels, SocketChannel channel) {
            this.channels = channels;
            this.channel = channel;
        }

        @Override
        public void write(int bytes) throws IOException {
            ByteBuffer buffer = BUFFER.get().clear().limit(bytes);
            while (buffer.hasRemaining()) {
                channel.write(buffer);
            }
        }

        @Override
        public int read(int bytes) throws IOException {
            return channel.read(BUFFER.get().clear().limit(bytes));
        }

        @Override
        public String wire() throws IOException {
            return Kernel.wire(channels.fd(channel));
        }

        @Override
        public void close() throws IOException {
            channel.close();
        }
    }
}
