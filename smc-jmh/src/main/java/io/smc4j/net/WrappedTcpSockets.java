package io.smc4j.net;

import io.smc4j.engine.CloseGuard;
import io.smc4j.engine.SmcEngine;
import io.smc4j.internal.Natives;
import io.smc4j.internal.SocketFamily;
import io.smc4j.policy.ConnectDecider;
import io.smc4j.policy.PeerMemory;
import io.smc4j.policy.SmcPolicy;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;

/**
 * {@code java.net} as it is on a host with SMC, where a rule says TCP: the sockets' implementations are ours, the connection is the JDK's TCP. Only for
 * benchmarks, which run on the class path.
 */
public final class WrappedTcpSockets {

    private static final int PATIENCE_MS = 1_000;
    private static final int DRAIN_MS = 30_000;

    private static final class Holder {
        private static final SmcPolicy TCP = SmcPolicy.of(List.of(), false);
        static final SmcEngine ENGINE = new SmcEngine(Natives.calls(), Natives.jdk(), SocketFamily.SMC, new ConnectDecider(() -> TCP, new PeerMemory()),
                new CloseGuard(Natives.calls(), DRAIN_MS), PATIENCE_MS, false);
    }

    private WrappedTcpSockets() {
    }

    /** As {@link SmcSockets#newSocket()}. */
    public static Socket newSocket() throws IOException {
        return new SmcSockets.ImplSocket(new SmcSocketImpl(Holder.ENGINE, false));
    }

    /** As {@link SmcSockets#newServerSocket()}. */
    public static ServerSocket newServerSocket() {
        return new SmcSockets.ImplServerSocket(Holder.ENGINE);
    }
}
