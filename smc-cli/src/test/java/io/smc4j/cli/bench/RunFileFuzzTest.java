package io.smc4j.cli.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.smc4j.Fuzz;
import io.smc4j.cli.Damage;
import java.nio.charset.StandardCharsets;
import java.util.List;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.PropertyDefaults;
import net.jqwik.api.lifecycle.AddLifecycleHook;

/** Files for {@code bench diff}, damaged: one message that names the file, on one line, and never another exception. */
@AddLifecycleHook(Fuzz.class)
@PropertyDefaults(tries = Integer.MAX_VALUE)
class RunFileFuzzTest {

    private static final String FILE = """
            {"format": "smc4j-bench", "version": 1, "plan": {"protocol": "HTTP", "closedLoop": false, "qps": 1000.0, "connections": 4, "payloadBytes": 128, "durationSeconds": 0.3},
             "sides": [{"side": "tcp", "figures": [%1$s]}, {"side": "smc", "figures": [%1$s]}], "notes": ["one", "two"]}
            """.formatted(String.join(", ", Figure.NAMES.stream().map(n -> "{\"name\": \"" + n + "\", \"rounds\": [1.5, 2e3, 3]}").toList()));

    private static String parse(byte[] bytes) {
        try {
            RunFile a = RunFile.parse("a\nb.json", bytes);
            RunDiff d = RunDiff.of(a, RunFile.parse("b.json", FILE.getBytes(StandardCharsets.UTF_8)));
            for (Comparison c : d.comparisons()) {
                for (Ratio r : c.ratios()) {
                    assertTrue(Double.isFinite(r.ratio()) && r.low() <= r.high(), r::toString);
                }
            }
            return "";
        } catch (IllegalArgumentException e) {
            assertTrue(e.getMessage().startsWith("a?b.json"), e::getMessage);
            assertFalse(e.getMessage().chars().anyMatch(Character::isISOControl), e::getMessage);
            assertTrue(e.getMessage().length() < 1000, e::getMessage);
            return e.getMessage();
        }
    }

    @Property
    void whatIsDamagedIsNamed(@ForAll long seed, @ForAll byte[] bytes) {
        parse(Damage.to(FILE, seed).getBytes(StandardCharsets.ISO_8859_1));
        assertFalse(parse(bytes).isEmpty());
    }

    @Example
    void whatIsWrongIsSaid() {
        assertEquals("", parse(FILE.getBytes(StandardCharsets.UTF_8)));
        String way = ". `smc4j bench --json` writes such a file";
        for (List<String> c : List.of(
                List.of("1.5, 2e3", "1.5, -2e3", "a?b.json: sides[0].figures[0].rounds[1]: -2000.0: expected a number of at least 0" + way),
                List.of("1.5, 2e3", "1.5, 2e999", "a?b.json: sides[0].figures[0].rounds[1]: Infinity: expected a number of at least 0" + way),
                List.of("\"version\": 1", "\"version\": 2", "a?b.json: version: 2.0: expected 1, which is what this program reads" + way),
                List.of("\"smc4j-bench\"", "\"other\"", "a?b.json: format: other: expected \"smc4j-bench\"" + way),
                List.of("\"side\": \"smc\"", "\"side\": \"tcp\"", "a?b.json: sides[1].side: tcp: expected each side once" + way),
                List.of("\"qps\": 1000.0", "\"qps\": null", "a?b.json: plan.qps: nothing: expected a number of at least 0.0" + way),
                List.of("[1.5, 2e3, 3]", "[]", "a?b.json: sides[0].figures[0].rounds: 0 of them: expected 1 to 10000" + way))) {
            assertEquals(c.get(2), parse(FILE.replace(c.get(0), c.get(1)).getBytes(StandardCharsets.UTF_8)));
        }
        for (String text : List.of("", "{", "[".repeat(5000), "nonsense", "{} {}", "1", "null", "{\"format\": " + "9".repeat(5000) + "}")) {
            String said = parse(text.getBytes(StandardCharsets.UTF_8));
            assertTrue(said.endsWith(way), said);
        }
    }
}
