package io.smc4j.jmh;

import java.io.IOException;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** Connect, one byte each way, close. Before the first and after each iteration two connections are asked about. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
public class Connect extends LoadBenchmark {

    /** Over what. */
    @Param
    public Transport transport;

    /** Made by JMH. */
    public Connect() {
    }

    @Override
    Transport used() {
        return transport;
    }

    @Override
    Load open(Loads loads) throws IOException {
        return loads.connects();
    }

    /** Time of one. */
    @Benchmark
    public void connectUseClose() throws IOException {
        load().run(1);
    }
}
