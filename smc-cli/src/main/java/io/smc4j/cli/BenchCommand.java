package io.smc4j.cli;

import io.smc4j.SmcConfig;
import io.smc4j.cli.bench.Addresses;
import io.smc4j.cli.bench.Bench;
import io.smc4j.cli.bench.BenchResult;
import io.smc4j.cli.bench.Durations;
import io.smc4j.cli.bench.HtmlReport;
import io.smc4j.cli.bench.NotOnSideException;
import io.smc4j.cli.bench.Plan;
import io.smc4j.cli.bench.Progress;
import io.smc4j.cli.bench.ProgressBar;
import io.smc4j.cli.bench.ProgressLines;
import io.smc4j.cli.bench.Protocol;
import io.smc4j.cli.bench.ServerProcess;
import io.smc4j.cli.bench.Side;
import io.smc4j.cli.bench.TextReport;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code bench}. */
@Command(name = "bench", mixinStandardHelpOptions = true, subcommands = {BenchServerCommand.class, BenchDiffCommand.class},
        description = {"Echo requests over TCP and over SMC, measured: QPS and latencies, side by side.",
            "Without --server it starts a server in a process of its own here, and ends it. Latencies of an open loop count from the time a request was due, which corrects for "
            + "coordinated omission. The kernel is asked about every connection: a side that is not on its transport fails with exit code 1."})
final class BenchCommand implements Callable<Integer> {

    private static final int INTERRUPTED = 130;
    private static final int LAST_WORDS_SECONDS = 30;

    @Spec
    private CommandSpec spec;
    @Mixin
    private Output output;
    @Option(names = "--server", paramLabel = "[SIDE=]HOST:PORT", description = "A running `bench server`, or another echo; one for all sides, or one for each: --server tcp=H:P --server smc=H:P.")
    private List<String> servers = List.of();
    @Option(names = "--compare", paramLabel = "SIDES", defaultValue = "smc", description = "tcp,smc: rounds of both in turn, the second against the first; or one side (smc).")
    private String compare;
    @Option(names = "--qps", paramLabel = "N", defaultValue = "100000", description = "Requests each second, of all connections together (100000).")
    private double qps;
    @Option(names = "--closed-loop", description = "No rate: each connection sends when it has its answer.")
    private boolean closedLoop;
    @Option(names = "--connections", paramLabel = "N", defaultValue = "64", description = "Each has one request under way at most (64).")
    private int connections;
    @Option(names = "--duration", paramLabel = "TIME", defaultValue = "30s", description = "Of each round of each side (30s).")
    private String duration;
    @Option(names = "--warmup", paramLabel = "TIME", defaultValue = "2s", description = "Before each round, not counted (2s).")
    private String warmup;
    @Option(names = "--rounds", paramLabel = "N", description = "Of each side (1; of two sides 5).")
    private Integer rounds;
    @Option(names = "--payload", paramLabel = "BYTES", defaultValue = "128", description = "Of each request (128).")
    private int payload;
    @Option(names = "--protocol", paramLabel = "PROTOCOL", defaultValue = "http", description = "http or raw (http).")
    private Protocol protocol;
    @Option(names = "--path", paramLabel = "PATH", defaultValue = "/echo", description = "Of HTTP requests (/echo).")
    private String path;
    @Option(names = "--threads", paramLabel = "N", description = "Selectors of the load generator, and of a server of its own (a quarter of the processors, 1 to 4).")
    private int threads = Plan.defaultThreads();
    @Option(names = "--allow-fallback", description = "Measure connections that are not on their side's transport all the same; the result says so.")
    private boolean allowFallback;
    @Option(names = "--report", paramLabel = "FILE.html", description = "Write a page as well: charts, environment, every connection's mode. It needs nothing but itself.")
    private Path report;

    private final AtomicBoolean stopped = new AtomicBoolean();

    @Override
    public Integer call() throws IOException {
        List<Side> sides = Side.list(compare);
        Plan plan = new Plan(protocol, closedLoop, closedLoop ? 0 : qps, connections, payload, Durations.seconds(duration), Durations.seconds(warmup),
                rounds != null ? rounds : sides.size() > 1 ? 5 : 1, threads, path);
        Map<Side, InetSocketAddress> named = named(sides);
        ReportFile page = report == null ? null : new ReportFile(report);
        if (SmcConfig.get(SmcConfig.SHORT_ROUND_TRIPS) == null) {
            System.setProperty(SmcConfig.SHORT_ROUND_TRIPS, "0"); // a short round is no reason to leave SMC
        }
        CountDownLatch over = new CountDownLatch(1);
        Thread hook = new Thread(() -> {
            stopped.set(true);
            try {
                over.await(LAST_WORDS_SECONDS, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        Runtime.getRuntime().addShutdownHook(hook);
        try (ServerProcess own = named.isEmpty() ? new ServerProcess(List.of(SmcCli.class.getName(), "bench", "server"), sides, threads) : null) {
            return run(plan, sides, own == null ? named : own.addresses(), own == null, page);
        } catch (NotOnSideException e) {
            output.err().println("bench: " + e.getMessage());
            output.err().flush();
            return SmcCli.NO;
        } finally {
            over.countDown();
            if (!stopped.get()) {
                Runtime.getRuntime().removeShutdownHook(hook);
            }
        }
    }

    private Map<Side, InetSocketAddress> named(List<Side> sides) throws IOException {
        Map<Side, InetSocketAddress> all = new EnumMap<>(Side.class);
        for (String s : servers) {
            int equals = s.indexOf('=');
            InetSocketAddress address = Addresses.parse(s.substring(equals + 1), 1);
            for (Side side : equals < 0 ? sides : List.of(Side.of(s.substring(0, equals)))) {
                if (all.put(side, address) != null) {
                    throw new IllegalArgumentException("--server " + s + ": side " + side.word() + " has a server already");
                }
            }
        }
        for (Side s : sides) {
            if (!all.isEmpty() && !all.containsKey(s)) {
                throw new IllegalArgumentException("--server: side " + s.word() + " has none: add --server " + s.word() + "=HOST:PORT");
            }
        }
        return all;
    }

    private int run(Plan plan, List<Side> sides, Map<Side, InetSocketAddress> addresses, boolean foreign, ReportFile page) throws IOException {
        Progress progress = ProgressBar.isTerminal(2) ? new ProgressBar(System.err) : new ProgressLines(System.err);
        Bench bench = new Bench(plan, sides, addresses, allowFallback, stopped::get, progress);
        if (plan.rounds() * sides.size() > 1) {
            output.err().println("bench: " + sides.size() * plan.rounds() + " rounds of " + Durations.text(plan.warmupSeconds()) + " of warm-up and " + Durations.text(plan.durationSeconds())
                    + ": about " + Durations.text(Math.ceil(sides.size() * plan.rounds() * (plan.warmupSeconds() + plan.durationSeconds()))));
            output.err().flush();
        }
        bench.run();
        Map<Side, String> said = new EnumMap<>(Side.class);
        addresses.forEach((side, a) -> said.put(side, foreign ? Addresses.text(a) : "a process of its own on this machine"));
        BenchResult result = bench.result(new SmcCli.Version().getVersion()[0], commandLine(), said);
        if (result == null) {
            throw new IOException("nothing was measured");
        }
        output.print(result, () -> TextReport.head(result) + Text.table(TextReport.table(result)) + TextReport.notes(result));
        if (page != null) {
            page.write(HtmlReport.of(result, Json.of(result)));
            output.err().println("bench: the page is " + page);
            output.err().flush();
        }
        if (!result.problem().isEmpty()) {
            output.err().println("bench: " + result.problem());
            output.err().flush();
        }
        return result.complete() ? SmcCli.OK : result.problem().isEmpty() ? INTERRUPTED : SmcCli.CANNOT_TELL;
    }

    /** What the user typed, in quotes where a shell would need them. */
    private String commandLine() {
        return "smc4j " + spec.root().commandLine().getParseResult().originalArgs().stream().map(a -> a.matches("[\\w@%+=:,./-]+") ? a : "'" + a.replace("'", "'\\''") + "'")
                .collect(Collectors.joining(" "));
    }
}
