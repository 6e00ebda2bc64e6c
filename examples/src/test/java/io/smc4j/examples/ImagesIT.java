package io.smc4j.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.smc4j.Smc;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.JarFile;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The packed jar in images as containers have them, each a root of its own in a mount namespace ({@code src/test/sh/image.sh}), on each JDK: the program always runs, over
 * TCP, and one line names what stands in the way and the way out. Where there is a way out it is taken, and then what is missing is the machine's SMC alone.
 */
class ImagesIT {

    private static final List<String> SCRIPT = List.of("sh", Path.of("src/test/sh/image.sh").toAbsolutePath().toString());

    static List<Jvm> jvms() throws IOException {
        return Jvm.installed();
    }

    @BeforeEach
    void here() throws Exception {
        List<String> command = new ArrayList<>(SCRIPT);
        command.addAll(List.of("tmp", "true"));
        assumeTrue(new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD).start().waitFor() == 0,
                "no namespace with mounts to be had here (unshare --user --mount)");
        assumeFalse(Smc.isAvailable(), "this machine has SMC: what is looked for is the line that says why not");
    }

    private static void runs(Jvm jvm, String image, List<String> options, String... parts) throws Exception {
        List<String> under = new ArrayList<>(SCRIPT);
        under.add(image);
        Jvm.Outcome outcome = jvm.run(under, options);
        List<String> ours = outcome.log().stream().filter(l -> l.contains("connections stay TCP")).toList();
        assertEquals("echoed 1024\n", outcome.out(), () -> "log: " + outcome.log());
        assertEquals(0, outcome.status());
        assertEquals(1, ours.size(), () -> "log: " + outcome.log());
        for (String part : parts) {
            assertTrue(ours.get(0).contains(part), () -> "no '" + part + "' in: " + ours.get(0));
        }
    }

    /** The library is loaded: what is missing is the machine's. */
    private static final String LOADED = "modprobe smc";

    @ParameterizedTest
    @MethodSource("jvms")
    void readOnlyRoot(Jvm jvm) throws Exception {
        runs(jvm, "tmp-read-only", List.of(), "in /tmp", "Read-only file system", "name a writable one with smc.native.tmpdir");
        runs(jvm, "tmp-read-only", List.of("-Dsmc.native.tmpdir=/run"), LOADED);
    }

    @ParameterizedTest
    @MethodSource("jvms")
    void noexecTmp(Jvm jvm) throws Exception {
        runs(jvm, "tmp-noexec", List.of(), "/tmp is mounted noexec", "smc.native.tmpdir", "smc.native.path");
        runs(jvm, "tmp-noexec", List.of("-Dsmc.native.tmpdir=/run"), LOADED);
        runs(jvm, "tmp-noexec", List.of("-Dsmc.native.path=" + library()), LOADED);
    }

    @ParameterizedTest
    @MethodSource("jvms")
    void noTmp(Jvm jvm) throws Exception {
        assumeFalse(Path.of("").toAbsolutePath().startsWith("/tmp"), "this project is in /tmp itself");
        runs(jvm, "tmp-none", List.of(), "in /tmp", "NoSuchFileException", "name a writable one with smc.native.tmpdir");
        runs(jvm, "tmp-none", List.of("-Dsmc.native.path=" + library()), LOADED);
    }

    @ParameterizedTest
    @MethodSource("jvms")
    void anotherUserThanRoot(Jvm jvm) throws Exception {
        runs(jvm, "tmp,user", List.of(), LOADED);
        runs(jvm, "tmp-read-only,user", List.of(), "in /tmp", "smc.native.tmpdir");
    }

    @ParameterizedTest
    @MethodSource("jvms")
    void neitherProcNorSys(Jvm jvm) throws Exception {
        runs(jvm, "tmp,no-proc,no-sys", List.of(), "no usable SMC device", LOADED);
        runs(jvm, "tmp-noexec,no-proc,no-sys", List.of(), "/tmp", "may be mounted noexec", "smc.native.tmpdir");
    }

    /** Where the machine has SMC, the lab's step asks the same of a socket that the filter refuses. */
    @ParameterizedTest
    @MethodSource("jvms")
    void seccompFilter(Jvm jvm) throws Exception {
        Path refuse = Path.of("target", "refuse_smc").toAbsolutePath();
        Process compiler = new ProcessBuilder("gcc", "-Wall", "-Wextra", "-Werror", "-o", refuse.toString(), "src/test/c/refuse_smc.c").inheritIO().start();
        assertEquals(0, compiler.waitFor());
        Jvm.Outcome outcome = jvm.run(List.of(refuse.toString()), List.of());
        assertEquals("echoed 1024\n", outcome.out());
        assertEquals(1, outcome.log().stream().filter(l -> l.contains("connections stay TCP")).count(), () -> "log: " + outcome.log());
    }

    /** This machine's library on disk, as an image would carry it; made once. */
    private static Path library() throws IOException {
        Path library = Path.of("target", "libsmc4j.so").toAbsolutePath();
        try (JarFile jar = new JarFile(Jvm.jar().toFile())) {
            String arch = System.getProperty("os.arch").replace("amd64", "x86_64");
            try (var in = jar.getInputStream(jar.getEntry("META-INF/native/linux-" + arch + "/libsmc4j.so"))) {
                Files.write(library, in.readAllBytes());
            }
        }
        return library;
    }
}
