package io.smc4j.bridge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.smc4j.Smc;
import io.smc4j.jnr.JnrBackend;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Which bridge {@code smc.native} takes, in JVMs of their own, with our library in smc-core, without one and with one that is broken; each JVM runs a program to its end. */
class BridgeChoiceTest {

    private static final int TIMEOUT_SECONDS = 110;
    private static final int JDK_WITH_NATIVE_ACCESS = 24;
    private static final String JNI = "loaded (jni)";
    private static final String JNR = "loaded (jnr)";
    private static final String NO_LIBRARY = "no native library for this platform";

    @TempDir
    static Path directory;
    private static Path core;
    private static Path bridge;
    private static Path withoutLibrary;
    private static Path brokenLibrary;
    private static List<Path> libraries;
    private static Path tests;

    /** A JDK that is installed here. */
    record Jdk(int release, Path home) {
        @Override
        public String toString() {
            return "JDK " + release;
        }
    }

    static List<Jdk> jdks() throws IOException {
        List<Jdk> found = new ArrayList<>(List.of(new Jdk(Runtime.version().feature(), Path.of(System.getProperty("java.home")))));
        Path all = Path.of("/usr/lib/jvm");
        if (found.get(0).release < JDK_WITH_NATIVE_ACCESS && Files.isDirectory(all)) {
            try (Stream<Path> homes = Files.list(all)) {
                homes.filter(h -> Files.isExecutable(h.resolve("bin/java"))).map(h -> new Jdk(release(h), h)).filter(j -> j.release >= JDK_WITH_NATIVE_ACCESS)
                        .min((a, b) -> Integer.compare(a.release, b.release)).ifPresent(found::add);
            }
        }
        return found;
    }

    private static int release(Path home) {
        try (Stream<String> lines = Files.lines(home.resolve("release"))) {
            return lines.filter(l -> l.startsWith("JAVA_VERSION=")).mapToInt(l -> Integer.parseInt(l.replaceAll("[^0-9.]", "").split("\\.")[0])).findFirst().orElse(0);
        } catch (IOException e) {
            return 0;
        }
    }

    @BeforeAll
    static void copies() throws Exception {
        core = of(Smc.class);
        bridge = of(JnrBackend.class);
        tests = of(Program.class);
        libraries = Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator)).map(Path::of)
                .filter(p -> p.getFileName().toString().matches("(jnr-|jffi|asm).*\\.jar")).toList();
        assertEquals(10, libraries.size(), libraries::toString);
        withoutLibrary = directory.resolve("without");
        brokenLibrary = directory.resolve("broken");
        for (Path copy : List.of(withoutLibrary, brokenLibrary)) {
            copyOfCore(copy);
        }
        Path native_ = brokenLibrary.resolve("META-INF/native");
        Files.createDirectories(native_);
        String machine = System.getProperty("os.arch").replace("amd64", "x86_64");
        Files.writeString(Files.createDirectories(native_.resolve("linux-" + machine)).resolve("libsmc4j.so"), "no library");
    }

    private static Path of(Class<?> type) throws Exception {
        return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
    }

    /** smc-core as it stands here, a jar or a directory, without its native libraries. */
    private static void copyOfCore(Path to) throws IOException {
        if (Files.isDirectory(core)) {
            copy(core, to);
        } else {
            try (FileSystem jar = FileSystems.newFileSystem(URI.create("jar:" + core.toUri()), Map.of())) {
                copy(jar.getPath("/"), to);
            }
        }
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> all = Files.walk(from)) {
            for (Path p : (Iterable<Path>) all.filter(Files::isRegularFile)::iterator) {
                String name = from.relativize(p).toString();
                if (!name.startsWith("META-INF/native/")) {
                    Path target = to.resolve(name);
                    Files.createDirectories(target.getParent());
                    Files.copy(p, target);
                }
            }
        }
    }

    private static List<Path> with(Path ourCore) {
        List<Path> all = new ArrayList<>(List.of(ourCore, bridge));
        all.addAll(libraries);
        return all;
    }

    /** What the program printed, and what it said beside. */
    record Outcome(int status, String out, String log) {

        /** The end of the summary's line on the native library. */
        String bridge() {
            return out.lines().filter(l -> l.startsWith("NATIVE_LIBRARY")).findFirst().orElse("no summary: " + this);
        }

        /** It ran to its end with that bridge. */
        Outcome uses(String expected) {
            assertTrue(bridge().endsWith("yes  " + expected), this::toString);
            return ran();
        }

        /** It ran to its end over TCP, and one line said why, with each of these. */
        Outcome staysTcp(String... parts) {
            ran();
            List<String> why = log.lines().filter(l -> l.contains("connections stay TCP")).toList();
            assertEquals(1, why.size(), this::toString);
            for (String part : parts) {
                assertTrue(why.get(0).contains(part) && bridge().contains(part), () -> "no '" + part + "' in " + this);
            }
            return this;
        }

        private Outcome ran() {
            assertEquals(0, status, this::toString);
            assertTrue(out.contains(", read 64"), this::toString);
            return this;
        }
    }

    private static Outcome onClassPath(Jdk jdk, List<Path> parts, String... options) throws Exception {
        List<Path> all = new ArrayList<>(parts);
        all.add(tests);
        return run(jdk, "ALL-UNNAMED", List.of(options), List.of("-cp", path(all)));
    }

    private static Outcome onModulePath(Jdk jdk, List<Path> parts, String... options) throws Exception {
        return run(jdk, "io.smc4j.core,org.jnrproject.jffi", List.of(options), List.of("-p", path(parts), "--add-modules", "io.smc4j.core", "-cp", tests.toString()));
    }

    private static String path(List<Path> parts) {
        return parts.stream().map(Path::toString).collect(Collectors.joining(File.pathSeparator));
    }

    private static Outcome run(Jdk jdk, String natives, List<String> options, List<String> where) throws Exception {
        List<String> command = new ArrayList<>(List.of(jdk.home.resolve("bin/java").toString(), "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1",
                "-Djava.util.logging.SimpleFormatter.format=%4$s: %5$s%n", "-Djava.nio.channels.spi.SelectorProvider=io.smc4j.nio.SmcSelectorProvider"));
        if (jdk.release >= JDK_WITH_NATIVE_ACCESS && options.stream().noneMatch(o -> o.contains("native-access"))) {
            command.add("--enable-native-access=" + natives);
        }
        command.addAll(options);
        command.addAll(where);
        command.add(Program.class.getName());
        Path out = Files.createTempFile(directory, "out", ".txt");
        Path log = Files.createTempFile(directory, "log", ".txt");
        Process process = new ProcessBuilder(command).redirectOutput(out.toFile()).redirectError(log.toFile()).start();
        process.getOutputStream().close();
        if (!process.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new AssertionError("no end: " + command + "\n" + Files.readString(log));
        }
        return new Outcome(process.exitValue(), Files.readString(out, StandardCharsets.UTF_8), Files.readString(log, StandardCharsets.UTF_8));
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void ourLibraryComesFirst(Jdk jdk) throws Exception {
        onClassPath(jdk, with(core)).uses(JNI);
        onClassPath(jdk, with(core), "-Dsmc.native=auto").uses(JNI);
        onClassPath(jdk, List.of(core), "-Dsmc.native=JNI").uses(JNI);
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void jnrWhereItIsAskedFor(Jdk jdk) throws Exception {
        onClassPath(jdk, with(core), "-Dsmc.native=jnr").uses(JNR);
        onClassPath(jdk, List.of(core), "-Dsmc.native=jnr").staysTcp("smc.native=jnr", "no smc-jnr on the class path or module path", "add io.smc4j:smc-jnr or remove the setting");
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void jnrWhereThereIsNoLibraryForThePlatform(Jdk jdk) throws Exception {
        onClassPath(jdk, with(withoutLibrary)).uses(JNR);
        onClassPath(jdk, with(withoutLibrary), "-Dsmc.native=jni").staysTcp(NO_LIBRARY, "smc.native.path");
        onClassPath(jdk, List.of(withoutLibrary)).staysTcp(NO_LIBRARY, "add io.smc4j:smc-jnr");
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void jnrWhereOurLibraryDoesNotLoad(Jdk jdk) throws Exception {
        onClassPath(jdk, with(brokenLibrary)).uses(JNR);
        onClassPath(jdk, List.of(brokenLibrary)).staysTcp("not an ELF file", "smc.native.path");
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void bothCausesWhereNeitherLoads(Jdk jdk) throws Exception {
        List<Path> parts = with(brokenLibrary);
        assertTrue(parts.removeIf(p -> p.toString().endsWith("-native.jar")), "jffi's own libraries");
        onClassPath(jdk, parts).staysTcp("not an ELF file", "smc.native.path", "nor does smc.native=jnr do", "jnr-ffi cannot call the C library", "java.io.tmpdir");
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void aLibraryThatIsNamedIsTheOnlyOneTried(Jdk jdk) throws Exception {
        Path none = directory.resolve("none.so");
        onClassPath(jdk, with(core), "-Dsmc.native.path=" + none).staysTcp("smc.native.path=" + none, "no such file", "remove the setting");
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void off(Jdk jdk) throws Exception {
        onClassPath(jdk, with(core), "-Dsmc.native=off").staysTcp("smc.native=off", "remove the setting");
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void anUnknownWord(Jdk jdk) throws Exception {
        Outcome outcome = onClassPath(jdk, with(core), "-Dsmc.native=jna").staysTcp("none of auto, jni, jnr and off");
        assertTrue(outcome.log.contains("smc.native=jna: expected auto, jni, jnr or off; off is used"), outcome::toString);
        outcome = onClassPath(jdk, with(core), "-Dsmc.native=jna", "-Dsmc.mode=require");
        assertTrue(outcome.status != 0 && outcome.log.contains("smc.native=jna: expected auto, jni, jnr or off"), outcome::toString);
        assertFalse(outcome.out.contains("read 64"), outcome::toString);
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void onTheModulePath(Jdk jdk) throws Exception {
        onModulePath(jdk, with(core)).uses(JNI);
        onModulePath(jdk, with(core), "-Dsmc.native=jnr").uses(JNR);
        onModulePath(jdk, with(withoutLibrary)).uses(JNR);
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void whereTheJdkRefuses(Jdk jdk) throws Exception {
        assumeTrue(jdk.release >= JDK_WITH_NATIVE_ACCESS, "JDK " + JDK_WITH_NATIVE_ACCESS + " brought --illegal-native-access");
        onClassPath(jdk, with(core), "-Dsmc.native=jnr", "--illegal-native-access=deny").staysTcp("jnr-ffi cannot call the C library", "--enable-native-access=ALL-UNNAMED");
        onModulePath(jdk, with(core), "-Dsmc.native=jnr", "--illegal-native-access=deny").staysTcp("jnr-ffi cannot call the C library", "--enable-native-access=org.jnrproject.jffi");
        onClassPath(jdk, with(core), "-Dsmc.native=jnr", "--sun-misc-unsafe-memory-access=deny").staysTcp("this JDK refuses", "--sun-misc-unsafe-memory-access=allow");
        onClassPath(jdk, with(core), "-Dsmc.native=jnr", "--sun-misc-unsafe-memory-access=deny", "--add-opens", "java.base/java.lang.invoke=ALL-UNNAMED")
                .staysTcp("jnr-ffi cannot call the C library", "--sun-misc-unsafe-memory-access=allow");
        onClassPath(jdk, with(core), "-Dsmc.native=jnr", "--sun-misc-unsafe-memory-access=allow").uses(JNR);
    }
}
