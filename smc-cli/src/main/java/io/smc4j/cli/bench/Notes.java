package io.smc4j.cli.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What figures do and do not show. */
final class Notes {

    private static final double BUSY = 0.9;
    private static final double REACHED = 0.99;

    private Notes() {
    }

    static List<String> of(Plan plan, Environment environment, List<SideResult> sides, Comparison comparison) {
        List<String> notes = new ArrayList<>();
        for (SideResult s : sides) {
            if (s.others() > 0) {
                notes.add("Side " + s.side() + " is not what it is named after: " + s.others() + " of its connections are not " + s.side().toUpperCase(Locale.ROOT) + " ("
                        + s.modesText() + "), measured all the same by --allow-fallback.");
            }
        }
        if (comparison != null) {
            notes.add(comparison.sentence(Math.min(sides.get(0).rounds().size(), sides.get(1).rounds().size())));
        }
        for (SideResult s : sides) {
            load(plan, s, notes);
        }
        if (comparison == null && sides.get(0).rounds().size() == 1) {
            notes.add("One round has no spread: what another one would have shown is not known (--rounds 5 tells).");
        }
        if (!plan.closedLoop() && sides.stream().allMatch(s -> s.figures().get(0).median() >= plan.qps() * REACHED)) {
            notes.add("The rate was reached: QPS is what was asked for, and not the most that could be carried (--closed-loop tells).");
        }
        if (plan.closedLoop()) {
            notes.add("Closed loop: each connection sends when it has its answer, so a pause delays requests that are never counted. Latencies are those of requests sent, not of "
                    + "requests wanted; QPS is the most that these connections carry.");
        }
        machine(environment, sides, notes);
        return notes;
    }

    private static void load(Plan plan, SideResult s, List<String> notes) {
        double busy = s.rounds().stream().mapToDouble(Round::generatorBusy).max().orElse(0);
        double qps = s.figures().get(0).median();
        long unsent = s.rounds().stream().mapToLong(Round::unsent).sum();
        long unanswered = s.rounds().stream().mapToLong(Round::unanswered).sum();
        boolean reached = plan.closedLoop() || qps >= plan.qps() * REACHED;
        if (!reached) {
            notes.add(String.format(Locale.ROOT, "Side %s did not reach the rate: %,.0f of %,.0f requests/s. Its latencies count the queue of requests that were due, and grow "
                    + "with the duration; since it was sent, a request took %s (median). A lower --qps shows latencies without that queue.", s.side(), qps, plan.qps(),
                    Durations.nanos(s.rounds().get(s.rounds().size() - 1).service().p50())));
        } else if (unsent > s.rounds().stream().mapToLong(Round::answers).sum() / 1000) {
            notes.add(String.format(Locale.ROOT, "Side %s: %,d requests were due and not sent at the end, as their connections waited for answers.", s.side(), unsent));
        }
        if (busy > BUSY) {
            notes.add(String.format(Locale.ROOT, "Side %s: the load generator was busy %.0f %% of the time: the figures show its own limits too%s.", s.side(), busy * 100,
                    plan.threads() == 1 ? " (--threads 2 where there are processors)" : ""));
        }
        if (unanswered > 0) {
            notes.add(String.format(Locale.ROOT, "Side %s: %,d requests were not answered within 5 s of the end; each counts as a latency of its age.", s.side(), unanswered));
        }
    }

    private static void machine(Environment e, List<SideResult> sides, List<String> notes) {
        boolean smcD = sides.stream().anyMatch(s -> s.modes().containsKey("SMC_D"));
        if (sides.stream().anyMatch(s -> s.place() == Addresses.Place.LOOPBACK)) {
            notes.add("Client and server ran on one machine, over its loopback, and shared its processors: no network, no adapter and no second machine is in these figures"
                    + (smcD ? "; SMC-D is memory of the same kernel here." : "."));
        } else if (sides.stream().anyMatch(s -> s.place() == Addresses.Place.THIS_HOST)) {
            notes.add("The server's address is one of this host: client and server shared its processors, and no network is in these figures.");
        }
        if (e.emulated()) {
            notes.add("The processor is emulated (" + e.processor() + "): the run shows that this works, and not how fast it is anywhere.");
        }
        if (e.devices().stream().anyMatch(d -> d.startsWith("rxe")) && sides.stream().anyMatch(s -> s.modes().containsKey("SMC_R"))) {
            notes.add("The RDMA device is software (rxe): it says nothing about RDMA hardware.");
        }
    }
}
