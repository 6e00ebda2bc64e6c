package io.smc4j.internal;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.smc4j.Fuzz;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.lifecycle.AddLifecycleHook;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/** A library with damaged headers gets a sentence or null, never an exception. */
class ElfFileFuzzTest {

    private static final String ARCH = System.getProperty("os.arch");
    private static final int HEADERS = 64 + 56 * 12;

    private static byte[] library;
    private static Path file;

    @BeforeContainer
    static void readLibrary() throws IOException {
        try (InputStream in = ElfFileFuzzTest.class.getResourceAsStream("/" + NativeLibraryLoader.resourceName(System.getProperty("os.name"), ARCH))) {
            library = in.readAllBytes();
        }
        file = Files.createTempFile("smc4j-elf", ".so");
    }

    @AfterContainer
    static void delete() throws IOException {
        Files.delete(file);
    }

    @Property(tries = Integer.MAX_VALUE)
    @AddLifecycleHook(Fuzz.class)
    void damagedHeadersThrowNothing(@ForAll long seed) throws IOException {
        Random random = new Random(seed);
        byte[] broken = library.clone();
        for (int n = random.nextInt(6); n > 0; n--) {
            int at = random.nextInt(HEADERS);
            broken[at] = random.nextBoolean() ? (byte) random.nextInt() : (byte) (random.nextBoolean() ? 0xff : 0x7f);
        }
        int length = random.nextInt(4) == 0 ? random.nextInt(broken.length) : broken.length;
        try (FileChannel out = FileChannel.open(file, StandardOpenOption.WRITE)) {
            out.write(ByteBuffer.wrap(broken, 0, length), 0);
            out.truncate(length);
        }
        String problem = ElfFile.problem(file, ARCH);
        assertTrue(problem == null || problem.length() > 5, problem);
    }
}
