package io.smc4j.cli.syn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Real SYNs from a network namespace of our own over a veth pair to a scripted peer: every verdict, 20 runs each, over IPv4 and IPv6. Needs root and
 * {@code ip netns}.
 */
class SynCheckNetworkTest {

    private static final int RUNS = Integer.getInteger("smc4j.syn.runs", 20);
    private static final String V4 = "10.231.77.2";
    private static final String V6 = "fd00:231:77::2";
    private static final Map<Integer, SynVerdict> EXPECTED = new TreeMap<>(Map.of(
            1001, SynVerdict.SMC_PEER,
            1002, SynVerdict.PLAIN_PEER,
            1003, SynVerdict.REPLAY,
            1004, SynVerdict.CONFLICT,
            1005, SynVerdict.OVERLENGTH,
            1006, SynVerdict.NO_ANSWER,
            1007, SynVerdict.CLOSED,
            1008, SynVerdict.BLOCKED,
            1009, SynVerdict.OVERLENGTH,
            1010, SynVerdict.SMC_PEER));

    private final String namespace = "smc4j" + ProcessHandle.current().pid();
    private final String near = "sa" + ProcessHandle.current().pid();
    private final String far = "sb" + ProcessHandle.current().pid();

    @BeforeEach
    void wire() throws Exception {
        boolean possible = Files.isExecutable(Path.of("/sbin/ip")) && "root".equals(System.getProperty("user.name"));
        if (!possible) {
            System.out.println("SynCheckNetworkTest skipped: needs root and /sbin/ip for network namespaces");
        }
        assumeTrue(possible, "needs root and /sbin/ip for network namespaces");
        ip("netns", "add", namespace);
        ip("link", "add", far, "type", "veth", "peer", "name", near);
        Files.writeString(Path.of("/proc/sys/net/ipv6/conf/" + far + "/disable_ipv6"), "1");
        ip("link", "set", near, "netns", namespace);
        ip("link", "set", far, "up");
        inside("link", "set", "lo", "up");
        inside("link", "set", near, "up");
        inside("address", "add", "10.231.77.1/24", "dev", near);
        inside("address", "add", "fd00:231:77::1/64", "dev", near, "nodad");
        String mac = Files.readString(Path.of("/sys/class/net/" + far + "/address")).strip();
        inside("neigh", "add", V4, "lladdr", mac, "dev", near);
        inside("neigh", "add", V6, "lladdr", mac, "dev", near);
    }

    @AfterEach
    void unwire() throws Exception {
        if (Files.exists(Path.of("/sys/class/net/" + far))) {
            ip("link", "del", far);
        }
        if (Files.exists(Path.of("/run/netns/" + namespace))) {
            ip("netns", "del", namespace);
        }
    }

    @Test
    void everyVerdictEveryTime() throws Exception {
        List<String> command = new ArrayList<>(List.of("/sbin/ip", "netns", "exec", namespace,
                Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-cp", System.getProperty("java.class.path"),
                SynRunner.class.getName(), String.valueOf(RUNS)));
        for (int port : EXPECTED.keySet()) {
            command.addAll(List.of(V4, String.valueOf(port), V6, String.valueOf(port)));
        }
        Path out = Files.createTempFile("smc4j-syn", ".txt");
        try (RawPeer peer = new RawPeer(far)) {
            Process p = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(out.toFile()).start();
            boolean ended = p.waitFor(240, TimeUnit.SECONDS);
            if (!ended) {
                p.destroyForcibly().waitFor();
            }
            List<String> lines = Files.readAllLines(out);
            assertTrue(ended, () -> "no end: " + lines);
            for (Map.Entry<Integer, SynVerdict> e : EXPECTED.entrySet()) {
                for (String address : List.of(V4, V6.replace("::", ":0:0:0:0:"))) {
                    List<String> runs = lines.stream().filter(l -> l.startsWith("run " + address + " " + e.getKey() + " ")).toList();
                    assertEquals(RUNS, runs.size(), () -> String.join("\n", lines));
                    runs.forEach(r -> {
                        assertEquals(e.getValue().name(), r.split(" ")[3], r);
                        assertTrue(Integer.parseInt(r.split(" ")[4]) <= SynJudge.MAX_SYNS, r);
                    });
                }
                int packets = peer.packets.getOrDefault(e.getKey(), 0); // resets of our kernel included
                assertTrue(packets > 0 && packets <= 20 * 2 * RUNS, () -> e + ": " + packets + " packets");
                assertEquals(0, peer.payloads.get(e.getKey()), "bytes reached the application");
            }
        } finally {
            Files.delete(out);
        }
    }

    private void inside(String... arguments) throws IOException, InterruptedException {
        List<String> all = new ArrayList<>(List.of("-n", namespace));
        all.addAll(List.of(arguments));
        ip(all.toArray(String[]::new));
    }

    private static void ip(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("/sbin/ip"));
        command.addAll(List.of(arguments));
        Process p = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(p.getInputStream().readAllBytes());
        assertEquals(0, p.waitFor(), () -> command + ": " + said);
    }
}
