package io.smc4j.nio;

import io.smc4j.engine.CloseGuard;
import io.smc4j.engine.SmcEngine;
import io.smc4j.internal.Natives;
import io.smc4j.internal.SocketFamily;
import io.smc4j.policy.ConnectDecider;
import io.smc4j.policy.PeerMemory;
import io.smc4j.policy.SmcPolicy;
import java.nio.channels.spi.SelectorProvider;
import java.util.List;

/**
 * The provider as it is on a host with SMC, where a rule says TCP: every client channel and selector is ours, the connection is the JDK's TCP. Only for
 * benchmarks, which run on the class path.
 */
public final class WrappedTcp {

    private static final int PATIENCE_MS = 1_000;
    private static final int DRAIN_MS = 30_000;

    private WrappedTcp() {
    }

    /** A provider around {@code jdk}. */
    public static SelectorProvider provider(SelectorProvider jdk) {
        if (!Natives.isLoaded()) {
            throw new IllegalStateException("no native library", Natives.failure());
        }
        SmcPolicy tcp = SmcPolicy.of(List.of(), false);
        return new SmcSelectorProvider(jdk, new SmcEngine(Natives.calls(), Natives.jdk(), SocketFamily.SMC, new ConnectDecider(() -> tcp, new PeerMemory()),
                new CloseGuard(Natives.calls(), DRAIN_MS), PATIENCE_MS, false));
    }
}
