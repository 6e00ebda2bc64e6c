package io.smc4j.interop;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Another JVM of this JDK with the tests' class path; without an agent unless one is asked for. */
final class Child {

    private Child() {
    }

    /** The agent's flag that this JVM was started with. */
    static String agentFlag() {
        return ManagementFactory.getRuntimeMXBean().getInputArguments().stream().filter(a -> a.startsWith("-javaagent:")).findFirst().orElseThrow();
    }

    /** The same without settings. */
    static String bareAgentFlag() {
        return agentFlag().replaceAll("=.*", "");
    }

    /** A command that runs {@code main}; standard error goes where standard output goes. */
    static ProcessBuilder command(List<String> options, Class<?> main) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xshare:auto"));
        if (Runtime.version().feature() >= 24) {
            command.add("--enable-native-access=ALL-UNNAMED");
        }
        if (Boolean.getBoolean("java.net.preferIPv4Stack")) {
            command.add("-Djava.net.preferIPv4Stack=true");
        }
        command.addAll(options);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
        return new ProcessBuilder(command).redirectErrorStream(true);
    }

    /** What a process printed to its end, and its exit status in the first line. */
    static List<String> run(ProcessBuilder builder) throws IOException, InterruptedException {
        Process process = builder.start();
        process.getOutputStream().close();
        List<String> lines = new ArrayList<>();
        try (InputStream in = process.getInputStream();
                BufferedReader reader = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                lines.add(line);
            }
        }
        lines.add(0, "status " + process.waitFor());
        return lines;
    }
}
