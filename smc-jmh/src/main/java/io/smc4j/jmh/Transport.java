package io.smc4j.jmh;

import io.smc4j.internal.DefaultProvider;
import io.smc4j.net.SmcSockets;
import io.smc4j.net.WrappedTcpSockets;
import io.smc4j.nio.SmcSelectorProvider;
import io.smc4j.nio.WrappedTcp;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;

/** What connections a benchmark measures, and what the kernel must say of them. */
public enum Transport {
    /** The JDK's socket channels. */
    JDK_TCP("TCP", jdk()),
    /** Our provider's, where a rule says TCP. */
    SMC4J_TCP("TCP", Loads.ofChannels(() -> new ProviderChannels(WrappedTcp.provider(DefaultProvider.get())))),
    /** Our provider's, over SMC-D. */
    SMC4J_SMC_D("SMC_D", smc4j()),
    /** Our provider's, over SMC-R. */
    SMC4J_SMC_R("SMC_R", smc4j()),
    /** The JDK's, in a process whose {@code socket()} is replaced, over SMC-D. */
    PRELOAD_SMC_D("SMC_D", jdk()),
    /** The JDK's, in a process whose {@code socket()} is replaced, over SMC-R. */
    PRELOAD_SMC_R("SMC_R", jdk()),
    /** {@code java.net}. */
    SOCKET_TCP("TCP", Loads.ofSockets(Socket::new, ServerSocket::new)),
    /** {@code java.net} with our implementations, where a rule says TCP. */
    SMC4J_SOCKET_TCP("TCP", Loads.ofSockets(WrappedTcpSockets::newSocket, WrappedTcpSockets::newServerSocket)),
    /** {@code java.net} with our implementations, over SMC-D. */
    SMC4J_SOCKET_SMC_D("SMC_D", Loads.ofSockets(SmcSockets::newSocket, SmcSockets::newServerSocket)),
    /** {@code java.net} with our implementations, over SMC-R. */
    SMC4J_SOCKET_SMC_R("SMC_R", Loads.ofSockets(SmcSockets::newSocket, SmcSockets::newServerSocket)),
    /** Netty's epoll transport. */
    NETTY_TCP("TCP", Loads.ofNetty(NettyChannels.Kind.EPOLL)),
    /** Netty's with ours on it, where the bootstrap says TCP. */
    SMC4J_NETTY_TCP("TCP", Loads.ofNetty(NettyChannels.Kind.SMC4J_TCP)),
    /** Netty's with ours on it, over SMC-D. */
    SMC4J_NETTY_SMC_D("SMC_D", Loads.ofNetty(NettyChannels.Kind.SMC4J)),
    /** Netty's with ours on it, over SMC-R. */
    SMC4J_NETTY_SMC_R("SMC_R", Loads.ofNetty(NettyChannels.Kind.SMC4J)),
    /** UNIX domain sockets of the JDK. */
    UNIX_JDK(Kernel.UNIX, Loads.ofChannels(UnixChannels::new)),
    /** UNIX domain sockets of jnr-unixsocket. */
    UNIX_JNR(Kernel.UNIX, Loads.ofChannels(JnrChannels::new));

    private final String wire;
    private final Loads loads;

    Transport(String wire, Loads loads) {
        this.wire = wire;
        this.loads = loads;
    }

    private static Loads jdk() {
        return Loads.ofChannels(() -> new ProviderChannels(DefaultProvider.get()));
    }

    private static Loads smc4j() {
        return Loads.ofChannels(() -> new ProviderChannels(new SmcSelectorProvider()));
    }

    /** What opens its loads. */
    public Loads loads() {
        return loads;
    }

    /** What the kernel has to say of each connection. */
    String wire() {
        return wire;
    }

    /** Whether connections can share a selector or an event loop. */
    boolean hasSelector() {
        return !name().contains("SOCKET");
    }

    /** Whether these are socket channels over IP. */
    boolean hasIpChannels() {
        return hasSelector() && !name().contains("NETTY") && !wire.equals(Kernel.UNIX);
    }

    /**
     * Fails where a connection is not on this transport.
     *
     * @throws IllegalStateException with what the kernel said
     */
    void check(List<String> wires) {
        for (String said : wires) {
            if (!said.equals(wire)) {
                throw new IllegalStateException(this + ": the kernel says that the connection is over " + said + ", not " + wire);
            }
        }
        KernelProfiler.seen(wire, wires.size());
    }

    /** Why this process cannot measure it here, or null: a connection is made, used, and asked about. */
    String unavailable() {
        try (Load load = loads.roundTrips(1)) {
            check(load.wires());
            load.run(1);
            return null;
        } catch (IOException | RuntimeException | LinkageError e) {
            return e.getMessage() == null ? e.toString() : e.getMessage();
        }
    }
}
