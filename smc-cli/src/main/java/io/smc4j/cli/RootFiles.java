package io.smc4j.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Small files of the kernel and the pod, below a root. What cannot be read is absent; nothing here throws. */
final class RootFiles {

    private static final int MAX = 1 << 20;

    private final Path root;

    RootFiles(Path root) {
        this.root = root;
    }

    boolean exists(String path) {
        return Files.exists(root.resolve(path));
    }

    /** The file's text without surrounding blanks; other than printable characters become {@code ?}. */
    Optional<String> read(String path) {
        try (InputStream in = Files.newInputStream(root.resolve(path))) {
            String text = new String(in.readNBytes(MAX), StandardCharsets.UTF_8);
            return Optional.of(text.codePoints().map(c -> Character.isISOControl(c) && c != '\n' && c != '\t' && c != 0 ? '?' : c)
                    .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append).toString().strip());
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** Names in a directory, sorted. */
    List<String> list(String path) {
        List<String> names = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(root.resolve(path))) {
            entries.forEach(e -> names.add(e.getFileName().toString()));
        } catch (IOException | java.nio.file.DirectoryIteratorException e) {
            return List.of();
        }
        Collections.sort(names);
        return names;
    }

    /** The files of a directory and their text, sorted. */
    Map<String, String> directory(String path) {
        Map<String, String> values = new TreeMap<>();
        list(path).forEach(name -> read(path + "/" + name).ifPresent(v -> values.put(name, v)));
        return values;
    }

    /** A symbolic link's target. */
    Optional<String> link(String path) {
        try {
            return Optional.of(Files.readSymbolicLink(root.resolve(path)).toString());
        } catch (IOException | UnsupportedOperationException e) {
            return Optional.empty();
        }
    }
}
