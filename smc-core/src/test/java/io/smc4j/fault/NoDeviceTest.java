package io.smc4j.fault;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.smc4j.fault.RawServer.Application;
import io.smc4j.fault.RawServer.Connection;
import io.smc4j.fault.RawServer.Middlebox;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;

/**
 * A kernel with AF_SMC and no SMC device. An AF_SMC socket would gain nothing there, and behind a middlebox that replays the option put a DECLINE
 * in front of the program's bytes: so none is ever opened.
 */
@EnabledIfEnvironmentVariable(named = "SMC_LAB", matches = "no-device", disabledReason = "needs lab/run --no-device: src/test/sh/fault.sh")
@Timeout(value = 180, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class NoDeviceTest {

    @Test
    void afSmcIsNeverOpened() throws Exception {
        Path trace = Files.createTempFile("sockets", ".strace");
        try (RawLink link = new RawLink(1)) {
            RawServer server = new RawServer(link);
            InetSocketAddress to = server.start(Middlebox.REPLAYS, Application.SILENT);
            List<String> strace = List.of("strace", "-f", "-qq", "-e", "trace=socket", "-o", trace.toString());
            try (Child child = Child.start(strace, List.of(), Talk.class, to.getAddress().getHostAddress(), to.getPort())) {
                assertTrue(child.line().startsWith("listens on "));
                for (Way way : Way.values()) {
                    assertEquals(RawServer.ASK, child.line(), "answer, " + way);
                }
                assertEquals(0, child.await());
            }
            List<Connection> connections = server.connections(to);
            assertEquals(Way.values().length, connections.size());
            for (Connection connection : connections) {
                assertFalse(connection.hadOption(), "option 254 in a SYN");
                assertEquals(RawServer.ASK, connection.received(), "all that the application got");
            }
        }
        try (Stream<String> lines = Files.lines(trace)) {
            List<String> sockets = lines.filter(line -> line.contains("socket(")).toList();
            assertTrue(sockets.stream().anyMatch(line -> line.contains("socket(AF_INET, SOCK_STREAM")), () -> "traced: " + sockets);
            List<String> smc = sockets.stream().filter(line -> line.contains("AF_SMC") || line.contains("socket(0x2b") || line.contains("IPPROTO_SMC")).toList();
            assertEquals(List.of(), smc);
        } finally {
            Files.delete(trace);
        }
    }
}
