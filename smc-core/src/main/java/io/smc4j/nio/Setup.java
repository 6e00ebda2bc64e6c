package io.smc4j.nio;

import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.net.StandardSocketOptions;
import java.nio.channels.NetworkChannel;
import java.nio.channels.SelectableChannel;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a channel's user has set up before the channel is connected or bound, to be done again on another inner channel. Dropped once nothing
 * can be replaced any more.
 *
 * <p>Guarded by the owning channel's state lock.
 */
final class Setup {

    private static final String ANY_V4 = "0.0.0.0";

    private final List<SmcSelectionKey> keys = new ArrayList<>(1);
    private Map<SocketOption<?>, Object> options;
    private InetSocketAddress local;
    private boolean fixedPort;
    private boolean late;
    private boolean blocking = true;

    /** The SMC connect under way, or null. */
    ConnectAttempt attempt;
    /** The attempt over SMC that was given up for TCP, or null. */
    ConnectAttempt gaveUp;

    /** As {@link #remember}, of an option that no inner channel has got yet. */
    void rememberLate(SocketOption<?> option, Object value) {
        remember(option, value);
        late = true;
    }

    /** Whether the inner channel lacks some of the options. */
    boolean isLate() {
        return late;
    }

    /** The value remembered, or null. */
    Object option(SocketOption<?> option) {
        return options == null ? null : options.get(option);
    }

    void remember(SocketOption<?> option, Object value) {
        if (options == null) {
            options = new LinkedHashMap<>();
        }
        options.put(option, value);
    }

    /** @param requested what the program asked for; null: any address */
    void bound(SocketAddress requested, SocketAddress address) {
        fixedPort = requested != null && ((InetSocketAddress) requested).getPort() != 0;
        local = (InetSocketAddress) address;
    }

    boolean isBound() {
        return local != null;
    }

    /** Whether the program has chosen the local port. */
    boolean hasFixedPort() {
        return fixedPort;
    }

    /**
     * Leaves the choice of the port to the system again, where it was the system's: an SMC connect that failed may hold the one it has towards the same peer
     * for as long as TCP's TIME_WAIT lasts.
     */
    void letPortGo() {
        if (local != null && !fixedPort) {
            local = new InetSocketAddress(local.getAddress(), 0);
        }
    }

    boolean isBlocking() {
        return blocking;
    }

    void blocking(boolean block) {
        blocking = block;
    }

    void add(SmcSelectionKey key) {
        keys.add(key);
    }

    void remove(SmcSelectionKey key) {
        keys.remove(key);
    }

    List<SmcSelectionKey> keys() {
        return keys;
    }

    static boolean isV6(InetSocketAddress address) {
        return address.getAddress() instanceof Inet6Address;
    }

    /**
     * Sets on {@code fresh} what was set before and binds it to the address that {@code old} holds: both may have it at once while both have
     * SO_REUSEADDR and neither listens.
     *
     * @param old null where it is in an SMC handshake, which holds the socket's lock: the kernel would make setsockopt wait for its end
     * @param v6 whether {@code fresh} takes IPv6 addresses
     */
    void prepare(NetworkChannel old, NetworkChannel fresh, boolean v6) throws IOException {
        replayOptions(fresh);
        if (local == null) {
            return;
        }
        boolean reuse = options != null && Boolean.TRUE.equals(options.get(StandardSocketOptions.SO_REUSEADDR));
        if (old != null && old.isOpen()) {
            old.setOption(StandardSocketOptions.SO_REUSEADDR, true);
        }
        fresh.setOption(StandardSocketOptions.SO_REUSEADDR, true);
        fresh.bind(v6 || !local.getAddress().isAnyLocalAddress() ? local : new InetSocketAddress(ANY_V4, local.getPort()));
        if (!reuse) {
            fresh.setOption(StandardSocketOptions.SO_REUSEADDR, false);
        }
    }

    /** Sets on {@code fresh} what was set before. */
    void replayOptions(NetworkChannel fresh) throws IOException {
        if (options != null) {
            for (Map.Entry<SocketOption<?>, Object> e : options.entrySet()) {
                set(fresh, e.getKey(), e.getValue());
            }
        }
    }

    /** Moves every registration to {@code fresh}, which is in the right blocking mode. */
    void moveKeys(SelectableChannel fresh) throws IOException {
        for (SmcSelectionKey key : keys) {
            if (key.isValid()) {
                key.setInner(key.owner().registerJdk(fresh, key));
                key.owner().recheck();
            }
        }
    }

    @SuppressWarnings("unchecked")
    private static <T> void set(NetworkChannel channel, SocketOption<T> option, Object value) throws IOException {
        channel.setOption(option, (T) value);
    }
}
