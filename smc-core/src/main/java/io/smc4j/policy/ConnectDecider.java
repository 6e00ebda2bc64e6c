package io.smc4j.policy;

import io.smc4j.SmcConfig;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.util.Objects;
import java.util.function.Supplier;

/**
 * The one question a transport asks before it connects: SMC or TCP to this address. The policy speaks first; where it allows SMC, what
 * was learned about the peer may still say TCP. In mode {@code require} nothing learned is asked: SMC or an error was demanded.
 *
 * <p>Thread-safety: safe for any thread.
 */
public final class ConnectDecider {

    private static final class Holder {
        static final ConnectDecider JVM = new ConnectDecider(Policies::current, new PeerMemory());
    }

    private final Supplier<SmcPolicy> policy;
    private final PeerMemory memory;

    /** A decider over a policy, asked for at each decision, and a memory. */
    public ConnectDecider(Supplier<SmcPolicy> policy, PeerMemory memory) {
        this.policy = Objects.requireNonNull(policy, "policy");
        this.memory = Objects.requireNonNull(memory, "memory");
    }

    /** The decider of this JVM: {@link Policies#current()} and one memory for all transports. */
    public static ConnectDecider current() {
        return Holder.JVM;
    }

    /**
     * SMC or TCP for a connection. Where the answer is SMC the caller reports to {@link #memory()} how it went.
     *
     * @throws io.smc4j.SmcConfigException in mode {@code require}, where a setting or the rule file cannot be used
     */
    public SmcDecision decide(InetSocketAddress remote) {
        SmcPolicy now = policy.get();
        SmcDecision decision = now.connect(remote);
        if (!decision.smc() || now.mode().mode() == SmcConfig.Mode.REQUIRE) {
            return decision;
        }
        SmcDecision learned = memory.lookup(remote);
        if (learned == PeerMemory.UNKNOWN) {
            return decision;
        }
        if (now.logs()) {
            SmcPolicy.LOG.log(Level.DEBUG, "connect {0}: {1}", remote, learned);
        }
        return learned;
    }

    /**
     * SMC or TCP for a listener; null means the wildcard address.
     *
     * @throws io.smc4j.SmcConfigException in mode {@code require}, where a setting or the rule file cannot be used
     */
    public SmcDecision decideBind(InetSocketAddress local) {
        return policy.get().bind(local);
    }

    /** The policy in force. */
    public SmcPolicy policy() {
        return policy.get();
    }

    /** What was learned about peers, and where to report. */
    public PeerMemory memory() {
        return memory;
    }
}
