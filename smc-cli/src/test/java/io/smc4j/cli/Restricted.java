package io.smc4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Every command in a JVM that may do less than others: another user's, in a mount namespace that hides files, or with address families refused. */
final class Restricted {

    /** How the JVM is begun; each needs root, which gives itself up. */
    enum Way {
        /** As this JVM. */
        AS_WE_ARE,
        /** User nobody, no capability, and none to be had. */
        NOBODY,
        /** A mount namespace with nothing in /sys, /proc/sys and /proc/net. */
        NO_FILES,
        /** {@code socket()} refuses AF_NETLINK, as seccomp profiles of containers do. */
        NO_NETLINK,
        /** {@code socket()} refuses AF_SMC. */
        NO_SMC,
        /** Nobody, without files, netlink and AF_SMC. */
        NOTHING
    }

    /**
     * One command's end.
     *
     * @param code its exit code
     * @param said what it wrote to either stream
     */
    record End(int code, List<String> said) {
        String text() {
            return String.join("\n", said);
        }
    }

    private Restricted() {
    }

    /** Command to its end, in the order they were run. */
    static Map<String, End> run(Path javaHome, Way way) throws Exception {
        Path readable = Files.createTempDirectory("smc4j-cli");
        try (ServerSocket listener = new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1"))) {
            List<String> command = new ArrayList<>(begin(way));
            command.add(javaHome.resolve("bin/java").toString());
            if (Files.readString(javaHome.resolve("release")).contains("JAVA_VERSION=\"17")) {
                command.add("-Xshare:auto");
            } else {
                command.add("--enable-native-access=ALL-UNNAMED"); // as the jar's manifest says
            }
            command.addAll(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Djava.io.tmpdir=/tmp", "-cp", copy(readable), EveryCommand.class.getName(),
                    String.valueOf(listener.getLocalPort())));
            Path out = readable.resolve("out.txt");
            Process p = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(out.toFile()).directory(new File("/")).start();
            boolean ended = p.waitFor(240, TimeUnit.SECONDS);
            if (!ended) {
                p.destroyForcibly().waitFor();
            }
            String said = Files.readString(out);
            assertTrue(ended, () -> way + ": no end: " + said);
            assertEquals(0, p.exitValue(), () -> way + ": " + said);
            return ends(said);
        } finally {
            try (Stream<Path> all = Files.walk(readable)) {
                all.sorted(java.util.Comparator.reverseOrder()).forEach(f -> f.toFile().delete());
            }
        }
    }

    private static List<String> begin(Way way) throws Exception {
        String script = Path.of(Restricted.class.getResource("/nofamily.py").toURI()).toString();
        List<String> nobody = List.of("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "--bounding-set=-all", "--inh-caps=-all", "--no-new-privs");
        List<String> noFiles = List.of("unshare", "--mount", "sh", "-c",
                "mount -t tmpfs none /sys && mount -t tmpfs none /proc/sys && mount -t tmpfs none /proc/$$/net && exec \"$@\"", "sh");
        List<String> all = new ArrayList<>();
        switch (way) {
            case NOBODY -> all.addAll(nobody);
            case NO_FILES -> all.addAll(noFiles);
            case NO_NETLINK -> all.addAll(List.of("python3", script, "16"));
            case NO_SMC -> all.addAll(List.of("python3", script, "43"));
            case NOTHING -> {
                all.addAll(noFiles);
                all.addAll(List.of("python3", script, "16,43"));
                all.addAll(nobody);
            }
            default -> {
            }
        }
        return all;
    }

    /** The class path, of copies that every user can read. */
    private static String copy(Path to) throws IOException {
        List<String> copies = new ArrayList<>();
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
            Path from = Path.of(entry);
            String name = from.toString();
            if (!name.contains("smc-") && !name.contains("picocli") && !name.contains("jackson-core") || name.contains("micrometer")) {
                continue;
            }
            Path copy = to.resolve(copies.size() + "-" + from.getFileName());
            try (Stream<Path> files = Files.walk(from)) {
                for (Path f : files.toList()) {
                    Path target = Files.isDirectory(from) ? copy.resolve(from.relativize(f).toString()) : copy;
                    if (Files.isDirectory(f)) {
                        Files.createDirectories(target);
                    } else {
                        Files.copy(f, target);
                    }
                    target.toFile().setReadable(true, false);
                    target.toFile().setExecutable(true, false);
                }
            }
            copies.add(copy.toString());
        }
        for (File f : new File[] {to.toFile()}) {
            assertTrue(f.setReadable(true, false) && f.setExecutable(true, false) && f.setWritable(true, false));
        }
        return String.join(File.pathSeparator, copies);
    }

    private static Map<String, End> ends(String said) {
        Map<String, End> ends = new LinkedHashMap<>();
        String command = null;
        List<String> lines = new ArrayList<>();
        for (String line : said.split("\n")) {
            if (line.startsWith(">> ")) {
                command = line.substring(3);
                lines = new ArrayList<>();
            } else if (line.startsWith("<< ")) {
                ends.put(command, new End(Integer.parseInt(line.substring(3)), lines));
            } else {
                lines.add(line);
            }
        }
        assertEquals(EveryCommand.COMMANDS, List.copyOf(ends.keySet()), said);
        return ends;
    }

    /** What holds everywhere: a documented exit code, something said, and no trace of a stack. */
    static void assertClear(Map<String, End> ends) {
        ends.forEach((command, end) -> {
            assertTrue(end.code() >= SmcCli.OK && end.code() <= SmcCli.CANNOT_TELL, () -> command + ": " + end);
            assertTrue(!end.text().isBlank(), command + " says nothing");
            for (String bad : Arrays.asList("\tat ", "Exception in thread", "a bug", "WARNING", "Caused by", "null pointer", "NullPointerException")) {
                assertTrue(!end.text().contains(bad), () -> command + " says '" + bad + "':\n" + end.text());
            }
            if (end.code() == SmcCli.CANNOT_TELL) {
                assertTrue(end.text().startsWith(command.split(" ")[0] + ": ") || command.contains("--intrusive"), () -> command + ":\n" + end.text());
            }
        });
    }

    static boolean possible() {
        return "root".equals(System.getProperty("user.name")) && Stream.of("setpriv", "unshare").allMatch(c -> Files.isExecutable(Path.of("/usr/bin", c)))
                && Stream.of("/usr/bin", "/usr/local/bin", "/root/.pyenv/shims").anyMatch(d -> Files.isExecutable(Path.of(d, "python3")));
    }
}
