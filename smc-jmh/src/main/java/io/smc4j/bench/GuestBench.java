package io.smc4j.bench;

import io.smc4j.SmcConfig;
import io.smc4j.jmh.Load;
import io.smc4j.jmh.Loads;
import io.smc4j.jmh.Transport;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * For the lab with {@code --icount}: the loads in guest nanoseconds, which are instructions there. The guest has one processor and no noise, so the last of
 * a few equal parts is the figure; their spread shows whether it is steady.
 *
 * <p>{@code streaming-128K} is streaming with {@code smc.buffer.bytes=131072}, measured only where it is asked for, since the setting is its JVM's: as {@code streaming}
 * for TCP, which tunes its buffers itself, and without a figure for preload, which has no such setting.
 *
 * <p>Usage: {@code GuestBench tcp|smc4j|preload [MAPS]}. Prints {@code SIDE OPERATION NANOSECONDS SPREAD-PERCENT}, of one round trip, connection or mebibyte, and fails
 * where the kernel says that a connection is not over what the side names. With MAPS each operation is done for the instruction counter once more, between two
 * {@linkplain Mark marks}: {@code SIDE OPERATION} and how many times is then on a line of MAPS, before what is mapped in this process.
 */
public final class GuestBench {

    private static final int BYTES = 64;
    private static final int PARTS = 3;
    private static final int BUFFER_BYTES = 128 << 10;
    private static final String BUFFERED = "streaming-128K";
    private static final String SMC_D = "SMC_D";
    /** The one operation to measure; null: all, each with what the JIT has learned of those before it. */
    private static final String ONLY = System.getProperty("smc.bench.only");

    /** What carries a side's connections, and what makes them: channels, sockets, Netty. */
    private record Side(String wire, Transport channels, Transport sockets, Transport netty) {
    }

    private interface Opening {
        Load open() throws IOException;
    }

    private static final Map<String, Side> SIDES = Map.of(
            "tcp", new Side("TCP", Transport.JDK_TCP, Transport.SOCKET_TCP, Transport.NETTY_TCP),
            "smc4j", new Side(SMC_D, Transport.SMC4J_SMC_D, Transport.SMC4J_SOCKET_SMC_D, Transport.SMC4J_NETTY_SMC_D),
            "preload", new Side(SMC_D, Transport.JDK_TCP, Transport.SOCKET_TCP, Transport.NETTY_TCP));

    private final String name;
    private final Side side;
    private final StringBuilder marked = new StringBuilder();

    private GuestBench(String name, Side side) {
        this.name = name;
        this.side = side;
    }

    /** Measures. */
    public static void main(String[] args) throws IOException {
        if (args.length < 1 || args.length > 2 || !SIDES.containsKey(args[0])) {
            System.err.println("usage: GuestBench tcp|smc4j|preload [MAPS]");
            System.exit(2);
        }
        if (BUFFERED.equals(ONLY)) {
            System.setProperty(SmcConfig.BUFFER_BYTES, String.valueOf(BUFFER_BYTES)); // before the library is used
        }
        GuestBench bench = new GuestBench(args[0], SIDES.get(args[0]));
        bench.measure();
        if (args.length == 2) {
            Files.writeString(Path.of(args[1]), bench.marked + Files.readString(Path.of("/proc/self/maps")));
        }
        // Netty's threads stay a while.
        System.exit(0);
    }

    private void measure() throws IOException {
        Loads channels = side.channels.loads();
        // With a cold JIT, as a program that connects now and then has it.
        measure("short-connection", channels::connects, 0, 600);
        measure("blocking", () -> channels.roundTrips(BYTES), 20, 8_000);
        measure("selector", () -> channels.selecting(1, BYTES), 20, 8_000);
        measure("java.net.Socket", () -> side.sockets.loads().roundTrips(BYTES), 20, 8_000);
        measure("streaming", channels::stream, 6, 60);
        if (BUFFERED.equals(ONLY) && !name.equals("preload")) {
            measure(BUFFERED, channels::stream, 20, 60);
        }
        measure("netty", () -> side.netty.loads().roundTrips(BYTES), 20, 8_000);
    }

    private void measure(String operation, Opening opening, int warmUp, int part) throws IOException {
        if (ONLY != null && !ONLY.equals(operation)) {
            return;
        }
        try (Load load = opening.open()) {
            check(load.wires());
            for (int i = 0; i < warmUp; i++) {
                load.run(part); // in parts, as it is measured: a loop compiled before it ever ended is compiled anew when it does
            }
            long min = Long.MAX_VALUE;
            long max = 0;
            long last = 0;
            for (int i = 0; i < (warmUp == 0 ? 1 : PARTS); i++) {
                long begin = System.nanoTime();
                load.run(part);
                last = System.nanoTime() - begin;
                min = Math.min(min, last);
                max = Math.max(max, last);
            }
            if (warmUp != 0 && !operation.equals(BUFFERED)) { // that has no figure for each side to compare
                Mark.set();
                load.run(part);
                Mark.set();
                marked.append(name).append(' ').append(operation).append(' ').append(part).append('\n');
            }
            check(load.wires());
            System.out.printf(Locale.ROOT, "%s %s %d %.1f%n", name, operation, last / part, 100.0 * (max - min) / max);
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private void check(List<String> wires) throws IOException {
        for (String wire : wires) {
            if (!wire.equals(side.wire)) {
                throw new IOException(name + ": the kernel says that a connection is over " + wire + ", not " + side.wire);
            }
        }
    }
}
