package io.smc4j.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ElfFileTest {

    private static final String ARCH = System.getProperty("os.arch");
    private static final int HEADERS = 64 + 56 * 12;
    private static final int FUZZED = 1_000;

    @TempDir
    Path directory;
    private byte[] library;

    @BeforeEach
    void readLibrary() throws IOException {
        String resource = "/" + NativeLibraryLoader.resourceName(System.getProperty("os.name"), ARCH);
        try (InputStream in = ElfFileTest.class.getResourceAsStream(resource)) {
            library = in.readAllBytes();
        }
    }

    private String problem(byte[] bytes, String arch) throws IOException {
        return ElfFile.problem(Files.write(directory.resolve("lib.so"), bytes), arch);
    }

    @Test
    void ourOwnLibraryIsFine() throws IOException {
        assertNull(problem(library, ARCH));
        assertNull(problem(library, "a machine this class does not know"));
    }

    @Test
    void everyTruncationIsSeen() throws IOException {
        for (int length = 0; length < library.length; length += 1 + library.length / 500) {
            assertNotNull(problem(Arrays.copyOf(library, length), ARCH), "cut at " + length);
        }
        assertNotNull(problem(Arrays.copyOf(library, library.length - 1), ARCH));
    }

    @Test
    void anotherMachineIsNamed() throws IOException {
        String other = ARCH.equals("amd64") ? "aarch64" : "amd64";
        String problem = problem(library, other);
        assertTrue(problem.contains("not a shared library for " + other), problem);
    }

    @Test
    void noElf() throws IOException {
        assertEquals("not an ELF file", problem("#!/bin/sh\n".repeat(20).getBytes(), ARCH));
        assertEquals("not an ELF file", problem(new byte[0], ARCH));
    }

    @Test
    void brokenHeadersThrowNothing() throws IOException {
        Random random = new Random(7);
        int seen = 0;
        for (int i = 0; i < FUZZED; i++) {
            byte[] broken = library.clone();
            for (int n = 1 + random.nextInt(4); n > 0; n--) {
                broken[random.nextInt(HEADERS)] = (byte) random.nextInt();
            }
            if (problem(broken, ARCH) != null) {
                seen++;
            }
        }
        assertTrue(seen > 0, "no header of " + FUZZED + " was refused");
    }
}
