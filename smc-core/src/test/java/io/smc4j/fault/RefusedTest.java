package io.smc4j.fault;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.smc4j.fault.RawServer.Application;
import io.smc4j.fault.RawServer.Middlebox;
import io.smc4j.policy.ConnectDecider;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.NoRouteToHostException;
import java.nio.channels.SocketChannel;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What TCP's own answer to the SYN decides is not tried again: the JDK's exceptions, at about the JDK's speed, and nothing is learnt. */
@InLab
class RefusedTest {

    /** How much slower than the JDK's own channel: generous, the guest is emulated. */
    private static final long SLOWER_MS = 400;

    private static RawLink link;
    private static RawServer server;

    @BeforeAll
    static void prepare() throws Exception {
        link = new RawLink(3);
        server = new RawServer(link);
        Guest.ip("ip route add unreachable 10.98.0.0/16");
        for (Way way : Way.values()) { // classes are loaded once, and not on the clock
            InetSocketAddress to = server.start(Middlebox.REFUSES, Application.SILENT);
            fails(way, Guest.plainTcp(), to);
            fails(way, SocketChannel.open(), to);
        }
    }

    @AfterAll
    static void cleanUp() throws Exception {
        Guest.ip("ip route delete unreachable 10.98.0.0/16");
        link.close();
    }

    private record Failure(IOException exception, long millis) {
    }

    private static Failure fails(Way way, SocketChannel channel, InetSocketAddress to) throws IOException {
        try (channel) {
            long start = System.nanoTime();
            IOException e = assertThrows(IOException.class, () -> way.connect(channel, to));
            return new Failure(e, Guest.millisSince(start));
        }
    }

    private static void sameAsTheJdk(Way way, InetSocketAddress to, Class<? extends IOException> type) throws IOException {
        Failure jdk = fails(way, Guest.plainTcp(), to);
        Failure ours = fails(way, SocketChannel.open(), to);
        System.out.println(way + " " + to + ": " + ours + ", JDK " + jdk);
        assertEquals(type, jdk.exception.getClass());
        assertEquals(jdk.exception.getClass(), ours.exception.getClass());
        assertEquals(jdk.exception.getMessage(), ours.exception.getMessage());
        assertTrue(ours.millis <= jdk.millis + SLOWER_MS, () -> "took " + ours.millis + " ms, the JDK " + jdk.millis);
        assertTrue(ConnectDecider.current().memory().snapshot().stream().noneMatch(s -> s.peer().equals(to)), "learnt from TCP's own answer");
    }

    @ParameterizedTest
    @EnumSource
    void refused(Way way) throws Exception {
        InetSocketAddress to = server.start(Middlebox.REFUSES, Application.SILENT);
        sameAsTheJdk(way, to, ConnectException.class);
        assertEquals(2, server.connections(to).size(), "one SYN each");
        assertTrue(server.connections(to).get(1).hadOption(), "by way of SMC");
    }

    @ParameterizedTest
    @EnumSource
    void refusedOnLoopback(Way way) throws Exception {
        sameAsTheJdk(way, Guest.loopback(1), ConnectException.class);
    }

    @ParameterizedTest
    @EnumSource
    void unreachable(Way way) throws Exception {
        sameAsTheJdk(way, new InetSocketAddress("10.98.0.1", 80), NoRouteToHostException.class);
    }
}
