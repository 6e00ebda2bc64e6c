package io.smc4j.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.smc4j.SmcConfig;
import io.smc4j.SmcConfigException;
import io.smc4j.policy.SmcDecision.Source;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;

/** Loading and reloading, on real files and a clock that the test moves. */
@ResourceLock(Resources.SYSTEM_PROPERTIES)
class PolicySourceTest {

    private static final Logger JUL = Logger.getLogger("io.smc4j.policy");

    @TempDir
    Path directory;
    private Path file;
    private Properties before;
    private final AtomicLong clock = new AtomicLong(Long.MAX_VALUE - 7); // it overflows at once
    private final List<String> log = Collections.synchronizedList(new ArrayList<>());
    private volatile boolean nameServiceUp = true;
    private final PolicySource source = new PolicySource(clock::get, this::resolve);
    private final Handler handler = new Handler() {
        @Override
        public void publish(LogRecord logged) {
            log.add(logged.getLevel() + " " + new SimpleFormatter().formatMessage(logged));
        }

        @Override
        public void flush() {
        }

        @Override
        public void close() {
        }
    };

    @BeforeEach
    void setUp() {
        before = (Properties) System.getProperties().clone();
        file = directory.resolve("rules.conf");
        System.setProperty(SmcConfig.RULES, file.toString());
        System.setProperty(SmcConfig.DEFAULT, "tcp");
        JUL.addHandler(handler);
        JUL.setLevel(Level.ALL);
    }

    @AfterEach
    void tearDown() {
        System.setProperties(before);
        JUL.removeHandler(handler);
        JUL.setLevel(null);
    }

    @Test
    void changedFileIsTakenAsAWholeAfterItHasStoodStill() throws IOException {
        write("connect * 80\n");
        assertTrue(smc(80));
        write("connect * 81\n");
        pass(4_999);
        assertTrue(smc(80), "not looked yet");
        pass(1);
        assertTrue(smc(80), "seen, but it may still be being written");
        pass(5_000);
        assertFalse(smc(80));
        assertTrue(smc(81));
    }

    @Test
    void fileThatIsBeingWrittenIsNotTaken() throws IOException {
        write("connect * 80\n");
        assertTrue(smc(80));
        for (int lines = 1; lines <= 5; lines++) {
            write("connect * 81\n".repeat(lines));
            pass(5_000);
            assertTrue(smc(80), "grows with each look");
        }
        pass(5_000);
        assertFalse(smc(80));
    }

    @Test
    void oldFileMovedOverTheOtherIsTakenAtOnce() throws IOException {
        write("connect * 80\n");
        assertTrue(smc(80));
        Path other = Files.writeString(directory.resolve("other"), "connect * 81\n");
        Files.setLastModifiedTime(other, java.nio.file.attribute.FileTime.fromMillis(System.currentTimeMillis() - 3_600_000));
        Files.move(other, file, StandardCopyOption.REPLACE_EXISTING);
        pass(5_000);
        assertTrue(smc(81));
    }

    @Test
    void badFileLeavesTheGoodOneInForceAndIsNamedOncePerVersion() throws IOException {
        write("connect * 80\n");
        SmcPolicy good = source.current();
        write("connect * 81\nconnect * http\n");
        pass(5_000, 5_000, 5_000, 5_000);
        assertSame(good, source.current());
        assertEquals(List.of("WARNING " + file + ":2: 'connect * http': expected ports as *, p, p-q or p-*, from 0 to 65535"
                + "; the rules loaded before stay in force until this is mended"), warnings());
        Files.delete(file);
        pass(5_000, 5_000, 5_000);
        assertSame(good, source.current());
        assertEquals(2, warnings().size(), "a missing file is another version: " + warnings());
        write("connect * 82\n");
        pass(5_000, 5_000);
        assertTrue(smc(82));
        assertFalse(smc(80));
        assertEquals(2, warnings().size());
    }

    @Test
    void badFileAtStartIsTcpForEverythingUntilItIsMended() throws IOException {
        write("connect * 80\nconnect * http\n");
        System.setProperty(SmcConfig.DEFAULT, "smc");
        assertEquals(Source.BAD_RULES, decide(80).source());
        assertFalse(smc(80) || smc(81) || source.current().bind(null).smc());
        assertTrue(decide(80).why().contains("rules.conf:2: 'connect * http'"), decide(80).why());
        assertEquals(1, warnings().size(), warnings().toString());
        write("connect * 80\n");
        pass(5_000, 5_000);
        assertEquals(Source.RULE, decide(80).source());
    }

    @Test
    void missingFileAtStartIsTcpForEverything() {
        assertEquals(Source.BAD_RULES, decide(80).source());
        assertTrue(warnings().get(0).contains("cannot be read"), warnings().toString());
    }

    @Test
    void requireStopsOnABadFileUntilItIsMended() throws IOException {
        System.setProperty(SmcConfig.MODE, "require");
        write("connect * http\n");
        assertEquals(1, assertThrows(SmcRuleException.class, source::current).line());
        assertThrows(SmcRuleException.class, source::current);
        write("connect * 80\n");
        pass(5_000);
        assertThrows(SmcRuleException.class, source::current);
        pass(5_000);
        assertTrue(smc(80));
        write("connect * http\n");
        pass(5_000, 5_000);
        assertTrue(smc(80), "a running program is not stopped by a bad edit");
    }

    @Test
    void requireStopsOnABadSetting() throws IOException {
        write("connect * 80\n");
        System.setProperty(SmcConfig.MODE, "require");
        System.setProperty(SmcConfig.DEFAULT, "rdma");
        assertEquals("smc.default=rdma: expected smc or tcp", assertThrows(SmcConfigException.class, source::current).getMessage());
        System.setProperty(SmcConfig.DEFAULT, "tcp");
        pass(5_000);
        assertTrue(smc(80));
    }

    @Test
    void badSettingInRequireLeavesTheGoodPolicyInForceAndIsNamedOnce() throws IOException {
        write("connect * 80\n");
        System.setProperty(SmcConfig.MODE, "require");
        assertTrue(smc(80));
        System.setProperty(SmcConfig.DEFAULT, "rdma");
        pass(5_000, 5_000, 5_000);
        assertTrue(smc(80));
        assertEquals(1, warnings().size(), warnings().toString());
    }

    @Test
    void nameServiceThatConnectsByItselfIsServedByTcp() throws IOException {
        write("connect db.example 80\n");
        List<SmcDecision> asked = new ArrayList<>();
        PolicySource[] own = new PolicySource[1];
        own[0] = new PolicySource(clock::get, host -> {
            asked.add(own[0].current().connect(peer(53)));
            return resolve(host);
        });
        assertTrue(own[0].current().connect(peer(80)).smc());
        own[0].reload();
        assertEquals(2, asked.size());
        assertFalse(asked.get(0).smc());
    }

    @Test
    void modeIsLookedAtAgain() throws IOException {
        write("connect * 80\n");
        assertTrue(smc(80));
        System.setProperty(SmcConfig.MODE, "off");
        pass(5_000);
        assertEquals(new SmcDecision(false, Source.MODE, "SMC is off (system property smc.mode=off)"), decide(80));
        System.setProperty(SmcConfig.MODE, "auto");
        pass(5_000);
        assertTrue(smc(80));
    }

    @Test
    void offDoesNotReadTheRules() throws IOException {
        write("nonsense\n");
        System.setProperty(SmcConfig.MODE, "off");
        assertEquals(Source.MODE, decide(80).source());
        assertEquals(List.of(), warnings());
        System.clearProperty(SmcConfig.MODE);
        pass(5_000);
        assertEquals(Source.BAD_RULES, decide(80).source());
        assertEquals(1, warnings().size(), warnings().toString());
    }

    @Test
    void offThenOnWithABadFileIsNotSmcForAll() throws IOException {
        System.setProperty(SmcConfig.DEFAULT, "smc");
        write("connect * 80 tcp\n");
        assertFalse(smc(80));
        write("connect * 80 udp\n");
        System.setProperty(SmcConfig.MODE, "off");
        pass(5_000);
        assertFalse(smc(80));
        System.clearProperty(SmcConfig.MODE);
        pass(5_000);
        assertFalse(smc(80));
        assertFalse(smc(81));
    }

    @Test
    void reloadOfZeroNeverLooksAgain() throws IOException {
        System.setProperty(SmcConfig.RULES_RELOAD_MS, "0");
        write("connect * 80\n");
        assertTrue(smc(80));
        write("connect * 81\n");
        pass(5_000, 86_400_000L);
        assertTrue(smc(80));
        source.reload();
        assertTrue(smc(81));
    }

    @Test
    void unknownHostIsLookedUpAgainAtTheNextLoad() throws IOException {
        nameServiceUp = false;
        write("connect db.example 80\nconnect * 81\n");
        assertFalse(smc(80));
        assertTrue(smc(81), "the rest of the file is in force");
        assertTrue(warnings().get(0).contains(":1: host db.example is unknown"), warnings().toString());
        nameServiceUp = true;
        source.reload();
        assertTrue(smc(80));
    }

    @Test
    void decisionsAreLoggedAtDebugAndOnlyWhenAskedFor() throws IOException {
        write("connect * 80\n");
        smc(80);
        assertEquals(List.of(), log);
        System.setProperty(SmcConfig.LOG, "true");
        source.reload();
        log.clear();
        smc(80);
        assertEquals(List.of("FINE connect /10.9.9.9:80: SMC (" + file + ":1 connect * 80 smc)"), log);
    }

    @Test
    void policyInForceIsAlwaysOneOfTheTwoFiles() throws Exception {
        write("connect * 80\nconnect * 81\n");
        source.current();
        AtomicBoolean stop = new AtomicBoolean();
        AtomicLong halves = new AtomicLong();
        AtomicLong seen = new AtomicLong();
        List<Thread> readers = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            Thread reader = new Thread(() -> {
                while (!stop.get()) {
                    SmcPolicy policy = source.current();
                    boolean first = policy.connect(peer(80)).smc();
                    if (first != policy.connect(peer(81)).smc() || first == policy.connect(peer(82)).smc()) {
                        halves.incrementAndGet();
                    }
                    seen.incrementAndGet();
                    Thread.yield();
                }
            });
            reader.start();
            readers.add(reader);
        }
        SmcPolicy last = source.current();
        int swaps = 0;
        for (int i = 0; i < 40; i++) {
            write(i % 2 == 0 ? "connect * 82\nconnect * 83\n" : "connect * 80\nconnect * 81\n");
            pass(5_000, 5_000);
            swaps += source.current() == last ? 0 : 1;
            last = source.current();
        }
        stop.set(true);
        for (Thread reader : readers) {
            reader.join(TimeUnit.SECONDS.toMillis(30));
        }
        assertEquals(0, halves.get());
        assertTrue(seen.get() > 0 && swaps > 0, seen + " decisions, " + swaps + " swaps");
    }

    private boolean smc(int port) {
        return decide(port).smc();
    }

    private SmcDecision decide(int port) {
        return source.current().connect(peer(port));
    }

    private static InetSocketAddress peer(int port) {
        return new InetSocketAddress(Ip.fromBytes(new byte[] {10, 9, 9, 9}), port);
    }

    private void pass(long... ms) {
        for (long time : ms) {
            clock.addAndGet(TimeUnit.MILLISECONDS.toNanos(time));
            try {
                source.current();
            } catch (SmcConfigException e) {
                // the test asks again for what it expects
            }
        }
    }

    private void write(String rules) throws IOException {
        Path fresh = Files.writeString(directory.resolve("fresh"), rules);
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private List<String> warnings() {
        return log.stream().filter(line -> line.startsWith("WARNING")).toList();
    }

    private InetAddress[] resolve(String host) throws UnknownHostException {
        if (!nameServiceUp) {
            throw new UnknownHostException(host);
        }
        return new InetAddress[] {peer(0).getAddress()};
    }
}
