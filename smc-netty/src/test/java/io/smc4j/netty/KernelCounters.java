package io.smc4j.netty;

import io.smc4j.diag.SmcStats;
import io.smc4j.diag.SmcSystem;
import java.io.IOException;

/** Prints how many connections this kernel has made over SMC since it was started: what a whole run proves it by. */
final class KernelCounters {

    private KernelCounters() {
    }

    public static void main(String[] args) throws IOException {
        SmcStats stats = SmcStats.read();
        System.out.println("kernel: SMC-D " + made(stats.smcd()) + " made, SMC-R " + made(stats.smcr()) + " made, fell back as client "
                + stats.clientFallbacks() + ", as server " + stats.serverFallbacks());
    }

    /** Connections over SMC so far, counted at their clients. */
    static long made() throws IOException {
        SmcStats stats = SmcStats.read();
        return made(stats.smcd()) + made(stats.smcr());
    }

    private static long made(SmcStats.Technology technology) {
        return technology.clientV1() + technology.clientV2();
    }
}
