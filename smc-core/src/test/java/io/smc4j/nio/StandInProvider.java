package io.smc4j.nio;

import io.smc4j.engine.CloseGuard;
import io.smc4j.engine.SmcEngine;
import io.smc4j.internal.DefaultProvider;
import io.smc4j.internal.Natives;
import io.smc4j.internal.SocketFamily;
import io.smc4j.policy.ConnectDecider;
import io.smc4j.policy.PeerMemory;
import io.smc4j.policy.SmcPolicy;
import java.nio.channels.spi.SelectorProvider;
import java.util.List;

/**
 * Our provider with multipath TCP in AF_SMC's place: on any kernel since 5.6 the conversion, the swap of inner channels and the selector do their
 * work, and the kernel's own fall-back to TCP exists too. For {@code -Djava.nio.channels.spi.SelectorProvider}.
 */
public class StandInProvider extends SmcSelectorProvider {

    /** Made by the JDK for the switch. */
    public StandInProvider() {
        super(DefaultProvider.get(), engine(SocketFamily.MPTCP, true));
    }

    /** Our provider with an engine of one's own. */
    public static SelectorProvider of(SmcEngine engine) {
        return new SmcSelectorProvider(DefaultProvider.get(), engine);
    }

    /** An engine of its own, with nothing remembered of any peer; {@code wanted} is what its policy says to every address. */
    public static SmcEngine engine(SocketFamily family, boolean wanted) {
        SmcPolicy policy = SmcPolicy.of(List.of(), wanted);
        return new SmcEngine(Natives.calls(), Natives.jdk(), family, new ConnectDecider(() -> policy, new PeerMemory()),
                new CloseGuard(Natives.calls(), 30_000), 1_000, false);
    }
}
