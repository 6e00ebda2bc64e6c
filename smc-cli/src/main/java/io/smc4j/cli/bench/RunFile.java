package io.smc4j.cli.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What {@code bench diff} reads of a file that {@code bench --json} wrote: each round's figures, by side.
 *
 * @param name the file's
 * @param plan one line that says what was run
 * @param notes what its figures do and do not show
 * @param sides each side's figures
 */
public record RunFile(String name, String plan, List<String> notes, Map<String, List<Figure>> sides) {

    private static final long MAX_BYTES = 64 << 20;
    private static final int MAX_SIDES = 16;
    private static final int MAX_ROUNDS = 10_000;
    private static final int MAX_NOTES = 100;
    private static final int SHOWN = 60;

    /**
     * Reads.
     *
     * @throws IOException where the file cannot be read
     * @throws IllegalArgumentException where it is no such file: names the file, the place, the value, and the way out
     */
    public static RunFile read(Path file) throws IOException {
        try {
            if (Files.isDirectory(file)) {
                throw new IllegalArgumentException(file + ": a directory: expected a file that `smc4j bench --json` wrote");
            }
            if (Files.size(file) > MAX_BYTES) {
                throw new IllegalArgumentException(file + ": " + Files.size(file) + " bytes, more than any file that `smc4j bench --json` writes");
            }
            return parse(file.toString(), Files.readAllBytes(file));
        } catch (NoSuchFileException e) {
            throw new IOException(file + ": no such file", e);
        }
    }

    /** Of the file's bytes. */
    static RunFile parse(String name, byte[] bytes) {
        Object tree;
        try {
            tree = JsonTree.parse(bytes);
        } catch (IOException e) {
            throw bad(name, "no JSON: " + printable(String.valueOf(e.getMessage()).lines().findFirst().orElse("")));
        }
        Reader r = new Reader(name);
        Map<?, ?> root = r.of(Map.class, tree, "the file", "an object");
        r.expect(BenchResult.FORMAT.equals(root.get("format")), "format", root.get("format"), '"' + BenchResult.FORMAT + '"');
        r.expect(Double.valueOf(BenchResult.VERSION).equals(root.get("version")), "version", root.get("version"), BenchResult.VERSION + ", which is what this program reads");
        Map<String, List<Figure>> sides = new LinkedHashMap<>();
        List<?> list = r.of(List.class, root.get("sides"), "sides", "a list");
        r.expect(!list.isEmpty() && list.size() <= MAX_SIDES, "sides", list.size() + " of them", "1 to " + MAX_SIDES);
        for (int i = 0; i < list.size(); i++) {
            String at = "sides[" + i + "]";
            Map<?, ?> side = r.of(Map.class, list.get(i), at, "an object");
            String word = r.of(String.class, side.get("side"), at + ".side", "tcp or smc");
            r.expect(word.equals("tcp") || word.equals("smc"), at + ".side", word, "tcp or smc");
            r.expect(sides.put(word, r.figures(side, at)) == null, at + ".side", word, "each side once");
        }
        return new RunFile(printable(name), plan(r, root.get("plan")), notes(r, root.get("notes")), sides);
    }

    private static String plan(Reader r, Object tree) {
        Map<?, ?> p = r.of(Map.class, tree, "plan", "an object");
        boolean closed = Boolean.TRUE.equals(p.get("closedLoop"));
        String protocol = r.of(String.class, p.get("protocol"), "plan.protocol", "HTTP or RAW");
        r.expect(protocol.equals("HTTP") || protocol.equals("RAW"), "plan.protocol", protocol, "HTTP or RAW");
        double qps = r.number(p, "qps", 0);
        return String.format(java.util.Locale.ROOT, "%s echo, %.0f bytes, %.0f connections, %s, %s", protocol, r.number(p, "payloadBytes", 1), r.number(p, "connections", 1),
                closed ? "closed loop" : String.format(java.util.Locale.ROOT, "%,.0f requests/s open loop", qps), Durations.text(r.number(p, "durationSeconds", 0)));
    }

    private static List<String> notes(Reader r, Object tree) {
        List<?> list = r.of(List.class, tree, "notes", "a list");
        List<String> notes = new ArrayList<>();
        for (int i = 0; i < Math.min(MAX_NOTES, list.size()); i++) {
            notes.add(printable(r.of(String.class, list.get(i), "notes[" + i + "]", "a sentence")));
        }
        return notes;
    }

    private static IllegalArgumentException bad(String file, String what) {
        return new IllegalArgumentException(printable(file) + ": " + what + ". `smc4j bench --json` writes such a file");
    }

    private static String printable(String text) {
        return text.codePoints().map(c -> Character.isISOControl(c) ? '?' : c).collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append).toString();
    }

    /** Takes values out of a tree, or says what is wrong with them. */
    private record Reader(String file) {

        <T> T of(Class<T> type, Object value, String at, String expected) {
            expect(type.isInstance(value), at, value, expected);
            return type.cast(value);
        }

        void expect(boolean good, String at, Object value, String expected) {
            if (!good) {
                String shown = value instanceof Map ? "an object" : value instanceof List ? "a list" : value == null ? "nothing" : printable(String.valueOf(value));
                throw bad(file, at + ": " + (shown.length() > SHOWN ? shown.substring(0, SHOWN) + "..." : shown) + ": expected " + expected);
            }
        }

        double number(Map<?, ?> of, String name, double least) {
            Object value = of.get(name);
            expect(value instanceof Double d && Double.isFinite(d) && d >= least, "plan." + name, value, "a number of at least " + least);
            return (Double) value;
        }

        List<Figure> figures(Map<?, ?> side, String at) {
            List<?> list = of(List.class, side.get("figures"), at + ".figures", "a list");
            expect(list.size() == Figure.NAMES.size(), at + ".figures", list.size() + " of them", Figure.NAMES.toString());
            List<Figure> figures = new ArrayList<>();
            for (int i = 0; i < list.size(); i++) {
                String here = at + ".figures[" + i + "]";
                Map<?, ?> f = of(Map.class, list.get(i), here, "an object");
                expect(Figure.NAMES.get(i).equals(f.get("name")), here + ".name", f.get("name"), Figure.NAMES.get(i));
                List<?> rounds = of(List.class, f.get("rounds"), here + ".rounds", "a list");
                expect(!rounds.isEmpty() && rounds.size() <= MAX_ROUNDS, here + ".rounds", rounds.size() + " of them", "1 to " + MAX_ROUNDS);
                List<Double> values = new ArrayList<>();
                for (int j = 0; j < rounds.size(); j++) {
                    expect(rounds.get(j) instanceof Double d && Double.isFinite(d) && d >= 0, here + ".rounds[" + j + "]", rounds.get(j), "a number of at least 0");
                    values.add((Double) rounds.get(j));
                }
                figures.add(Figure.of(Figure.NAMES.get(i), values));
            }
            return figures;
        }
    }
}
