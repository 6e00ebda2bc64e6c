package io.smc4j.cli.bench;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.HdrHistogram.Histogram;

/** Runs the rounds of a plan, the sides in turn; the order turns round with each round, so that a drift of the machine hits them alike. For one thread. */
public final class Bench {

    private final Plan plan;
    private final List<Side> sides;
    private final Map<Side, InetSocketAddress> servers;
    private final boolean allowFallback;
    private final BooleanSupplier stopped;
    private final Progress progress;
    private final Map<Side, List<Round>> rounds = new EnumMap<>(Side.class);
    private final Map<Side, Histogram> latencies = new EnumMap<>(Side.class);
    private String problem = "";
    private long begun;

    /**
     * Nothing runs yet.
     *
     * @param sides one or two
     * @param servers of each side
     * @param allowFallback whether connections that are not what their side stands for are measured all the same
     * @param stopped asked often; true ends the run with what has been measured
     */
    public Bench(Plan plan, List<Side> sides, Map<Side, InetSocketAddress> servers, boolean allowFallback, BooleanSupplier stopped, Progress progress) {
        this.plan = plan;
        this.sides = List.copyOf(sides);
        this.servers = Map.copyOf(servers);
        this.allowFallback = allowFallback;
        this.stopped = stopped;
        this.progress = progress;
        for (Side s : sides) {
            rounds.put(s, new ArrayList<>());
            latencies.put(s, Meter.histogram());
        }
    }

    /**
     * Runs everything. A failure after the first round ends the run with a result that names it.
     *
     * @throws NotOnSideException where connections are not what their side stands for
     * @throws IOException where nothing could be measured
     */
    public void run() throws IOException {
        for (Side s : sides) { // all of them before the first round, which may be long
            try (RoundRun r = new RoundRun(plan, s, servers.get(s), stopped)) {
                r.open();
                checked(s, r.modes());
            }
        }
        begun = System.nanoTime();
        for (int number = 1; number <= plan.rounds() && !stopped.getAsBoolean(); number++) {
            for (int i = 0; i < sides.size() && !stopped.getAsBoolean(); i++) {
                try {
                    round(number, sides.get(number % 2 == 1 ? i : sides.size() - 1 - i));
                } catch (NotOnSideException e) {
                    throw e;
                } catch (IOException e) {
                    if (stopped.getAsBoolean()) {
                        return;
                    }
                    problem = e.getMessage();
                    if (rounds.values().stream().allMatch(List::isEmpty)) {
                        throw e;
                    }
                    return;
                }
            }
        }
    }

    private void round(int number, Side side) throws IOException {
        try (RoundRun r = new RoundRun(plan, side, servers.get(side), stopped)) {
            r.open();
            Modes modes = checked(side, r.modes());
            r.warmUp();
            if (stopped.getAsBoolean()) {
                return;
            }
            Round round = r.measure(number, begun, modes,
                    (nanos, point) -> progress.tick(side, number, plan.rounds(), Math.min(nanos / 1e9, plan.durationSeconds()), plan.durationSeconds(), point));
            if (round.answers() > 0) {
                rounds.get(side).add(round);
                latencies.get(side).add(r.latencies());
                progress.done(side, plan.rounds(), round);
            }
        }
    }

    private Modes checked(Side side, Modes modes) throws NotOnSideException {
        if (!allowFallback) {
            modes.check(side);
        }
        return modes;
    }

    /**
     * What has been measured; null where nothing has.
     *
     * @param version of this program
     * @param commandLine what the user typed
     * @param named what is said of each side's server
     */
    public BenchResult result(String version, String commandLine, Map<Side, String> named) {
        List<SideResult> results = new ArrayList<>();
        for (Side s : sides) {
            if (!rounds.get(s).isEmpty()) {
                results.add(SideResult.of(s, named.get(s), Addresses.place(servers.get(s).getAddress()), Distribution.of(latencies.get(s)), rounds.get(s)));
            }
        }
        if (results.isEmpty()) {
            return null;
        }
        Environment environment = Environment.here(commandLine);
        Comparison comparison = results.size() < 2 ? null
                : Comparison.of(results.get(0).side(), results.get(0).figures(), results.get(1).side(), results.get(1).figures());
        boolean complete = problem.isEmpty() && !stopped.getAsBoolean();
        List<String> notes = Notes.of(plan, environment, results, comparison);
        if (!complete) {
            notes = new ArrayList<>(notes);
            notes.add(0, problem.isEmpty() ? "The run was interrupted: this is what had been measured." : "The run broke off: " + problem);
        }
        return new BenchResult(BenchResult.FORMAT, BenchResult.VERSION, version, Instant.now().truncatedTo(ChronoUnit.SECONDS).toString(), plan, environment, results, comparison,
                notes, complete, problem);
    }
}
