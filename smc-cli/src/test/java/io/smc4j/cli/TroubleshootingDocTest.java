package io.smc4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.smc4j.cli.syn.SynVerdict;
import io.smc4j.diag.FallbackReason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The tables of docs/troubleshooting.md are made from the enums; {@code -Dsmc4j.docs.update=true} makes them again. */
class TroubleshootingDocTest {

    private static final Path PAGE = root().resolve("docs/troubleshooting.md");

    @Test
    void tablesAreThoseOfTheEnums() throws IOException {
        String page = Files.readString(PAGE);
        String made = replaced(replaced(page, "reasons", reasons()), "verdicts", verdicts());
        if (Boolean.getBoolean("smc4j.docs.update")) {
            Files.writeString(PAGE, made);
        }
        assertEquals(made, Files.readString(PAGE), "docs/troubleshooting.md is out of date; make it again with: "
                + "mvn -pl smc-cli -am test -Dtest=TroubleshootingDocTest -Dsurefire.failIfNoSpecifiedTests=false -DargLine=-Dsmc4j.docs.update=true");
    }

    @Test
    void everyCommandOfThePageExists() throws IOException {
        for (String command : SmcCli.commandLine().getSubcommands().keySet()) {
            if (!command.equals("help") && !command.equals("generate-completion")) {
                assertTrue(Files.readString(PAGE).contains("smc4j " + command), command);
            }
        }
    }

    private static String replaced(String page, String name, String table) {
        String begin = "<!-- " + name + ": made by TroubleshootingDocTest -->\n";
        String end = "<!-- end of " + name + " -->";
        int from = page.indexOf(begin) + begin.length();
        int to = page.indexOf(end);
        assertTrue(from >= begin.length() && to >= from, name + ": markers missing");
        return page.substring(0, from) + table + page.substring(to);
    }

    private static String reasons() {
        StringBuilder s = new StringBuilder("| code | name | what it means | what to do |\n| --- | --- | --- | --- |\n");
        for (FallbackReason r : FallbackReason.values()) {
            if (r != FallbackReason.NONE) {
                s.append(r == FallbackReason.UNKNOWN ? "| any other" : String.format("| `0x%08x`", r.code())).append(" | ").append(r.name()).append(" | ")
                        .append(r.meaning()).append(" | ").append(r.advice()).append(" |\n");
            }
        }
        return s.toString();
    }

    private static String verdicts() {
        StringBuilder s = new StringBuilder("| verdict | SMC may be used | what it means |\n| --- | --- | --- |\n");
        for (SynVerdict v : SynVerdict.values()) {
            s.append("| ").append(v).append(" | ").append(v.isClean() ? "yes" : v.needsRule() ? "no: add the rule" : "not told").append(" | ")
                    .append(v.meaning()).append(" |\n");
        }
        return s.toString();
    }

    private static Path root() {
        Path here = Path.of("").toAbsolutePath();
        return Files.exists(here.resolve("smc-core")) ? here : here.getParent();
    }
}
