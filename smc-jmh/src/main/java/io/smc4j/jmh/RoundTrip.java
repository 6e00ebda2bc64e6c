package io.smc4j.jmh;

import java.io.IOException;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** A message there and back on one connection, blocking; with Netty on its event loops. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
public class RoundTrip extends LoadBenchmark {

    private static final int BATCH = 100;

    /** Over what. */
    @Param
    public Transport transport;

    /** The message's size. */
    @Param({"1", "64", "1024", "16384", "65536"})
    public int bytes;

    /** Made by JMH. */
    public RoundTrip() {
    }

    @Override
    Transport used() {
        return transport;
    }

    @Override
    Load open(Loads loads) throws IOException {
        return loads.roundTrips(bytes);
    }

    /** Time of one. */
    @Benchmark
    @OperationsPerInvocation(BATCH)
    public void roundTrip() throws IOException {
        load().run(BATCH);
    }
}
