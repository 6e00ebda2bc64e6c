package io.smc4j.cli.bench;

import java.util.ArrayList;
import java.util.List;

/**
 * Two runs.
 *
 * @param base the first file
 * @param other the second file
 * @param comparisons the second against the first: side by side, or where each has one side that one against this one
 * @param notes what must be known of them
 */
public record RunDiff(String base, String other, List<Comparison> comparisons, List<String> notes) {

    /** Copies the lists. */
    public RunDiff {
        comparisons = List.copyOf(comparisons);
        notes = List.copyOf(notes);
    }

    /**
     * Compares.
     *
     * @throws IllegalArgumentException where they have no side in common
     */
    public static RunDiff of(RunFile a, RunFile b) {
        List<Comparison> comparisons = new ArrayList<>();
        List<String> notes = new ArrayList<>();
        for (String side : a.sides().keySet()) {
            String with = b.sides().containsKey(side) ? side : a.sides().size() == 1 && b.sides().size() == 1 ? b.sides().keySet().iterator().next() : null;
            if (with == null) {
                notes.add(b.name() + " has no side " + side + ".");
                continue;
            }
            List<Figure> x = a.sides().get(side);
            List<Figure> y = b.sides().get(with);
            Comparison c = Comparison.of(side + " of " + a.name(), x, with + " of " + b.name(), y);
            comparisons.add(c);
            notes.add(c.sentence(Math.min(x.get(0).rounds().size(), y.get(0).rounds().size())));
        }
        if (comparisons.isEmpty()) {
            throw new IllegalArgumentException(a.name() + " has " + a.sides().keySet() + ", " + b.name() + " has " + b.sides().keySet() + ": no side of both to compare");
        }
        if (!a.plan().equals(b.plan())) {
            notes.add("The two ran different loads, so that a difference may be the load's: " + a.plan() + "; " + b.plan() + ".");
        }
        notes.add("The two ran at different times: what else the machines did then is in the difference. `bench --compare tcp,smc` takes turns.");
        return new RunDiff(a.name(), b.name(), comparisons, notes);
    }

    /** The table of one comparison, its heading first. */
    public static List<List<String>> table(Comparison c, RunFile a, RunFile b) {
        List<List<String>> rows = new ArrayList<>();
        String base = c.base().substring(0, c.base().indexOf(' '));
        String other = c.other().substring(0, c.other().indexOf(' '));
        rows.add(List.of("", c.base(), c.other(), "ratio", "spread", ""));
        for (int i = 0; i < Figure.NAMES.size(); i++) {
            Ratio r = c.ratios().get(i);
            rows.add(List.of(r.name(), a.sides().get(base).get(i).text(), b.sides().get(other).get(i).text(), r.text(), r.spread(), r.shown() ? "" : "no difference shown"));
        }
        return rows;
    }
}
