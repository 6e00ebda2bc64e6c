package io.smc4j.net;

import io.smc4j.SmcConfig;
import io.smc4j.engine.CloseGuard;
import io.smc4j.engine.SmcEngine;
import io.smc4j.internal.DefaultAsynchronousProvider;
import io.smc4j.internal.Natives;
import io.smc4j.internal.SocketFamily;
import io.smc4j.policy.ConnectDecider;
import io.smc4j.policy.PeerMemory;
import io.smc4j.policy.SmcPolicy;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.channels.AsynchronousSocketChannel;
import java.nio.channels.spi.AsynchronousChannelProvider;
import java.util.List;

/** Our sockets with MPTCP in the place of AF_SMC, so that the contract runs through replaced descriptors on kernels without AF_SMC; and what tests see of any. */
public final class MptcpSockets {

    private static final long PATIENCE_MILLIS = 10_000;

    private MptcpSockets() {
    }

    static SmcEngine engine(long patienceMillis) {
        return new SmcEngine(Natives.calls(), Natives.jdk(), SocketFamily.MPTCP, new ConnectDecider(() -> SmcPolicy.of(List.of(), true),
                new PeerMemory()), new CloseGuard(Natives.calls(), SmcConfig.closeDrainMaxMs()), patienceMillis, false);
    }

    private static final class Holder {
        static final SmcEngine ENGINE = engine(PATIENCE_MILLIS);
    }

    /** As {@link SmcSockets#newSocket()}. */
    public static Socket newSocket() throws IOException {
        return newSocket(Holder.ENGINE);
    }

    /** As {@link SmcSockets#newSocket()}, with an engine of one's own. */
    public static Socket newSocket(SmcEngine engine) throws IOException {
        return new SmcSockets.ImplSocket(new SmcSocketImpl(engine, false));
    }

    /** As {@link SmcSockets#newServerSocket()}. */
    public static ServerSocket newServerSocket() {
        return newServerSocket(Holder.ENGINE);
    }

    /** As {@link SmcSockets#newServerSocket()}, with an engine of one's own. */
    public static ServerSocket newServerSocket(SmcEngine engine) {
        return new SmcSockets.ImplServerSocket(engine);
    }

    /** The descriptor of a socket of the JDK's or of ours. */
    public static int fd(Socket socket) {
        return JdkSockets.fd(socket);
    }

    /** The JDK's asynchronous provider, whatever is the default. */
    public static AsynchronousChannelProvider jdkAsynchronous() {
        return DefaultAsynchronousProvider.get();
    }

    /** As {@link SmcAsynchronousChannelProvider}. */
    public static AsynchronousChannelProvider asynchronous() {
        return asynchronous(Holder.ENGINE);
    }

    /** As {@link SmcAsynchronousChannelProvider}, with an engine of one's own. */
    public static AsynchronousChannelProvider asynchronous(SmcEngine engine) {
        return new SmcAsynchronousChannelProvider(DefaultAsynchronousProvider.get(), engine);
    }

    /** The descriptor of an asynchronous channel of the JDK's or of ours. */
    public static int fd(AsynchronousSocketChannel channel) {
        return channel instanceof SmcAsynchronousSocketChannel ? ((SmcAsynchronousSocketChannel) channel).fd() : AsynchronousFd.of(channel);
    }
}
