package io.smc4j.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Each package that programs can see says since when it is there ({@code @since}; a type that came later says it itself) and how stable it is. */
class ApiNotesTest {

    private static final Path ROOT = Path.of("").toAbsolutePath().getParent();
    private static final Pattern EXPORTS = Pattern.compile("^ *exports ([\\w.]+);", Pattern.MULTILINE);
    private static final Pattern PUBLIC_TYPE = Pattern.compile("^(?:@.*\\n)*public (?:\\w+ )*(?:class|interface|enum|record|@interface) (\\w+)", Pattern.MULTILINE);
    private static final Pattern SINCE = Pattern.compile("@since \\d+\\.\\d+\\.\\d+");

    /** The exported packages of the modules, and the package of the one with an automatic name. */
    private static List<Path> packages() throws IOException {
        List<Path> found = new ArrayList<>();
        for (String module : List.of("smc-core", "smc-jnr", "smc-netty")) {
            Path sources = ROOT.resolve(module).resolve("src/main/java");
            Matcher m = EXPORTS.matcher(Files.readString(sources.resolve("module-info.java")));
            while (m.find()) {
                found.add(sources.resolve(m.group(1).replace('.', '/')));
            }
        }
        found.add(ROOT.resolve("smc-micrometer/src/main/java/io/smc4j/micrometer"));
        return found;
    }

    @Test
    void everyPackageSaysSinceWhenAndHowStable() throws IOException {
        List<String> bad = new ArrayList<>();
        for (Path directory : packages()) {
            String text = Files.readString(directory.resolve("package-info.java"));
            if (!SINCE.matcher(text).find() || !text.contains("<p>Stability: ")) {
                bad.add(ROOT.relativize(directory).toString());
            }
        }
        assertEquals(List.of(), bad);
        assertTrue(packages().size() >= 9, "only " + packages());
    }

    @Test
    void everyPublicTypeIsDocumented() throws IOException {
        List<String> bad = new ArrayList<>();
        int seen = 0;
        for (Path directory : packages()) {
            try (Stream<Path> all = Files.list(directory)) {
                for (Path file : (Iterable<Path>) all.filter(p -> p.toString().endsWith(".java") && !p.endsWith("package-info.java"))::iterator) {
                    String text = Files.readString(file);
                    Matcher m = PUBLIC_TYPE.matcher(text);
                    if (m.find()) {
                        seen++;
                        if (!text.substring(0, m.start()).stripTrailing().endsWith("*/")) {
                            bad.add(ROOT.relativize(file).toString());
                        }
                    }
                }
            }
        }
        assertEquals(List.of(), bad);
        assertTrue(seen > 40, "only " + seen);
    }
}
