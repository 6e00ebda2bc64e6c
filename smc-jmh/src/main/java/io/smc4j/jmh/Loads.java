package io.smc4j.jmh;

import java.io.IOException;
import java.util.function.Supplier;

/** What a transport opens its loads with. */
public interface Loads {

    /** Messages there and back on one connection. */
    Load roundTrips(int bytes) throws IOException;

    /** One way, as fast as it goes. */
    Load stream() throws IOException;

    /** Connect, use, close. */
    Load connects() throws IOException;

    /** Messages there and back on connections that share a selector or an event loop. */
    Load selecting(int connections, int bytes) throws IOException;

    /** {@code java.net}: has no selector. */
    static Loads ofSockets(SocketListener.Clients clients, SocketListener.Servers servers) {
        return new Blocking() {
            @Override
            Listener listen() throws IOException {
                return new SocketListener(clients, servers);
            }

            @Override
            public Load selecting(int connections, int bytes) {
                throw new UnsupportedOperationException("java.net has no selector");
            }
        };
    }

    /** Channels; opened when they are needed. */
    static Loads ofChannels(Supplier<Channels> channels) {
        return new Blocking() {
            @Override
            Listener listen() throws IOException {
                return new ChannelListener(channels.get());
            }

            @Override
            public Load selecting(int connections, int bytes) throws IOException {
                return new SelectorLoad(channels.get(), connections, bytes);
            }
        };
    }

    /** Netty. */
    static Loads ofNetty(NettyChannels.Kind kind) {
        return new Loads() {
            @Override
            public Load roundTrips(int bytes) throws IOException {
                return NettyLoads.roundTrips(kind, 1, bytes);
            }

            @Override
            public Load stream() throws IOException {
                return NettyLoads.stream(kind);
            }

            @Override
            public Load connects() {
                return NettyLoads.connects(kind);
            }

            @Override
            public Load selecting(int connections, int bytes) throws IOException {
                return NettyLoads.roundTrips(kind, connections, bytes);
            }
        };
    }

    /** All but the selector. */
    abstract class Blocking implements Loads {

        abstract Listener listen() throws IOException;

        @Override
        public Load roundTrips(int bytes) throws IOException {
            return BlockingLoad.roundTrips(listen(), bytes);
        }

        @Override
        public Load stream() throws IOException {
            return BlockingLoad.stream(listen());
        }

        @Override
        public Load connects() throws IOException {
            return new ConnectLoad(listen());
        }
    }
}
