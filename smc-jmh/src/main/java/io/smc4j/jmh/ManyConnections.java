package io.smc4j.jmh;

import java.io.IOException;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** Connections on one selector (with Netty: one event loop): a 64-byte message there and back on each of them. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
public class ManyConnections extends LoadBenchmark {

    private static final int BATCH = 10;
    private static final int BYTES = 64;

    /** Over what. A name of its own, because not every transport has selectors. */
    @Param({"JDK_TCP", "SMC4J_TCP", "SMC4J_SMC_D", "SMC4J_SMC_R", "PRELOAD_SMC_D", "PRELOAD_SMC_R", "NETTY_TCP", "SMC4J_NETTY_TCP", "SMC4J_NETTY_SMC_D",
            "SMC4J_NETTY_SMC_R", "UNIX_JDK", "UNIX_JNR"})
    public Transport selector;

    /** How many. */
    @Param({"1", "32", "256"})
    public int connections;

    /** Made by JMH. */
    public ManyConnections() {
    }

    @Override
    Transport used() {
        return selector;
    }

    @Override
    Load open(Loads loads) throws IOException {
        return loads.selecting(connections, BYTES);
    }

    /** Time of one message on each of the connections. */
    @Benchmark
    @OperationsPerInvocation(BATCH)
    public void roundTripOnEach() throws IOException {
        load().run(BATCH);
    }
}
