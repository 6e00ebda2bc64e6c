package io.smc4j.net;

import java.io.IOException;
import java.net.SocketOption;
import java.net.SocketOptions;
import java.net.StandardSocketOptions;
import java.nio.channels.NetworkChannel;
import java.util.LinkedHashMap;
import java.util.Map;

/** What a program has set on a socket before it is connected or bound, to be set again on the SMC socket. Thread-safe. */
final class Options {

    private Map<SocketOption<?>, Object> values;

    synchronized void remember(SocketOption<?> name, Object value) {
        if (values == null) {
            values = new LinkedHashMap<>();
        }
        values.put(name, value);
    }

    /** As {@link #remember(SocketOption, Object)}, for {@link SocketOptions}' numbers; what a new socket does not need is left out. */
    void remember(int option, Object value) {
        SocketOption<?> name = nameOf(option);
        if (name != null) {
            remember(name, name == StandardSocketOptions.SO_LINGER && value instanceof Boolean ? Integer.valueOf(-1) : value);
        }
    }

    private static SocketOption<?> nameOf(int option) {
        switch (option) {
            case SocketOptions.TCP_NODELAY:
                return StandardSocketOptions.TCP_NODELAY;
            case SocketOptions.SO_KEEPALIVE:
                return StandardSocketOptions.SO_KEEPALIVE;
            case SocketOptions.SO_LINGER:
                return StandardSocketOptions.SO_LINGER;
            case SocketOptions.SO_SNDBUF:
                return StandardSocketOptions.SO_SNDBUF;
            case SocketOptions.SO_RCVBUF:
                return StandardSocketOptions.SO_RCVBUF;
            case SocketOptions.SO_REUSEADDR:
                return StandardSocketOptions.SO_REUSEADDR;
            case SocketOptions.SO_REUSEPORT:
                return StandardSocketOptions.SO_REUSEPORT;
            case SocketOptions.IP_TOS:
                return StandardSocketOptions.IP_TOS;
            default:
                return null; // SO_TIMEOUT is the object's, not the socket's; SO_OOBINLINE has no channel option
        }
    }

    /** The value remembered, or null. */
    synchronized Object get(SocketOption<?> name) {
        return values == null ? null : values.get(name);
    }

    /** Sets on {@code fresh} what was set. */
    synchronized void replay(NetworkChannel fresh) throws IOException {
        if (values != null) {
            for (Map.Entry<SocketOption<?>, Object> e : values.entrySet()) {
                set(fresh, e.getKey(), e.getValue());
            }
        }
    }

    @SuppressWarnings("unchecked")
    private static <T> void set(NetworkChannel channel, SocketOption<T> option, Object value) throws IOException {
        channel.setOption(option, (T) value);
    }
}
