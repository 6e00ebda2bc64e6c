package io.smc4j.cli.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;

/** A server in a process of its own, of the same JVM, class path and options. It ends with this process, however that ends: its standard input is then over. */
public final class ServerProcess implements AutoCloseable {

    /** An emulated machine takes its time to start a JVM. */
    private static final int START_SECONDS = 240;
    private static final int END_SECONDS = 10;
    /** A line of its standard output: this, the side, the address. */
    public static final String LISTENING = "listening";

    /** Options that two JVMs cannot have alike: a debugger's port, a recording's file. */
    private static final Pattern NOT_TWICE = Pattern.compile("-X(run|debug|log|share).*|-XX:(StartFlightRecording|FlightRecorder|ArchiveClassesAtExit|ErrorFile|LogFile|OnError|OnOutOfMemoryError).*");

    private final Process process;
    private final Map<Side, InetSocketAddress> addresses = new EnumMap<>(Side.class);

    /**
     * Starts it, listening on 127.0.0.1, on a port of its own for each side.
     *
     * @param main the main class, and the command of its that serves
     * @throws IOException where it does not come up
     */
    public ServerProcess(List<String> main, List<Side> sides, int threads) throws IOException {
        List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
        Environment.options().stream().filter(o -> !NOT_TWICE.matcher(o).matches()).forEach(command::add);
        if (Runtime.version().feature() >= 24) {
            command.add("--enable-native-access=ALL-UNNAMED");
        }
        command.addAll(List.of("-cp", System.getProperty("java.class.path")));
        command.addAll(main);
        for (Side s : sides) {
            command.addAll(List.of("--listen", s.word() + "=127.0.0.1:0"));
        }
        command.addAll(List.of("--threads", String.valueOf(threads), "--until-stdin-ends"));
        process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
        FutureTask<Void> start = new FutureTask<>(() -> {
            read(sides.size());
            return null;
        });
        Thread t = new Thread(start, "server-start");
        t.setDaemon(true);
        t.start();
        try {
            start.get(START_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException | InterruptedException e) {
            process.destroyForcibly();
            throw new IOException("the server process did not start: " + (e.getCause() == null ? "not listening after " + START_SECONDS + " s" : e.getCause().getMessage()), e);
        }
    }

    private void read(int lines) throws IOException {
        BufferedReader out = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        while (addresses.size() < lines) {
            String line = out.readLine();
            if (line == null) {
                throw new IOException("it ended, and said why above");
            }
            String[] words = line.split(" ");
            if (words.length == 3 && words[0].equals(LISTENING)) {
                addresses.put(Side.of(words[1]), Addresses.parse(words[2], 1));
            }
        }
    }

    /** Where it listens. */
    public Map<Side, InetSocketAddress> addresses() {
        return addresses;
    }

    /** Its process id. */
    public long pid() {
        return process.pid();
    }

    /** Ends it. */
    @Override
    public void close() throws IOException {
        process.getOutputStream().close();
        try {
            if (!process.waitFor(END_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
