package io.smc4j.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Our library loads on old and small systems: glibc 2.17 and later, musl. For each one that was built: this machine's in a plain build, all three with
 * {@code -Pnatives} or in the directory {@code smc.test.natives}.
 */
class NativeLibrarySymbolsTest {

    /** System calls' names and what compilers add. musl has each: scripts/platforms.sh compares the libraries with Debian's musl. */
    private static final Set<String> ALLOWED = Set.of("socket", "close", "dup3", "fcntl", "getsockopt", "setsockopt", "bind", "connect", "listen",
            "getsockname", "getpeername", "shutdown", "poll", "ioctl", "syscall", "sendto", "recv", "__errno_location", "__stack_chk_fail");
    private static final int[] OLDEST_GLIBC = {2, 17};

    static List<Path> libraries() throws IOException {
        String directory = System.getProperty("smc.test.natives", "target/classes");
        try (Stream<Path> all = Files.walk(Path.of(directory).resolve("META-INF/native"))) {
            return all.filter(p -> p.endsWith("libsmc4j.so")).sorted().toList();
        }
    }

    @Test
    void thereIsOneForThisMachine() throws IOException {
        String arch = System.getProperty("os.arch").replace("amd64", "x86_64");
        assertTrue(libraries().stream().anyMatch(p -> p.getParent().endsWith("linux-" + arch)), () -> "none for " + arch);
    }

    @ParameterizedTest
    @MethodSource("libraries")
    void asksForNothingThatAnOldOrSmallSystemLacks(Path library) throws IOException {
        assertEquals(List.of(), problems(new ElfSymbols(library)));
    }

    @ParameterizedTest
    @MethodSource("libraries")
    void showsOnlyItsEntryPoint(Path library) throws IOException {
        assertEquals(Set.of("JNI_OnLoad"), new ElfSymbols(library).exported);
    }

    /** The same look at libraries of the JDK, which are built for less: it finds something. */
    @Test
    void theCheckFinds() throws IOException {
        List<String> found = problems(new ElfSymbols(Path.of(System.getProperty("java.home"), "lib", "libnio.so")));
        assertTrue(found.stream().anyMatch(p -> p.startsWith("needs a symbol")), found::toString);
        assertTrue(found.stream().anyMatch(p -> p.startsWith("needs a library")), found::toString);
        assertTrue(isTooNew("GLIBC_2.18") && isTooNew("GLIBC_3.0") && !isTooNew("GLIBC_2.17") && !isTooNew("GLIBC_2.2.5"));
        assertTrue(isTooNew("GLIBC_ABI_DT_RELR"));
        assertFalse(found.isEmpty());
    }

    private static List<String> problems(ElfSymbols elf) {
        List<String> problems = new ArrayList<>();
        Set<String> others = new TreeSet<>(elf.undefined);
        others.removeAll(ALLOWED);
        others.forEach(s -> problems.add("needs a symbol: " + s));
        elf.versions.stream().filter(NativeLibrarySymbolsTest::isTooNew).forEach(v -> problems.add("needs a version: " + v));
        // musl's loader knows this name for itself, and no other of glibc's.
        elf.needed.stream().filter(n -> !n.equals("libc.so.6")).forEach(n -> problems.add("needs a library: " + n));
        if (elf.executableStack) {
            problems.add("an executable stack");
        }
        if (!elf.fullRelro) {
            problems.add("no full RELRO");
        }
        return problems;
    }

    private static boolean isTooNew(String version) {
        if (!version.matches("GLIBC_\\d+\\.\\d+(\\.\\d+)?")) {
            return true;
        }
        String[] n = version.substring("GLIBC_".length()).split("\\.");
        int major = Integer.parseInt(n[0]);
        return major > OLDEST_GLIBC[0] || major == OLDEST_GLIBC[0] && Integer.parseInt(n[1]) > OLDEST_GLIBC[1];
    }
}
