package io.smc4j.cli.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** A result as text for a terminal. */
public final class TextReport {

    private TextReport() {
    }

    /** The rows of the table, its heading first. */
    public static List<List<String>> table(BenchResult r) {
        List<List<String>> rows = new ArrayList<>();
        List<String> heading = new ArrayList<>(List.of(""));
        r.sides().forEach(s -> heading.add(s.side()));
        if (r.comparison() != null) {
            heading.addAll(List.of(r.comparison().other() + "/" + r.comparison().base(), "spread", ""));
        } else {
            heading.add("spread");
        }
        rows.add(heading);
        for (int i = 0; i < Figure.NAMES.size(); i++) {
            int at = i;
            List<String> row = new ArrayList<>(List.of(Figure.NAMES.get(i)));
            r.sides().forEach(s -> row.add(s.figures().get(at).text()));
            if (r.comparison() != null) {
                Ratio q = r.comparison().ratios().get(i);
                row.addAll(List.of(q.text(), q.spread(), q.shown() ? "" : "no difference shown"));
            } else {
                Figure f = r.sides().get(0).figures().get(i);
                row.add(f.text(f.low()) + " to " + f.text(f.high()));
            }
            rows.add(row);
        }
        List<String> modes = new ArrayList<>(List.of("kernel"));
        r.sides().forEach(s -> modes.add(s.modesText()));
        rows.add(modes);
        return rows;
    }

    /** What stands above the table. */
    public static String head(BenchResult r) {
        List<String> servers = r.sides().stream().map(SideResult::server).distinct().toList();
        return r.plan().summary() + "\nserver: " + (servers.size() == 1 ? servers.get(0)
                : r.sides().stream().map(s -> s.side() + " " + s.server()).collect(Collectors.joining(", "))) + "\n\n";
    }

    /** What stands below the table. */
    public static String notes(BenchResult r) {
        return "\n" + r.notes().stream().map(n -> "- " + n + "\n").collect(Collectors.joining());
    }
}
