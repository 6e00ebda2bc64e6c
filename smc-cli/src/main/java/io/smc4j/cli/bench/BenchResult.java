package io.smc4j.cli.bench;

import java.util.List;

/**
 * A run; its components are the fields of the JSON, which docs/benchmarks.md describes.
 *
 * @param format {@value #FORMAT}
 * @param version {@value #VERSION}
 * @param smc4j the version of this program
 * @param created when, UTC, ISO 8601
 * @param plan what was to be run
 * @param environment where
 * @param sides what was measured of each side, in the order named
 * @param comparison the second side against the first, or null where there is one
 * @param notes what the figures do and do not show, the most important first
 * @param complete whether every round was run
 * @param problem why not, or ""
 */
public record BenchResult(String format, int version, String smc4j, String created, Plan plan, Environment environment, List<SideResult> sides, Comparison comparison, List<String> notes,
        boolean complete, String problem) {

    /** Of the JSON. */
    public static final String FORMAT = "smc4j-bench";
    /** Grows where a reader of the one before would go wrong. */
    public static final int VERSION = 1;

    /** Copies the lists. */
    public BenchResult {
        sides = List.copyOf(sides);
        notes = List.copyOf(notes);
    }
}
