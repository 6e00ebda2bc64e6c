package io.smc4j.jmh;

import java.io.IOException;
import java.util.List;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** The question to the kernel what carries a connection, {@link io.smc4j.Smc#connection}, for both ends of each of some connections. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
public class TruthQuery extends LoadBenchmark {

    /** Over what. A name of its own, because only channels over IP can be asked about. */
    @Param({"JDK_TCP", "SMC4J_TCP", "SMC4J_SMC_D", "SMC4J_SMC_R", "PRELOAD_SMC_D", "PRELOAD_SMC_R"})
    public Transport channel;

    /** How many there are; over SMC each question lists all of them. */
    @Param({"1", "32"})
    public int connections;

    /** Made by JMH. */
    public TruthQuery() {
    }

    @Override
    Transport used() {
        return channel;
    }

    @Override
    Load open(Loads loads) throws IOException {
        return loads.selecting(connections, 1);
    }

    /** Time of the questions about all of them: two for each connection. */
    @Benchmark
    public List<String> askEach() throws IOException {
        return load().wires();
    }
}
