package io.smc4j.contract;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** docs/differences.md lists every {@link KnownDifference} of SMC, and tests that there are. */
class DifferencesDocTest {

    private static final Pattern TEST = Pattern.compile("`(\\w+Test)\\.(\\w+)`");
    private static final List<String> PACKAGES = List.of("io.smc4j.contract.", "io.smc4j.fault.");

    private static String page() throws Exception {
        Path classes = Path.of(KnownDifference.class.getProtectionDomain().getCodeSource().getLocation().toURI());
        return Files.readString(classes.resolve("../../../docs/differences.md"));
    }

    @Test
    void everyDifferenceHasItsRow() throws Exception {
        String page = page();
        for (KnownDifference difference : KnownDifference.values()) {
            if (!difference.name().startsWith("MPTCP")) { // the stand-in for SMC in tests
                assertTrue(page.contains("| `" + difference + "` | " + difference.reason() + " |"), difference + ": " + difference.reason());
            }
        }
    }

    @Test
    void theTestsExist() throws Exception {
        List<MatchResult> tests = TEST.matcher(page()).results().toList();
        assertFalse(tests.isEmpty());
        for (MatchResult test : tests) {
            assertTrue(PACKAGES.stream().anyMatch(name -> has(name + test.group(1), test.group(2))), test::group);
        }
    }

    private static boolean has(String type, String method) {
        try {
            return Arrays.stream(Class.forName(type).getDeclaredMethods()).anyMatch(m -> m.getName().equals(method));
        } catch (ClassNotFoundException e) {
            return false;
        }
    }
}
