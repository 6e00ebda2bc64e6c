package io.smc4j.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** A file that is written at the end, and seen to be writable at the beginning. */
final class ReportFile {

    private final Path file;

    /**
     * Looks whether it can be written; a file that is there stays as it is until then.
     *
     * @throws IllegalArgumentException with a message for the user, where it cannot
     */
    ReportFile(Path file) {
        this.file = file;
        Path dir = file.toAbsolutePath().getParent();
        String why = Files.isDirectory(file) ? "is a directory" : dir == null || !Files.isDirectory(dir) ? "its directory does not exist" : null;
        if (why == null) {
            try {
                boolean there = Files.exists(file);
                Files.newByteChannel(file, StandardOpenOption.WRITE, StandardOpenOption.CREATE).close();
                if (!there) {
                    Files.delete(file);
                }
            } catch (IOException e) {
                why = e.getClass().getSimpleName().replace("Exception", "");
            }
        }
        if (why != null) {
            throw new IllegalArgumentException("--report " + file + ": cannot be written: " + why);
        }
    }

    void write(String text) throws IOException {
        Files.write(file, text.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public String toString() {
        return file.toString();
    }
}
