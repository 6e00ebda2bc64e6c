package io.smc4j.cli.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.UnknownHostException;
import java.util.List;
import java.util.Map;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Figures, ratios and what is said of them. */
class FiguresTest {

    private static Ratio ratio(List<Double> a, List<Double> b) {
        return Ratio.of(Figure.of("P50", a), Figure.of("P50", b));
    }

    @Test
    void aDifferenceIsShownWhereItExceedsTheSpread() {
        Ratio r = ratio(List.of(100.0, 110.0, 105.0), List.of(50.0, 55.0, 60.0));
        assertTrue(r.shown());
        assertEquals(55.0 / 105, r.ratio(), 1e-9);
        assertEquals(50.0 / 110, r.low(), 1e-9);
        assertEquals(0.6, r.high(), 1e-9);
        assertFalse(ratio(List.of(100.0, 110.0, 59.0), List.of(50.0, 55.0, 60.0)).shown(), "the rounds overlap");
        assertFalse(ratio(List.of(100.0, 110.0), List.of(50.0, 55.0)).shown(), "two rounds");
        assertFalse(ratio(List.of(1000.0, 1000.0, 1000.0), List.of(1001.0, 1001.0, 1001.0)).shown(), "0.1 %");
        Ratio toNothing = ratio(List.of(0.0, 0.0, 0.0), List.of(1.0, 1.0, 1.0));
        assertTrue(Double.isFinite(toNothing.ratio()) && toNothing.spread().equals("over 1000000 to over 1000000"), toNothing::spread);
    }

    @Test
    void sentencesSayWhatIsShownAndWhatIsNot() {
        List<Figure> a = List.of(Figure.of("QPS", List.of(10.0, 11.0, 12.0)), Figure.of("P50", List.of(10.0, 11.0, 12.0)));
        List<Figure> b = List.of(Figure.of("QPS", List.of(20.0, 21.0, 22.0)), Figure.of("P50", List.of(10.0, 11.0, 13.0)));
        String both = Comparison.of("tcp", a, "smc", b).sentence(3);
        assertTrue(both.contains("smc against tcp: QPS 1.909 times; each difference exceeds the spread") && both.contains("No difference is shown in P50:"), both);
        assertTrue(Comparison.of("tcp", a, "smc", a).sentence(3).startsWith("No difference between smc and tcp is shown in any figure"));
        assertTrue(Comparison.of("tcp", a, "smc", b).sentence(1).contains("not shown"));
    }

    @Test
    void aDistributionHoldsEveryAnswer() {
        Histogram h = Meter.histogram();
        for (int i = 1; i <= 1000; i++) {
            h.recordValue(i * 1000L);
        }
        h.recordValue(Meter.MAX_NANOS);
        Distribution d = Distribution.of(h);
        assertEquals(1001, d.buckets().stream().mapToLong(Distribution.Bucket::answers).sum());
        assertTrue(d.buckets().get(0).from() <= 1000 && d.buckets().get(0).to() > 1000);
        for (int i = 1; i < d.buckets().size(); i++) {
            assertEquals(d.buckets().get(i - 1).to(), d.buckets().get(i).from());
        }
        assertEquals(0, d.percentiles().get(0).percentile());
        assertEquals(h.getValueAtPercentile(90), d.percentiles().get(20).nanos());
        assertTrue(Distribution.of(Meter.histogram()).buckets().isEmpty());
    }

    /** Side tcp on SMC, side smc on TCP, and a kernel that says nothing: each with the way out. */
    @Test
    void aSideThatIsNotOnItsTransportIsNamed() throws Exception {
        new Modes(Map.of("SMC_D", 2), Map.of(), List.of("SMC_D", "SMC_D")).check(Side.SMC);
        new Modes(Map.of("TCP", 2), Map.of("NOSMCDEV", 2), List.of("TCP", "TCP")).check(Side.TCP);
        String onSmc = assertThrows(NotOnSideException.class, () -> new Modes(Map.of("SMC_R", 1, "TCP", 1), Map.of(), List.of("TCP", "SMC_R")).check(Side.TCP)).getMessage();
        assertTrue(onSmc.contains("1 of 2 connections are not TCP but 1 SMC_R, 1 TCP") && onSmc.contains("smc_run"), onSmc);
        String onTcp = assertThrows(NotOnSideException.class, () -> new Modes(Map.of("TCP", 1), Map.of("PEERNOSMC (0x03010000): why", 1), List.of("TCP")).check(Side.SMC)).getMessage();
        assertTrue(onTcp.contains("PEERNOSMC (0x03010000): why") && onTcp.contains("--allow-fallback"), onTcp);
        for (Side s : Side.values()) {
            assertThrows(NotOnSideException.class, () -> new Modes(Map.of("UNKNOWN", 1), Map.of("no native library", 1), List.of("UNKNOWN")).check(s));
        }
    }

    @ParameterizedTest
    @CsvSource({"30s, 30", "500ms, 0.5", "2m, 120", "1h, 3600", "7, 7", "1.5S, 1.5"})
    void durations(String text, double seconds) {
        assertEquals(seconds, Durations.seconds(text));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "s", "-1s", "1d", "1e9s", "30 s", "99999999999s", "\u0663s"})
    void badDurations(String text) {
        assertTrue(assertThrows(IllegalArgumentException.class, () -> Durations.seconds(text)).getMessage().contains("such as 30s"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "host", ":1", "127.0.0.1:0", "127.0.0.1:65536", "127.0.0.1:x", "::1:80", "[::1]"})
    void badAddresses(String text) {
        assertThrows(IllegalArgumentException.class, () -> Addresses.parse(text, 1), text);
    }

    @Test
    void addresses() throws UnknownHostException {
        assertEquals("127.0.0.1:80", Addresses.text(Addresses.parse("127.0.0.1:80", 1)));
        assertEquals("[0:0:0:0:0:0:0:1]:8080", Addresses.text(Addresses.parse("[::1]:8080", 1)));
        assertEquals("localhost:80", Addresses.text(Addresses.parse("localhost:80", 1)));
        assertEquals(Addresses.Place.LOOPBACK, Addresses.place(Addresses.parse("127.0.0.1:1", 1).getAddress()));
        assertEquals(Addresses.Place.ELSEWHERE, Addresses.place(Addresses.parse("192.0.2.1:1", 1).getAddress()));
    }
}
