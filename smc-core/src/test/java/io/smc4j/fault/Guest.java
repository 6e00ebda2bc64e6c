package io.smc4j.fault;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.smc4j.diag.SmcConnections;
import io.smc4j.diag.SmcMode;
import io.smc4j.internal.ChannelFd;
import io.smc4j.internal.Conversion;
import io.smc4j.internal.DefaultProvider;
import io.smc4j.internal.Natives;
import io.smc4j.internal.SocketFamily;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.channels.SocketChannel;
import java.nio.channels.spi.SelectorProvider;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The guest of the lab that the tests run in. */
final class Guest {

    /** {@code smcd}, {@code smcr} or {@code no-device}; null outside the lab. */
    static final String MODE = System.getenv("SMC_LAB");

    private Guest() {
    }

    /** Runs a command that must succeed; answers its output. */
    static String run(String... command) throws IOException, InterruptedException {
        assertTrue(MODE != null, "changes the network: only in the lab");
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes());
        assertEquals(0, process.waitFor(), () -> List.of(command) + ": " + output);
        return output;
    }

    /** As {@link #run}, of a command line. */
    static String ip(String line) throws IOException, InterruptedException {
        return run(line.split(" "));
    }

    /** The JDK's own provider. */
    static SelectorProvider jdk() {
        return DefaultProvider.get();
    }

    /** A channel of the JDK, without any of our code. */
    static SocketChannel plainTcp() throws IOException {
        return jdk().openSocketChannel(StandardProtocolFamily.INET);
    }

    /** A channel of the JDK over a naked AF_SMC socket: what smc_run would make of it. */
    static SocketChannel nakedSmc() throws IOException {
        SocketChannel channel = plainTcp();
        Conversion.convert(Natives.calls(), ChannelFd.of(channel), SocketFamily.SMC, false);
        return channel;
    }

    /** What connections over loopback are in this guest. */
    static SmcMode expected() {
        return switch (MODE) {
            case "smcd" -> SmcMode.SMC_D;
            case "smcr" -> SmcMode.SMC_R;
            default -> SmcMode.TCP;
        };
    }

    /** Asserts by smc_diag that a connected channel, the JDK's or ours, runs over this guest's kind of SMC. */
    static <C extends SocketChannel> C assertSmc(C channel) throws IOException {
        assertEquals(expected(), SmcConnections.of(ChannelFd.of(channel)).mode(), () -> "path of " + channel);
        return channel;
    }

    /** Asserts that a connected channel runs over TCP. */
    static <C extends SocketChannel> C assertTcp(C channel) throws IOException {
        assertEquals(SmcMode.TCP, SmcConnections.of(ChannelFd.of(channel)).mode(), () -> "path of " + channel);
        return channel;
    }

    static InetSocketAddress loopback(int port) {
        return new InetSocketAddress("127.0.0.1", port);
    }

    static long millisSince(long nanoTime) {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - nanoTime);
    }
}
