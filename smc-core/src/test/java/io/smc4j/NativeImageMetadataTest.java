package io.smc4j;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The metadata for native-image names classes, fields and methods that are there. Whether an image runs is not tested anywhere. */
class NativeImageMetadataTest {

    private static final String DIRECTORY = "/META-INF/native-image/io.smc4j/smc-core/";
    /** One line of the files: {"name": "CLASS", ... "fields": [{"name": "F"}], "methods": [{"name": "M", ...}]}. */
    private static final Pattern CLASS = Pattern.compile("^\\s*\\{\"name\": \"([^\"]+)\"(.*)}\\s*,?$", Pattern.MULTILINE);
    private static final Pattern NAME = Pattern.compile("\\{\"name\": \"([^\"]+)\"(?:, \"parameterTypes\": \\[([^]]*)])?}");

    @ParameterizedTest
    @ValueSource(strings = {"jni-config.json", "reflect-config.json"})
    void everythingNamedIsThere(String file) throws Exception {
        String text = read(file);
        Matcher m = CLASS.matcher(text);
        int classes = 0;
        List<String> missing = new ArrayList<>();
        while (m.find()) {
            classes++;
            Class<?> type = Class.forName(m.group(1), false, getClass().getClassLoader());
            Matcher member = NAME.matcher(m.group(2));
            while (member.find()) {
                if (!has(type, member.group(1), member.group(2))) {
                    missing.add(m.group(1) + " " + member.group());
                }
            }
        }
        assertEquals(text.lines().filter(l -> l.contains("{")).count(), classes, "lines that the test does not understand");
        assertEquals(List.of(), missing);
    }

    private static boolean has(Class<?> type, String name, String parameters) {
        if (parameters == null) {
            return Arrays.stream(type.getDeclaredFields()).anyMatch(f -> f.getName().equals(name))
                    || name.equals("IMPL_LOOKUP"); // hidden from reflection, not from JNI; PathTest's conversion uses it
        }
        List<String> wanted = parameters.isEmpty() ? List.of() : List.of(parameters.replace("\"", "").split(", "));
        return Arrays.stream("<init>".equals(name) ? type.getDeclaredConstructors() : type.getDeclaredMethods())
                .filter(e -> "<init>".equals(name) || e.getName().equals(name))
                .anyMatch(e -> Arrays.stream(e.getParameterTypes()).map(Class::getName).toList().equals(wanted));
    }

    @Test
    void thePackedLibraryIsOneOfTheResources() throws IOException {
        Matcher m = Pattern.compile("\"pattern\": \"([^\"]+)\"").matcher(read("resource-config.json"));
        assertTrue(m.find());
        assertTrue("META-INF/native/linux-s390x/libsmc4j.so".matches(m.group(1).replace("\\\\", "\\")), m.group(1));
        assertTrue("META-INF/native/linux-x86_64/libsmc4j.so".matches(m.group(1).replace("\\\\", "\\")), m.group(1));
    }

    private static String read(String file) throws IOException {
        try (InputStream in = NativeImageMetadataTest.class.getResourceAsStream(DIRECTORY + file)) {
            assertNotNull(in, file);
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
