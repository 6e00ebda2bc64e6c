package io.smc4j.diag;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.smc4j.SmcCapability;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import javax.management.openmbean.TabularData;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SmcEventsTest {

    private static final InetSocketAddress PEER = new InetSocketAddress("127.0.0.1", 4711);

    @Test
    void aRecordingHasEachEventWithItsFields(@TempDir Path directory) throws IOException {
        Path file = directory.resolve("test.jfr");
        try (Recording recording = new Recording()) {
            recording.enable("io.smc4j.Connect");
            recording.enable("io.smc4j.Fallback");
            recording.enable("io.smc4j.CloseDrain");
            recording.start();
            SmcEvents.connected(PEER, SmcMode.SMC_D, 0, 393_000, false);
            SmcEvents.fallback(PEER, 0x05000000, 0x03030000);
            SmcEvents.connected(PEER, SmcMode.TCP, 0x05000000, 5, true);
            SmcEvents.drained(7_000_000, 65_536);
            recording.stop();
            recording.dump(file);
        }
        List<RecordedEvent> events = RecordingFile.readAllEvents(file).stream()
                .filter(e -> e.getEventType().getName().startsWith("io.smc4j.")).toList();
        assertEquals(4, events.size(), events::toString);
        RecordedEvent smc = events.stream().filter(e -> "SMC_D".equals(field(e, "mode"))).findFirst().orElseThrow();
        assertEquals("127.0.0.1", smc.getString("host"));
        assertEquals(4711, smc.getInt("port"));
        assertNull(smc.getString("reason"));
        assertEquals(Duration.ofNanos(393_000), smc.getDuration("handshake"));
        assertFalse(smc.getBoolean("retried"));
        RecordedEvent tcp = events.stream().filter(e -> "TCP".equals(field(e, "mode"))).findFirst().orElseThrow();
        assertEquals("PEERDECL (0x05000000)", tcp.getString("reason"));
        assertTrue(tcp.getBoolean("retried"));
        RecordedEvent fallback = events.stream().filter(e -> e.getEventType().getName().equals("io.smc4j.Fallback")).findFirst().orElseThrow();
        assertEquals("NOSMCDEV (0x03030000)", fallback.getString("peerDiagnosis"));
        assertEquals(FallbackReason.PEERDECL.meaning(), fallback.getString("meaning"));
        RecordedEvent drain = events.stream().filter(e -> e.getEventType().getName().equals("io.smc4j.CloseDrain")).findFirst().orElseThrow();
        assertEquals(65_536, drain.getLong("lostBytes"));
        assertEquals(Duration.ofMillis(7), drain.getDuration("drainTime"));
    }

    private static String field(RecordedEvent e, String name) {
        return e.hasField(name) ? e.getString(name) : null;
    }

    @Test
    void countersCount() {
        long connects = SmcMetrics.connects(SmcMode.SMC_R);
        long retries = SmcMetrics.retries();
        long unknown = SmcMetrics.fallbacks(FallbackReason.UNKNOWN);
        long all = SmcMetrics.fallbacks();
        long lost = SmcMetrics.lostBytes();
        long drains = SmcMetrics.drains();
        SmcEvents.connected(PEER, SmcMode.SMC_R, 0, 1, true);
        SmcEvents.fallback(PEER, 0, 0);
        SmcEvents.fallback(null, 0x0badc0de, 0);
        SmcEvents.drained(1, 0);
        SmcEvents.drained(1, 10);
        assertEquals(connects + 1, SmcMetrics.connects(SmcMode.SMC_R));
        assertEquals(retries + 1, SmcMetrics.retries());
        assertEquals(unknown + 2, SmcMetrics.fallbacks(FallbackReason.UNKNOWN));
        assertEquals(all + 2, SmcMetrics.fallbacks());
        assertEquals(lost + 10, SmcMetrics.lostBytes());
        assertEquals(drains + 1, SmcMetrics.drains());
    }

    /** Without a recording nothing is allocated, in a JVM of its own: here another test's recording has started JFR. */
    @Test
    void offAllocatesNothing() throws Exception {
        String classes = Path.of(SmcEvents.class.getProtectionDomain().getCodeSource().getLocation().toURI()).toString();
        String tests = Path.of(SmcEventsTest.class.getProtectionDomain().getCodeSource().getLocation().toURI()).toString();
        Process p = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-cp", classes + ":" + tests, Allocation.class.getName())
                .redirectErrorStream(true).start();
        String text = new String(p.getInputStream().readAllBytes());
        assertTrue(p.waitFor(60, TimeUnit.SECONDS));
        assertTrue(text.strip().endsWith(" bytes for 400000 calls, JFR started: false"), text);
        assertTrue(Long.parseLong(text.split(" ")[0]) < 4_000, text); // the JVM's own now and then; an object for each call would be megabytes
    }

    /** Runs in a JVM of its own. */
    static final class Allocation {
        private static final int CALLS = 100_000;

        private Allocation() {
        }

        private static void calls() {
            for (int i = 0; i < CALLS; i++) {
                SmcEvents.connected(PEER, SmcMode.SMC_R, 0, i, false);
                SmcEvents.fallback(PEER, FallbackReason.PEERNOSMC.code(), 0);
                SmcEvents.acceptedTcp();
                SmcEvents.drained(i, 0);
            }
        }

        public static void main(String[] args) {
            var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
            calls();
            long first = threads.getCurrentThreadAllocatedBytes();
            long empty = threads.getCurrentThreadAllocatedBytes() - first; // what asking allocates
            long before = threads.getCurrentThreadAllocatedBytes();
            calls();
            long bytes = threads.getCurrentThreadAllocatedBytes() - before - empty;
            System.out.println(bytes + " bytes for " + 4 * CALLS + " calls, JFR started: " + jdk.jfr.FlightRecorder.isInitialized());
        }
    }

    @Test
    void theBeanShowsTheCounters() throws Exception {
        SmcManagement.register();
        SmcManagement.register();
        SmcEvents.fallback(PEER, FallbackReason.PEERNOSMC.code(), 0);
        MBeanServer server = ManagementFactory.getPlatformMBeanServer();
        ObjectName name = new ObjectName(SmcManagement.NAME);
        TabularData fallbacks = (TabularData) server.getAttribute(name, "Fallbacks");
        assertTrue(fallbacks.containsKey(new Object[] {"PEERNOSMC"}), fallbacks::toString);
        assertEquals(SmcMetrics.lostBytes(), server.getAttribute(name, "LostBytes"));
        assertEquals(SmcCapability.values().length, ((String[]) server.getAttribute(name, "Capabilities")).length);
    }

    /** In an image without jdk.jfr and java.management the library works as ever. */
    @Test
    void onlyJavaBase() throws Exception {
        String classes = Path.of(SmcEvents.class.getProtectionDomain().getCodeSource().getLocation().toURI()).toString();
        String tests = Path.of(SmcEventsTest.class.getProtectionDomain().getCodeSource().getLocation().toURI()).toString();
        Path out = Files.createTempFile("smc4j", ".txt");
        try {
            Process p = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "--limit-modules", "java.base",
                    "-Dsmc.jmx=true", "-cp", classes + ":" + tests, BareImage.class.getName()).redirectErrorStream(true)
                    .redirectOutput(out.toFile()).start();
            assertTrue(p.waitFor(60, TimeUnit.SECONDS));
            String text = Files.readString(out);
            assertEquals(0, p.exitValue(), text);
            assertTrue(text.contains("connects 1 jfr false"), text);
            assertTrue(text.contains("smc.jmx=true: the counters cannot be registered"), text);
        } finally {
            Files.delete(out);
        }
    }

    /** Runs in a JVM of its own. */
    static final class BareImage {
        private BareImage() {
        }

        public static void main(String[] args) {
            io.smc4j.engine.SmcEngine.current();
            SmcEvents.connected(PEER, SmcMode.SMC_R, 0, 1, false);
            SmcEvents.drained(1, 0);
            System.out.println("connects " + SmcMetrics.connects(SmcMode.SMC_R) + " jfr " + ModuleLayer.boot().findModule("jdk.jfr").isPresent());
        }
    }
}
