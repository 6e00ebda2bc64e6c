package io.smc4j.cli.syn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.smc4j.cli.syn.SynAnswer.Kind;
import java.net.InetAddress;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.PropertyDefaults;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.lifecycle.AddLifecycleHook;
import org.junit.jupiter.api.Test;
import io.smc4j.Fuzz;

@AddLifecycleHook(Fuzz.class)
@PropertyDefaults(tries = Integer.MAX_VALUE)
class SynParserTest {

    @Property
    void optionsNeverThrow(@ForAll @Size(max = 60) byte[] bytes) {
        TcpOptions o = TcpOptions.parse(bytes);
        assertNotNull(o.describe());
        assertTrue(o.experiments().size() <= o.list().size());
    }

    @Property
    void segmentsNeverThrow(@ForAll @Size(max = 100) byte[] bytes, @ForAll int offset, @ForAll int length) {
        TcpSegment s = TcpSegment.parse(bytes, offset, length);
        assertTrue(s == null || s.bytes().length >= 20 && s.bytes().length <= 60);
    }

    @Property
    void targetsAreReadOrRefused(@ForAll String text) {
        try {
            SynTarget t = SynTarget.parse(text, 80);
            assertTrue(t.port() >= 1 && t.port() <= 65535 && !t.host().isEmpty(), t::toString);
        } catch (IllegalArgumentException e) {
            assertNotNull(e.getMessage());
        }
    }

    @Test
    void targets() {
        assertEquals(new SynTarget("db.example", 3306), SynTarget.parse("jdbc:mysql://db.example/x", 80));
        assertEquals(new SynTarget("10.0.0.1", 80), SynTarget.parse("10.0.0.1", 80));
        assertEquals(new SynTarget("fd00::1", 443), SynTarget.parse("[fd00::1]:443", 80));
        assertEquals(new SynTarget("fd00::1", 80), SynTarget.parse("fd00::1", 80));
        assertEquals(new SynTarget("h", 8443), SynTarget.parse("https://h:8443/path?q=1", 80));
        assertThrows(IllegalArgumentException.class, () -> SynTarget.parse("h:0", 80));
        assertThrows(IllegalArgumentException.class, () -> SynTarget.parse("unknown://h", 80));
    }

    @Test
    void theSmcOptionIsTheKernels() {
        byte[] o = SynProbe.SMC.options();
        assertEquals(28, o.length);
        assertEquals("01 01 FE 06 E2 D4 C3 D9", Hex.spaced(java.util.Arrays.copyOfRange(o, 20, 28)));
        assertTrue(TcpOptions.parse(o).list().get(4).isSmc());
        assertNull(TcpOptions.parse(o).malformed());
    }

    @Test
    void aDyingPathIsNotTakenForOneThatDropsOptions() throws Exception {
        SynJudge j = new SynJudge();
        note(j, Kind.SYN_ACK);
        int sent = 1;
        while (j.next() != null) {
            note(j, Kind.NOTHING);
            sent++;
        }
        assertEquals(SynVerdict.INCONCLUSIVE, j.verdict());
        assertTrue(sent <= SynJudge.MAX_SYNS, sent + " SYNs");
    }

    private static void note(SynJudge j, Kind kind) throws Exception {
        SynProbe probe = j.next();
        InetAddress a = InetAddress.getLoopbackAddress();
        TcpSegment s = TcpSegment.make(a, 1, a, 2, 3, 4, TcpSegment.SYN | TcpSegment.ACK, TcpOptions.usual());
        j.note(new SynAnswer(probe, s, kind, kind == Kind.SYN_ACK ? s : null, 1));
    }
}
