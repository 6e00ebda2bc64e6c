package io.smc4j.examples;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A program in a JVM of its own, with its standard input and output. Closing it ends it.
 *
 * <p>Thread-safety: for one thread, but {@link #close()} may come from any.
 */
final class Program implements AutoCloseable {

    /** The switch, as a user gives it. */
    static final String SWITCH = "-Djava.nio.channels.spi.SelectorProvider=io.smc4j.nio.SmcSelectorProvider";

    private final String name;
    private final Process process;
    private final Path errors;
    private final BufferedReader out;
    private final PrintWriter in;

    /**
     * Starts {@code main} with this JVM's own java.
     *
     * @param options of the JVM
     * @param classPath directories and jars
     */
    Program(String main, List<String> options, List<Path> classPath, List<String> arguments) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xshare:auto")); // short-lived: a quick start counts
        command.addAll(options);
        command.addAll(List.of("-cp", String.join(":", classPath.stream().map(Path::toString).toList()), main));
        command.addAll(arguments);
        name = main;
        errors = Files.createTempFile("smc4j-demo", ".log");
        process = new ProcessBuilder(command).redirectError(errors.toFile()).start();
        out = process.inputReader(StandardCharsets.UTF_8);
        in = new PrintWriter(process.outputWriter(StandardCharsets.UTF_8), true);
    }

    /** The options that put our jar's provider in, for this JVM's release. */
    static List<String> switchedOn() {
        return Runtime.version().feature() < 24 ? List.of(SWITCH) : List.of(SWITCH, "--enable-native-access=ALL-UNNAMED");
    }

    /** The next line that the program prints. */
    String line() throws IOException {
        String line = out.readLine();
        if (line == null) {
            throw new IOException(name + " ended or did not answer in time; its errors:\n" + Files.readString(errors));
        }
        return line;
    }

    /** Gives the program a line. */
    void say(String line) {
        in.println(line);
    }

    @Override
    public void close() throws IOException {
        process.destroy();
        Files.deleteIfExists(errors);
    }

    /** Ends it without waiting: what {@link #line()} waits for then fails. */
    void kill() {
        process.destroyForcibly();
    }
}
