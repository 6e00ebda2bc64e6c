package io.smc4j;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AddLifecycleHook;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PodAnnotationsTest {

    @Test
    void asTheKubeletWritesThem() {
        Map<String, String> all = parse("""
                build="two"
                kubernetes.io/config.seen="2025-03-01T08:00:00.000000000Z"
                kubernetes.io/config.source="api"
                sidecar.istio.io/status="{\\"initContainers\\":[\\"istio-init\\"]}"
                smc.asm.alibabacloud.com/enabled="false"
                text="tab\\there\\nand \\u00a0 \\U0001f600 \\x41 \\a\\v\\\\"
                """);
        assertEquals("false", all.get(SmcConfig.ANNOTATION_ENABLED));
        assertEquals("{\"initContainers\":[\"istio-init\"]}", all.get("sidecar.istio.io/status"));
        assertEquals("tab\there\nand \u00a0 \ud83d\ude00 A \u0007\u000b\\", all.get("text"));
        assertEquals(6, all.size());
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "a=", "a=b", "a=\"", "=\"b\"", "a=\"b", "a=b\"", "a=\"b\\\"", "a=\"\"b\"", "a=\"\\q\"", "a=\"\\x4\"", "a=\"\\u12\"",
        "a=\"\\U00110000\"", "a=\"\\ud800\"", "a=\"\\uff\u0661\u0661\"", "a b=\"c\"", "a=\"b\" ", " a=\"b\"", "a=\"b\"\na=\"c\"", "a=\"b\"\r\n", "\ufeffa=\"b\""})
    void otherTextIsRefused(String text) {
        assertThrows(SmcConfigException.class, () -> parse(text));
    }

    @Test
    void otherBytesAreRefused() {
        assertThrows(SmcConfigException.class, () -> PodAnnotations.parse(new byte[] {'a', '=', '"', (byte) 0xff, '"'}));
    }

    @Property
    void readsBackWhatGoQuotes(@ForAll("annotations") Map<String, String> annotations) {
        StringBuilder file = new StringBuilder();
        annotations.forEach((key, value) -> file.append(key).append('=').append(goQuote(value)).append('\n'));
        assertEquals(annotations, PodAnnotations.parse(file.toString().getBytes(StandardCharsets.UTF_8)));
    }

    @Property(tries = Integer.MAX_VALUE)
    @AddLifecycleHook(Fuzz.class)
    void anyBytesGiveAnnotationsOrTheOneException(@ForAll byte[] bytes) {
        parseOrRefuse(bytes);
    }

    @Property(tries = Integer.MAX_VALUE)
    @AddLifecycleHook(Fuzz.class)
    void anyDamageGivesAnnotationsOrTheOneException(@ForAll("damaged") String text) {
        parseOrRefuse(text.getBytes(StandardCharsets.UTF_8));
    }

    private static void parseOrRefuse(byte[] bytes) {
        Map<String, String> all;
        try {
            all = PodAnnotations.parse(bytes);
        } catch (SmcConfigException e) {
            assertEquals(-1, e.getMessage().indexOf('\n'), "one line");
            return;
        }
        // what was read is what the text says: written again it reads the same
        StringBuilder again = new StringBuilder();
        all.forEach((key, value) -> again.append(key).append('=').append(goQuote(value)).append('\n'));
        assertEquals(all, PodAnnotations.parse(again.toString().getBytes(StandardCharsets.UTF_8)));
    }

    @Provide
    Arbitrary<Map<String, String>> annotations() {
        Arbitrary<String> keys = Arbitraries.strings().withChars("abcXYZ019-_./").ofMinLength(1).ofMaxLength(20);
        Arbitrary<String> values = Arbitraries.strings().all().ofMaxLength(30).filter(PodAnnotationsTest::isText);
        return Arbitraries.maps(keys, values).ofMaxSize(5).map(LinkedHashMap::new);
    }

    @Provide
    Arbitrary<String> damaged() {
        String good = "build=\"two\"\nsmc.asm.alibabacloud.com/enabled=\"false\"\ntext=\"\\t\\u00a0\\U0001f600\\x41\\\\\"\n";
        Arbitrary<String> insert = Arbitraries.strings().withChars("\"\\=\nuUx0aF ").ofMaxLength(3);
        return net.jqwik.api.Combinators.combine(Arbitraries.integers().between(0, good.length()), Arbitraries.integers().between(0, 5), insert)
                .as((at, cut, text) -> good.substring(0, at) + text + good.substring(Math.min(good.length(), at + cut)));
    }

    private static boolean isText(String value) {
        return StandardCharsets.UTF_8.newEncoder().canEncode(value);
    }

    /** Go's strconv.Quote, but that it escapes all that is not ASCII. */
    private static String goQuote(String value) {
        StringBuilder out = new StringBuilder("\"");
        value.codePoints().forEach(c -> {
            int simple = "\u0007\b\f\n\r\t\u000b\\\"".indexOf(c);
            if (simple >= 0) {
                out.append('\\').append("abfnrtv\\\"".charAt(simple));
            } else if (c < 0x20 || c == 0x7f) {
                out.append(String.format("\\x%02x", c));
            } else if (c < 0x7f) {
                out.appendCodePoint(c);
            } else {
                out.append(String.format(c < 0x10000 ? "\\u%04x" : "\\U%08x", c));
            }
        });
        return out.append('"').toString();
    }

    private static Map<String, String> parse(String text) {
        return PodAnnotations.parse(text.getBytes(StandardCharsets.UTF_8));
    }
}
