package io.smc4j.jmh;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.infra.IterationParams;
import org.openjdk.jmh.profile.InternalProfiler;
import org.openjdk.jmh.results.AggregationPolicy;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.ScalarResult;

/** Adds to each result a row that names what the kernel said: {@code kernel.TCP}, with the number of sockets asked about in each iteration. */
public final class KernelProfiler implements InternalProfiler {

    private static final Map<String, AtomicInteger> SEEN = new ConcurrentHashMap<>();

    /** Made by JMH. */
    public KernelProfiler() {
    }

    static void seen(String wire, int sockets) {
        SEEN.computeIfAbsent(wire, w -> new AtomicInteger()).addAndGet(sockets);
    }

    @Override
    public String getDescription() {
        return "what the kernel says of the connections";
    }

    @Override
    public void beforeIteration(BenchmarkParams benchmark, IterationParams iteration) {
        SEEN.clear();
    }

    @Override
    public Collection<? extends Result<?>> afterIteration(BenchmarkParams benchmark, IterationParams iteration, IterationResult result) {
        List<ScalarResult> rows = new ArrayList<>();
        SEEN.forEach((wire, sockets) -> rows.add(new ScalarResult("kernel." + wire, sockets.get(), "sockets", AggregationPolicy.MIN)));
        return rows;
    }
}
