package io.smc4j.cli.bench;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What was measured of a side.
 *
 * @param side {@code tcp} or {@code smc}
 * @param server what the user named, or that the server was a process of this command
 * @param place where the server is
 * @param modes connections of all rounds by the mode that the kernel reported
 * @param others connections that are not what the side stands for
 * @param figures medians of the rounds
 * @param distribution all rounds' latencies
 * @param rounds each round
 */
public record SideResult(String side, String server, Addresses.Place place, Map<String, Integer> modes, int others, List<Figure> figures, Distribution distribution,
        List<Round> rounds) {

    /** Copies the lists. */
    public SideResult {
        figures = List.copyOf(figures);
        rounds = List.copyOf(rounds);
    }

    static SideResult of(Side side, String server, Addresses.Place place, Distribution distribution, List<Round> rounds) {
        Map<String, Integer> modes = new TreeMap<>();
        int others = 0;
        for (Round r : rounds) {
            r.modes().counts().forEach((mode, n) -> modes.merge(mode, n, Integer::sum));
            others += r.modes().others(side);
        }
        return new SideResult(side.word(), server, place, modes, others, Figure.all(rounds), distribution, rounds);
    }

    /** {@code 320 SMC_D}. */
    String modesText() {
        StringBuilder s = new StringBuilder();
        modes.forEach((mode, n) -> s.append(s.length() == 0 ? "" : ", ").append(n).append(' ').append(mode));
        return s.toString();
    }
}
