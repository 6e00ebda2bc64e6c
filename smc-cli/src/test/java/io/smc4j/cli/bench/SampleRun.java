package io.smc4j.cli.bench;

import io.smc4j.diag.SmcMode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.HdrHistogram.Histogram;

/** Runs made of random numbers, for what is drawn and written of a run. */
public final class SampleRun {

    private static final int ANSWERS = 40_000;

    private SampleRun() {
    }

    /** Both sides; the second has so many times the latencies of the first. */
    public static BenchResult compared(double factor, int rounds) {
        Plan plan = new Plan(Protocol.HTTP, false, 20_000, 64, 128, 2, 0.5, rounds, 1, "/echo");
        List<SideResult> sides = List.of(side(Side.TCP, SmcMode.TCP, 1, rounds), side(Side.SMC, SmcMode.SMC_D, factor, rounds));
        return result(plan, sides, Comparison.of("tcp", sides.get(0).figures(), "smc", sides.get(1).figures()));
    }

    /** One side, one round. */
    public static BenchResult single() {
        Plan plan = new Plan(Protocol.RAW, true, 0, 64, 128, 2, 0.5, 1, 1, "/echo");
        return result(plan, List.of(side(Side.SMC, SmcMode.SMC_R, 1, 1)), null);
    }

    private static BenchResult result(Plan plan, List<SideResult> sides, Comparison comparison) {
        Environment e = new Environment("Linux 6.12.0", "amd64", 8, "A Processor with a </script> & <b>\"name\"</b>", false, "OpenJDK 64-Bit Server VM 17.0.15+6", List.of("-Xmx512m"),
                List.of("loopback-ism (SMC-D)"), "available", "smc4j bench --compare tcp,smc --path '/<script>alert(1)</script>'");
        return new BenchResult(BenchResult.FORMAT, BenchResult.VERSION, "smc4j 0", "2026-01-01T00:00:00Z", plan, e, sides, comparison, Notes.of(plan, e, sides, comparison), true, "");
    }

    private static SideResult side(Side side, SmcMode mode, double factor, int rounds) {
        Histogram all = Meter.histogram();
        List<Round> list = new ArrayList<>();
        for (int n = 1; n <= rounds; n++) {
            Random random = new Random(n * 31L + side.ordinal());
            Histogram h = Meter.histogram();
            double drift = 1 + random.nextGaussian() * 0.03;
            for (int i = 0; i < ANSWERS; i++) {
                double slow = random.nextInt(100) == 0 ? 8 : 1;
                h.recordValue(Math.round(60_000 * factor * drift * slow * Math.exp(random.nextGaussian() * 0.35)));
            }
            all.add(h);
            List<Point> points = new ArrayList<>();
            for (int i = 1; i <= 20; i++) {
                points.add(new Point(i / 10.0, 19_900 + random.nextGaussian() * 150, 60_000, 200_000));
            }
            Modes modes = new Modes(Map.of(mode.name(), 64), Map.of(), Collections.nCopies(64, mode.name()));
            list.add(new Round(n, n * 2.5, 2, ANSWERS, 19_900 + random.nextGaussian() * 20, Latency.of(h), Latency.of(h), 0, 0, 0.4, modes, points));
        }
        return SideResult.of(side, "a process of its own on this machine", Addresses.Place.LOOPBACK, Distribution.of(all), list);
    }
}
