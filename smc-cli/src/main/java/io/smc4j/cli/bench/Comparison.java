package io.smc4j.cli.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Two sides or runs.
 *
 * @param base what is compared with
 * @param other what is compared
 * @param ratios the other's figures divided by the base's
 */
public record Comparison(String base, String other, List<Ratio> ratios) {

    /** Copies the list. */
    public Comparison {
        ratios = List.copyOf(ratios);
    }

    /** Compares figures of the same names in the same order. */
    static Comparison of(String base, List<Figure> a, String other, List<Figure> b) {
        List<Ratio> ratios = new ArrayList<>();
        for (int i = 0; i < a.size(); i++) {
            ratios.add(Ratio.of(a.get(i), b.get(i)));
        }
        return new Comparison(base, other, ratios);
    }

    /** What the figures show, a sentence or two. */
    String sentence(int rounds) {
        if (rounds < Ratio.LEAST_ROUNDS) {
            return "With " + rounds + (rounds == 1 ? " round" : " rounds") + " the spread is not known: whether " + other + " differs from " + base + " is not shown (--rounds 5 tells).";
        }
        String differ = ratios.stream().filter(Ratio::shown).map(r -> r.name() + " " + r.text() + " times").collect(Collectors.joining(", "));
        String same = ratios.stream().filter(r -> !r.shown()).map(Ratio::name).collect(Collectors.joining(", "));
        String why = "the rounds of the two overlap, or are less than 1 % apart.";
        if (differ.isEmpty()) {
            return "No difference between " + other + " and " + base + " is shown in any figure: " + why;
        }
        return other + " against " + base + ": " + differ + "; each difference exceeds the spread of the rounds." + (same.isEmpty() ? "" : " No difference is shown in " + same + ": " + why);
    }
}
