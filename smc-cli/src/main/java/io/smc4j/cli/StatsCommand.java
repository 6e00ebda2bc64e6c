package io.smc4j.cli;

import io.smc4j.diag.FallbackReason;
import io.smc4j.diag.SmcStats;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code stats}: the kernel's counters, as smcr stats and smcd stats, with the histograms drawn. */
@Command(name = "stats", mixinStandardHelpOptions = true,
        description = "The kernel's SMC counters of this network namespace, per technology, and the fallbacks by reason.")
final class StatsCommand implements Callable<Integer> {

    private static final int BAR = 40;
    private static final List<String> CLASSES = List.of("8KB", "16KB", "32KB", "64KB", "128KB", "256KB", "512KB", "1024KB", ">1024KB");

    @Mixin
    private Output output;

    @Override
    public Integer call() throws IOException {
        SmcStats s = SmcStats.read();
        StringBuilder text = new StringBuilder();
        technology(text, "SMC-D", s.smcd());
        technology(text, "SMC-R", s.smcr());
        text.append("Handshake errors   client ").append(s.clientHandshakeErrors()).append(", server ").append(s.serverHandshakeErrors()).append('\n');
        text.append("Fallbacks to TCP   client ").append(s.clientFallbacks()).append(", server ").append(s.serverFallbacks()).append('\n');
        for (SmcStats.Fallback f : s.fallbacks()) {
            text.append(String.format("  %6d  %s  %s%n          %s%n", f.count(), f.server() ? "server" : "client",
                    FallbackReason.describe(f.code()), f.reason().meaning()));
        }
        output.print(s, text.toString());
        return SmcCli.OK;
    }

    private static void technology(StringBuilder s, String name, SmcStats.Technology t) {
        s.append(name).append(" connections\n");
        line(s, "Total connections", t.connections());
        line(s, "  as client (v1, v2)", t.clientV1() + ", " + t.clientV2());
        line(s, "  as server (v1, v2)", t.serverV1() + ", " + t.serverV2());
        line(s, "Special calls", t.splices() + t.sendfiles() + t.corks() + t.noDelays() + t.urgents());
        direction(s, "RX", t.rxBytes(), t.rxCalls(), t.rxBufferBytes(), t.rxBuffers(), t.rxBufferSizes(), t.rxSizes());
        direction(s, "TX", t.txBytes(), t.txCalls(), t.txBufferBytes(), t.txBuffers(), t.txBufferSizes(), t.txSizes());
        s.append('\n');
    }

    private static void direction(StringBuilder s, String name, long bytes, long calls, long memory, SmcStats.BufferEvents e, List<Long> buffers,
            List<Long> sizes) {
        s.append(name).append('\n');
        line(s, "  Data transmitted (bytes)", bytes);
        line(s, "  Total requests", calls);
        line(s, "  Buffer memory (bytes)", memory);
        line(s, "  Buffer full", e.full() + " (" + e.fullAtPeer() + " at the peer)");
        line(s, "  Buffer too small", e.tooSmall() + " (" + e.tooSmallAtPeer() + " at the peer)");
        line(s, "  Buffers allocated, reused, downgraded", e.allocated() + ", " + e.reused() + ", " + e.downgraded());
        histogram(s, "  Buffers by size", buffers);
        histogram(s, "  Requests by size", sizes);
    }

    private static void histogram(StringBuilder s, String name, List<Long> counts) {
        long max = counts.stream().mapToLong(Long::longValue).max().orElse(0);
        s.append(name).append(max == 0 ? ": none\n" : "\n");
        for (int i = 0; i < counts.size() && max > 0; i++) {
            s.append(String.format("    %8s %12d %s", CLASSES.get(i), counts.get(i), Text.bar(counts.get(i), max, BAR)).stripTrailing()).append('\n');
        }
    }

    private static void line(StringBuilder s, String name, Object value) {
        s.append(String.format("%-40s %s%n", name, value));
    }
}
