package io.smc4j.cli;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.smc4j.Fuzz;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.PropertyDefaults;
import net.jqwik.api.lifecycle.AddLifecycleHook;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/** The doctor's files of the kernel and the pod, damaged: rows without control characters, and never an exception. */
@AddLifecycleHook(Fuzz.class)
@PropertyDefaults(tries = Integer.MAX_VALUE)
class MachineFilesFuzzTest {

    private static final String TCP = """
              sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
               0: 00000000:3A99 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1337        0 1 1 0 100 0 0 10 0
               1: 00000000000000000000000000000000:3A9E 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000 00000000  1337
            """;
    private static final Map<String, String> FILES = Map.of(
            "proc/sys/kernel/osrelease", "5.10.134-17.3.al8.x86_64\n",
            "proc/self/limits", "Limit                     Soft Limit           Hard Limit           Units\nMax locked memory         65536                unlimited            bytes\n",
            "proc/sys/net/smc/wmem", "65536\n",
            "proc/sys/net/smc/rmem", "65536\n",
            "proc/sys/net/smc/tcp2smc", "1\n",
            "proc/net/tcp", TCP,
            "proc/net/tcp6", TCP,
            "proc/7/cmdline", "java\0-Djava.nio.channels.spi.SelectorProvider=io.smc4j.nio.SmcSelectorProvider\0--enable-native-access=ALL-UNNAMED\0",
            "proc/7/environ", "JAVA_TOOL_OPTIONS=-javaagent:smc-core.jar\0",
            "etc/podinfo/annotations", "a=\"b\"\nsmc.asm.alibabacloud.com/enabled=\"true\"\n");
    private static final String PORT = "sys/class/infiniband/erdma_0/ports/1/state";

    private static Path root;

    @BeforeContainer
    static void make() throws IOException {
        root = Files.createTempDirectory("smc4j-machine");
        for (String name : FILES.keySet()) {
            Files.createDirectories(root.resolve(name).getParent());
        }
        Files.createDirectories(root.resolve(PORT).getParent());
    }

    @AfterContainer
    static void delete() throws IOException {
        try (Stream<Path> all = Files.walk(root)) {
            for (Path p : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(p);
            }
        }
    }

    @Property
    void theDoctorReadsAnything(@ForAll long seed) throws IOException {
        Random random = new Random(seed);
        for (Map.Entry<String, String> f : FILES.entrySet()) {
            write(f.getKey(), random.nextInt(4) == 0 ? f.getValue() : Damage.to(f.getValue(), random.nextLong()));
        }
        write(PORT, Damage.to("4: ACTIVE\n", random.nextLong()));
        RootFiles files = new RootFiles(root);
        List<Finding> rows = new ArrayList<>(new Doctor(root, true, 7L).examine());
        rows.add(new JvmFlags(files, 7L).examine());
        assertTrue(rows.size() > 10);
        for (Finding f : rows) {
            assertFalse((f.name() + f.evidence() + f.remedy()).chars().anyMatch(c -> c == '\033' || c == '\r'), f::toString);
        }
    }

    @Example
    void kernelReleaseWithANumberBeyondAny() throws IOException {
        String release = "5.10.134-17.18446744073709551616.al8.x86_64";
        write("proc/sys/kernel/osrelease", release + "\n");
        assertTrue(new Doctor(root, true, 7L).examine().stream().anyMatch(f -> f.name().equals("kernel") && f.evidence().equals(release)));
    }

    @Property
    void listeningPortsOfAnyTable(@ForAll String text, @ForAll long seed) {
        PodChecks.listens(text, 15_001);
        PodChecks.listens(Damage.to(TCP, seed), 15_001);
    }

    private static void write(String name, String text) throws IOException {
        Files.write(root.resolve(name), text.getBytes(StandardCharsets.ISO_8859_1));
    }
}
