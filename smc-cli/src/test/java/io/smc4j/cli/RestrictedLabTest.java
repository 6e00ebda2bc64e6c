package io.smc4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.smc4j.cli.Restricted.End;
import io.smc4j.cli.Restricted.Way;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** {@link RestrictedTest} where there is SMC to be asked about. */
class RestrictedLabTest {

    @BeforeAll
    static void inTheLab() {
        boolean lab = System.getenv("SMC_LAB") != null;
        if (!lab) {
            System.out.println("RestrictedLabTest skipped: not in the lab (SMC_LAB is not set)");
        }
        assumeTrue(lab, "not in the lab (SMC_LAB is not set)");
    }

    /** The kernel answers every user. */
    @Test
    void nobodyIsAnswered() throws Exception {
        Map<String, End> ends = Restricted.run(Path.of(System.getProperty("java.home")), Way.NOBODY);
        Restricted.assertClear(ends);
        for (String command : List.of("check", "connections", "stats", "linkgroups", "devices", "ueid", "syn-check 127.0.0.1:PORT --intrusive")) {
            assertEquals(SmcCli.OK, ends.get(command).code(), () -> command + ": " + ends.get(command).text());
        }
        assertTrue(ends.get("syn-check 127.0.0.1:PORT --intrusive").text().contains("PLAIN_PEER"));
        assertEquals(SmcCli.CANNOT_TELL, ends.get("syn-check 127.0.0.1:PORT --gap 10").code());
    }

    @Test
    @Tag("slow")
    void nothingIsAllowed() throws Exception {
        Map<String, End> ends = Restricted.run(Path.of(System.getProperty("java.home")), Way.NOTHING);
        Restricted.assertClear(ends);
        for (String command : List.of("connections", "stats", "devices", "syn-check 127.0.0.1:PORT --intrusive")) {
            assertEquals(SmcCli.CANNOT_TELL, ends.get(command).code(), () -> command + ": " + ends.get(command).text());
            System.out.println(ends.get(command).text());
        }
        assertEquals(SmcCli.NO, ends.get("check").code());
    }
}
