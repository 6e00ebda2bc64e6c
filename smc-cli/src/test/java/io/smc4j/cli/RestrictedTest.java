package io.smc4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.smc4j.cli.Restricted.End;
import io.smc4j.cli.Restricted.Way;
import io.smc4j.diag.SmcFamily;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every command without privileges, without /sys, without netlink, on a kernel without SMC, and on each installed JDK: a clear answer, never a trace. */
class RestrictedTest {

    private static final List<String> KERNEL_QUESTIONS = List.of("connections", "connections -a -d --json", "connections -D", "connections -R", "stats", "linkgroups",
            "devices", "ueid");

    @BeforeAll
    static void isPossible() {
        boolean possible = Restricted.possible();
        if (!possible) {
            System.out.println("RestrictedTest skipped: needs root, setpriv, unshare and python3 to take rights away");
        }
        assumeTrue(possible, "needs root, setpriv, unshare and python3 to take rights away");
    }

    static Stream<Arguments> everywhere() throws IOException {
        try (Stream<Path> homes = Files.list(Path.of("/usr/lib/jvm"))) {
            Stream<Path> others = homes.filter(h -> Files.isExecutable(h.resolve("bin/javac")) && Files.exists(h.resolve("release")))
                    .map(RestrictedTest::real).distinct().filter(h -> !h.equals(real(Path.of(System.getProperty("java.home")))));
            return Stream.concat(Stream.of(Path.of(System.getProperty("java.home"))), others.toList().stream())
                    .flatMap(home -> Stream.of(Way.values()).map(way -> Arguments.of(home, way)));
        }
    }

    private static Path real(Path p) {
        try {
            return p.toRealPath();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @ParameterizedTest
    @MethodSource("everywhere")
    void clearAnswers(Path javaHome, Way way) throws Exception {
        Map<String, End> ends = Restricted.run(javaHome, way);
        Restricted.assertClear(ends);
        boolean raw = way != Way.NOBODY && way != Way.NOTHING;
        End syn = ends.get("syn-check 127.0.0.1:PORT --gap 10");
        assertEquals(raw ? SmcCli.OK : SmcCli.CANNOT_TELL, syn.code(), syn::text);
        assertTrue(syn.text().contains(raw ? "PLAIN_PEER" : "CAP_NET_RAW") && (raw || syn.text().contains("--intrusive")), syn::text);
        End check = ends.get("check");
        boolean noFiles = way == Way.NO_FILES || way == Way.NOTHING;
        assertEquals(noFiles, check.text().contains("cannot tell  RDMA devices"), check::text);
        assertEquals(noFiles, check.text().contains("cannot tell  sidecar"), check::text);
        assertEquals(SmcCli.OK, ends.get("explain 127.0.0.1:PORT --connect").code(), () -> ends.get("explain 127.0.0.1:PORT --connect").text());
        if (!SmcFamily.isLoaded()) {
            withoutSmc(ends, noFiles);
        }
    }

    private static void withoutSmc(Map<String, End> ends, boolean noFiles) {
        for (String command : KERNEL_QUESTIONS) {
            End end = ends.get(command);
            assertEquals(SmcCli.CANNOT_TELL, end.code(), () -> command + ": " + end.text());
            assertEquals(1, end.said().size(), () -> command + ": " + end.text());
            assertTrue(noFiles || end.text().contains("modprobe smc"), () -> command + ": " + end.text());
        }
        assertEquals(SmcCli.NO, ends.get("check").code());
        assertTrue(ends.get("check").text().contains("SMC cannot be used: "), () -> ends.get("check").text());
        End intrusive = ends.get("syn-check 127.0.0.1:PORT --intrusive");
        assertEquals(SmcCli.CANNOT_TELL, intrusive.code(), intrusive::text);
        assertTrue(intrusive.said().get(0).startsWith("--intrusive connects to the target twice") && intrusive.text().contains("socket(AF_SMC)"), intrusive::text);
    }
}
