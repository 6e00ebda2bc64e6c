package io.smc4j.jmh;

import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** Writes of 64 KB, one after the other, to a peer that only reads. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
public class Streaming extends LoadBenchmark {

    /** Over what. */
    @Param
    public Transport transport;

    /** Made by JMH. */
    public Streaming() {
    }

    @Override
    Transport used() {
        return transport;
    }

    @Override
    Load open(Loads loads) throws IOException {
        return loads.stream();
    }

    /** Bytes each second. */
    @Benchmark
    @OperationsPerInvocation(Load.STREAM_OPERATION)
    public void bytes() throws IOException {
        load().run(1);
    }
}
