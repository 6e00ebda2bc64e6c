package io.smc4j.jmh;

import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Opens the load, asks the kernel about every connection before the first and after each iteration, and closes. What SMC learned of short connections is not
 * used: it would carry them over TCP.
 */
@State(Scope.Benchmark)
@Fork(value = 1, jvmArgsAppend = "-Dsmc.short.round-trips=0")
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public abstract class LoadBenchmark {

    private Load load;

    /** Made by JMH. */
    protected LoadBenchmark() {
    }

    abstract Transport used();

    abstract Load open(Loads loads) throws IOException;

    final Load load() {
        return load;
    }

    /** Connects. */
    @Setup(Level.Trial)
    public void connect() throws IOException {
        load = open(used().loads());
        load.run(1);
        check();
    }

    /** Fails where a connection is not on the transport. */
    @TearDown(Level.Iteration)
    public void check() throws IOException {
        used().check(load.wires());
    }

    /** Closes. */
    @TearDown(Level.Trial)
    public void close() throws IOException {
        load.close();
    }
}
