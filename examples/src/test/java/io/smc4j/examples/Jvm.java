package io.smc4j.examples;

import io.smc4j.Smc;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A JDK of this machine, and what a program printed in one of its JVMs. */
record Jvm(int release, Path home) {

    private static final int TIMEOUT_S = 120;
    /** One line for each record of a log; with the JDK's default there are two. */
    private static final String ONE_LINE = "-Djava.util.logging.SimpleFormatter.format=%4$s: %5$s%n";
    private static final String SWITCH = "-Djava.nio.channels.spi.SelectorProvider=io.smc4j.nio.SmcSelectorProvider";

    /** @param log the lines on standard error */
    record Outcome(int status, String out, List<String> log) {
    }

    /** This JVM's own JDK, and the oldest one newer than 23 that is installed beside it, if any. */
    static List<Jvm> installed() throws IOException {
        List<Jvm> found = new ArrayList<>();
        Jvm own = new Jvm(Runtime.version().feature(), Path.of(System.getProperty("java.home")));
        found.add(own);
        Path all = Path.of("/usr/lib/jvm");
        if (own.release < 24 && Files.isDirectory(all)) {
            try (Stream<Path> homes = Files.list(all)) {
                homes.filter(h -> Files.isExecutable(h.resolve("bin/java"))).map(h -> new Jvm(releaseOf(h), h)).filter(j -> j.release >= 24)
                        .min((a, b) -> Integer.compare(a.release, b.release)).ifPresent(found::add);
            }
        }
        return found;
    }

    private static int releaseOf(Path home) {
        try (Stream<String> lines = Files.lines(home.resolve("release"))) {
            return lines.filter(l -> l.startsWith("JAVA_VERSION=")).map(l -> l.replaceAll("[^0-9.]", "").split("\\.")[0]).mapToInt(Integer::parseInt)
                    .findFirst().orElse(0);
        } catch (IOException | NumberFormatException e) {
            return 0;
        }
    }

    /** Our jar as Maven packed it. */
    static Path jar() {
        try {
            Path jar = Path.of(Smc.class.getProtectionDomain().getCodeSource().getLocation().toURI());
            if (!Files.isRegularFile(jar)) {
                throw new IllegalStateException("these tests are for the packed jar, not " + jar + ": run mvn verify");
            }
            return jar;
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Runs {@link TinyProgram} on the class path with the switch set. */
    Outcome run(String... options) throws IOException, InterruptedException {
        return run(List.of(), List.of(options));
    }

    /** As {@link #run(String...)}, under a command such as {@code unshare}. */
    Outcome run(List<String> under, List<String> options) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(under);
        command.addAll(List.of(home.resolve("bin/java").toString(), "-Xshare:auto", ONE_LINE, SWITCH));
        if (release >= 24 && options.stream().noneMatch(o -> o.startsWith("--illegal-native-access"))) {
            command.add("--enable-native-access=ALL-UNNAMED");
        }
        command.addAll(options);
        command.addAll(List.of("-cp", jar() + ":" + Path.of("target", "test-classes").toAbsolutePath(), TinyProgram.class.getName()));
        Path out = Files.createTempFile("smc4j-out", ".txt");
        Path err = Files.createTempFile("smc4j-err", ".txt");
        try {
            Process process = new ProcessBuilder(command).redirectOutput(out.toFile()).redirectError(err.toFile()).start();
            process.getOutputStream().close();
            if (!process.waitFor(TIMEOUT_S, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new IOException("no end after " + TIMEOUT_S + " s: " + command + "\n" + Files.readString(err));
            }
            return new Outcome(process.exitValue(), Files.readString(out), Files.readAllLines(err));
        } finally {
            Files.delete(out);
            Files.delete(err);
        }
    }

    @Override
    public String toString() {
        return "JDK " + release;
    }
}
