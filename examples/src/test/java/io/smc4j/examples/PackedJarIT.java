package io.smc4j.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.smc4j.Smc;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarFile;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A tiny program with the packed jar and the switch, on each JDK: whatever is wrong with the library or a setting, it runs over TCP, and one line says
 * what it was and what to do.
 */
class PackedJarIT {

    /** Offset of {@code e_machine} in an ELF header; little endian on both machines. */
    private static final int ELF_MACHINE = 18;
    private static final byte EM_X86_64 = 62;
    private static final byte EM_AARCH64 = (byte) 183;

    @TempDir
    Path directory;

    static List<Jvm> jvms() throws IOException {
        return Jvm.installed();
    }

    /** It ran, and said nothing. */
    private static void assertQuiet(Jvm.Outcome outcome) {
        assertEquals(List.of(), outcome.log());
        assertEquals("echoed 1024\n", outcome.out());
        assertEquals(0, outcome.status());
    }

    /** It ran, and said one line with all of {@code parts}. */
    private static void assertOneLine(Jvm.Outcome outcome, String... parts) {
        assertEquals(1, outcome.log().size(), () -> "lines: " + outcome.log());
        for (String part : parts) {
            assertTrue(outcome.log().get(0).contains(part), () -> "no '" + part + "' in: " + outcome.log().get(0));
        }
        assertEquals("echoed 1024\n", outcome.out());
        assertEquals(0, outcome.status());
    }

    @ParameterizedTest
    @MethodSource("jvms")
    void runsAndSaysWhyThereIsNoSmc(Jvm jvm) throws Exception {
        Jvm.Outcome outcome = jvm.run("-Xcheck:jni");
        if (Smc.isAvailable()) {
            assertQuiet(outcome);
        } else {
            assertOneLine(outcome, "INFO", "connections stay TCP", Smc.unavailabilityCause().getMessage());
        }
    }

    @ParameterizedTest
    @MethodSource("jvms")
    void killSwitchIsSilent(Jvm jvm) throws Exception {
        assertQuiet(jvm.run("-Dsmc.mode=off"));
    }

    @ParameterizedTest
    @MethodSource("jvms")
    void killSwitchLeavesTheNativeLibraryAlone(Jvm jvm) throws Exception {
        assertQuiet(jvm.run("-Dsmc.mode=off", "-Dsmc.native.path=" + directory.resolve("none.so")));
    }

    @ParameterizedTest
    @MethodSource("jvms")
    void missingLibrary(Jvm jvm) throws Exception {
        Path none = directory.resolve("none.so");
        assertOneLine(jvm.run("-Dsmc.native.path=" + none), "smc.native.path=" + none, "no such file", "remove the setting");
    }

    @ParameterizedTest
    @MethodSource("jvms")
    void corruptLibrary(Jvm jvm) throws Exception {
        Path corrupt = Files.writeString(directory.resolve("corrupt.so"), "this is no ELF file");
        assertOneLine(jvm.run("-Dsmc.native.path=" + corrupt), "smc.native.path=" + corrupt, "cannot be loaded (not an ELF file)", "built for this machine");
    }

    @ParameterizedTest
    @MethodSource("jvms")
    void truncatedLibrary(Jvm jvm) throws Exception {
        byte[] library = library();
        Path truncated = Files.write(directory.resolve("truncated.so"), java.util.Arrays.copyOf(library, library.length / 2));
        assertOneLine(jvm.run("-Dsmc.native.path=" + truncated), "smc.native.path=" + truncated, "cut short at", "built for this machine");
    }

    @ParameterizedTest
    @MethodSource("jvms")
    void libraryOfAnotherArchitecture(Jvm jvm) throws Exception {
        byte[] library = library();
        library[ELF_MACHINE] = library[ELF_MACHINE] == EM_X86_64 ? EM_AARCH64 : EM_X86_64;
        Path other = Files.write(directory.resolve("other.so"), library);
        assertOneLine(jvm.run("-Dsmc.native.path=" + other), "smc.native.path=" + other, "not a shared library for", "built for this machine");
    }

    @ParameterizedTest
    @MethodSource("jvms")
    void explicitLibrary(Jvm jvm) throws Exception {
        Path library = Files.write(directory.resolve("mine.so"), library());
        Jvm.Outcome outcome = jvm.run("-Dsmc.native.path=" + library);
        if (Smc.isAvailable()) {
            assertQuiet(outcome);
        } else {
            assertOneLine(outcome, Smc.unavailabilityCause().getMessage());
        }
    }

    @ParameterizedTest
    @MethodSource("jvms")
    void noexecDirectory(Jvm jvm) throws Exception {
        List<String> under = List.of("unshare", "--user", "--map-root-user", "--mount", "sh", "-c",
                "mount -t tmpfs -o noexec tmpfs '" + directory + "' && exec \"$@\"", "sh");
        assumeTrue(canRun(under), "no user namespace with mounts to be had here (unshare --user --mount)");
        assertOneLine(jvm.run(under, List.of("-Dsmc.native.tmpdir=" + directory)), directory + " is mounted noexec", "smc.native.tmpdir", "smc.native.path");
    }

    @ParameterizedTest
    @MethodSource("jvms")
    void missingDirectory(Jvm jvm) throws Exception {
        Path none = directory.resolve("none");
        assertOneLine(jvm.run("-Dsmc.native.tmpdir=" + none), none.toString(), "name a writable one with smc.native.tmpdir");
    }

    @ParameterizedTest
    @MethodSource("jvms")
    void nativeAccessDenied(Jvm jvm) throws Exception {
        assumeTrue(jvm.release() >= 24, "JDK 24 brought --illegal-native-access");
        assertOneLine(jvm.run("--illegal-native-access=deny"), "connections stay TCP", "--enable-native-access");
    }

    @ParameterizedTest
    @MethodSource("jvms")
    void mistypedMode(Jvm jvm) throws Exception {
        assertOneLine(jvm.run("-Dsmc.mode=on"), "WARNING", "smc.mode=on", "auto, off or require");
    }

    @ParameterizedTest
    @MethodSource("jvms")
    void requireFailsWithTheReason(Jvm jvm) throws Exception {
        assumeFalse(Smc.isAvailable(), "this machine has SMC");
        Jvm.Outcome outcome = jvm.run("-Dsmc.mode=require");
        String log = String.join("\n", outcome.log());
        assertNotEquals(0, outcome.status());
        assertEquals("", outcome.out());
        assertTrue(log.contains("SmcUnavailableException") && log.contains(Smc.unavailabilityCause().getMessage()), log);
    }

    @ParameterizedTest
    @MethodSource("jvms")
    void nothingIsLeftInTheTemporaryDirectory(Jvm jvm) throws Exception {
        jvm.run("-Djava.io.tmpdir=" + directory);
        try (var left = Files.list(directory)) {
            assertEquals(List.of(), left.filter(p -> p.getFileName().toString().startsWith("smc4j")).toList());
        }
    }

    private static boolean canRun(List<String> under) throws IOException, InterruptedException {
        List<String> command = new java.util.ArrayList<>(under);
        command.add("true");
        try {
            return new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD).start().waitFor() == 0;
        } catch (IOException e) {
            return false; // no unshare
        }
    }

    private static byte[] library() throws IOException {
        try (JarFile jar = new JarFile(Jvm.jar().toFile())) {
            String arch = System.getProperty("os.arch").equals("amd64") ? "x86_64" : System.getProperty("os.arch");
            try (InputStream in = jar.getInputStream(jar.getEntry("META-INF/native/linux-" + arch + "/libsmc4j.so"))) {
                return in.readAllBytes();
            }
        }
    }
}
