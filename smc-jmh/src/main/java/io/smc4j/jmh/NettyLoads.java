package io.smc4j.jmh;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.smc4j.jmh.NettyChannels.Kind;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/** The loads over Netty: everything happens on event loops, and the benchmark's thread waits for the end of {@link Load#run}. */
final class NettyLoads {

    private NettyLoads() {
    }

    /** Round trips, the same number on each connection, all on one event loop. */
    static Load roundTrips(Kind kind, int connections, int bytes) throws IOException {
        NettyChannels channels = new NettyChannels(kind, NettyHandlers.Echo::new);
        List<Channel> clients = new ArrayList<>();
        List<NettyHandlers.PingPong> handlers = new ArrayList<>();
        for (int i = 0; i < connections; i++) {
            NettyHandlers.PingPong handler = new NettyHandlers.PingPong(bytes);
            clients.add(channels.connect(0, handler));
            handlers.add(handler);
        }
        return new NettyLoad(channels, clients, times -> {
            CountDownLatch done = new CountDownLatch(connections);
            for (NettyHandlers.PingPong handler : handlers) {
                handler.start(times, done);
            }
            NettyHandlers.await(done);
        });
    }

    /** {@link Load#STREAM_OPERATION} bytes one way; the peer reads them. */
    static Load stream(Kind kind) throws IOException {
        NettyChannels channels = new NettyChannels(kind, NettyHandlers.Sink::new);
        Channel client = channels.connect(0, new NettyHandlers.Sink());
        ByteBuf message = NettyHandlers.message(Load.STREAM_WRITE);
        return new NettyLoad(channels, List.of(client), times -> {
            for (int i = 0; i < times; i++) {
                ChannelFuture last = null;
                for (int done = 0; done < Load.STREAM_OPERATION; done += Load.STREAM_WRITE) {
                    last = client.write(message.duplicate());
                }
                client.flush();
                last.syncUninterruptibly();
            }
        });
    }

    /** Connect, one byte each way, close. */
    static Load connects(Kind kind) {
        NettyChannels channels = new NettyChannels(kind, NettyHandlers.Echo::new);
        return new ConnectLoad(channels);
    }

    private interface Step {
        void run(int times) throws IOException;
    }

    private record NettyLoad(NettyChannels channels, List<Channel> clients, Step step) implements Load {

        @Override
        public void run(int times) throws IOException {
            step.run(times);
        }

        @Override
        public List<String> wires() throws IOException {
            return channels.wires(clients);
        }

        @Override
        public void close() {
            channels.close();
        }
    }

    private static final class ConnectLoad implements Load {

        private final NettyChannels channels;
        private int next;

        ConnectLoad(NettyChannels channels) {
            this.channels = channels;
        }

        @Override
        public void run(int times) throws IOException {
            for (int i = 0; i < times; i++) {
                used(next++ % Listener.ADDRESSES).close().syncUninterruptibly();
            }
        }

        private Channel used(int address) throws IOException {
            NettyHandlers.PingPong handler = new NettyHandlers.PingPong(1);
            Channel client = channels.connect(address, handler);
            CountDownLatch done = new CountDownLatch(1);
            handler.start(1, done);
            NettyHandlers.await(done);
            return client;
        }

        @Override
        public List<String> wires() throws IOException {
            Channel first = used(0);
            Channel other = used(next % Listener.ADDRESSES);
            try {
                return channels.wires(List.of(first, other)).subList(0, 2);
            } finally {
                first.close().syncUninterruptibly();
                other.close().syncUninterruptibly();
            }
        }

        @Override
        public void close() {
            channels.close();
        }
    }
}
