package io.smc4j.jmh;

import io.smc4j.policy.ConnectDecider;
import io.smc4j.policy.PeerMemory;
import io.smc4j.policy.SmcDecision;
import io.smc4j.policy.SmcPolicy;
import io.smc4j.policy.SmcRule;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** SMC or TCP, by rules of which none but the last matches, and by the memory of peers. No connection is made. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class PolicyDecision {

    private static final int PORT = 4711;

    /** How many there are. */
    @Param({"0", "10", "1000"})
    public int rules;

    private ConnectDecider decider;
    private InetSocketAddress remote;

    /** Made by JMH. */
    public PolicyDecision() {
    }

    /** Makes the rules. */
    @Setup
    public void makeRules() throws UnknownHostException {
        List<SmcRule> made = new ArrayList<>();
        for (int i = 1; i < rules; i++) {
            made.add(new SmcRule(SmcRule.Action.CONNECT, "10." + i / 256 + "." + i % 256 + ".0/24", 0, SmcRule.MAX_PORT, false, i));
        }
        if (rules > 0) {
            made.add(new SmcRule(SmcRule.Action.CONNECT, "127.0.0.0/8", PORT, PORT, true, rules));
        }
        SmcPolicy policy = SmcPolicy.of(made, true);
        decider = new ConnectDecider(() -> policy, new PeerMemory());
        remote = Listener.loopback(0, PORT);
    }

    /** Time of one. */
    @Benchmark
    public SmcDecision decide() {
        return decider.decide(remote);
    }
}
