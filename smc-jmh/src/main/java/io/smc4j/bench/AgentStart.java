package io.smc4j.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What the agent adds to the start of a JVM: whole processes, {@code java Hello}, in turn without an agent, with one whose {@code premain} is empty and with
 * ours; medians, and the median of each round's differences.
 *
 * <p>Usage: {@code AgentStart CLASSES EMPTY-AGENT-JAR OUR-JAR}. Exits with 1 where the bound is missed.
 */
public final class AgentStart {

    private static final int ROUNDS = 31;
    private static final int BOUND_MS = 60;

    private AgentStart() {
    }

    /** Measures this JDK. */
    public static void main(String[] args) throws IOException, InterruptedException {
        List<List<String>> agents = List.of(List.of(), List.of("-javaagent:" + args[1]), List.of("-javaagent:" + args[2]));
        double[][] millis = new double[agents.size()][ROUNDS];
        for (int round = -1; round < ROUNDS; round++) { // the first one fills the file cache
            for (int i = 0; i < agents.size(); i++) {
                double took = start(agents.get(i), args[0]);
                if (round >= 0) {
                    millis[i][round] = took;
                }
            }
        }
        double empty = median(difference(millis[1], millis[0]));
        double ours = median(difference(millis[2], millis[0]));
        System.out.printf("JDK %s, java Hello, %d rounds, medians: %.1f ms; an empty agent adds %.1f ms, ours %.1f ms (bound %d)%s%n",
                System.getProperty("java.version"), ROUNDS, median(millis[0]), empty, ours, BOUND_MS, ours <= BOUND_MS ? "" : "  MISSED");
        System.exit(ours <= BOUND_MS ? 0 : 1);
    }

    private static double start(List<String> agent, String classes) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
        command.addAll(agent);
        command.addAll(List.of("-cp", classes, "Hello"));
        ProcessBuilder builder = new ProcessBuilder(command).redirectOutput(ProcessBuilder.Redirect.DISCARD).redirectError(ProcessBuilder.Redirect.DISCARD);
        long begin = System.nanoTime();
        int status = builder.start().waitFor();
        double took = (System.nanoTime() - begin) / 1e6;
        if (status != 0) {
            throw new IOException("exit status " + status + ": " + command);
        }
        return took;
    }

    private static double[] difference(double[] of, double[] to) {
        double[] result = new double[of.length];
        for (int i = 0; i < of.length; i++) {
            result[i] = of[i] - to[i];
        }
        return result;
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }
}
