package io.smc4j.jmh;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Collection;
import java.util.EnumSet;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.CommandLineOptions;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/** Each benchmark runs over each transport that every machine has, and none over another. */
class SmokeTest {

    private static final Set<Transport> HOST = EnumSet.of(Transport.JDK_TCP, Transport.SMC4J_TCP, Transport.SOCKET_TCP, Transport.SMC4J_SOCKET_TCP,
            Transport.NETTY_TCP, Transport.SMC4J_NETTY_TCP, Transport.UNIX_JDK, Transport.UNIX_JNR);

    /** One iteration of 20 ms, in this JVM; failures end it. */
    private static Collection<RunResult> run(Set<Transport> transports, String... arguments) throws Exception {
        return new Runner(JmhMain.options(new CommandLineOptions(arguments), transports).forks(0).warmupIterations(0).measurementIterations(1)
                .measurementTime(TimeValue.milliseconds(20)).shouldFailOnError(true).verbosity(VerboseMode.SILENT).build()).run();
    }

    @ParameterizedTest
    @CsvSource({"RoundTrip, 16, transport", "Streaming, 8, transport", "\\.Connect\\., 8, transport", "ManyConnections, 12, selector", "TruthQuery, 2, channel"})
    void resultNamesWhatTheKernelSaid(String benchmark, int expected, String param) throws Exception {
        Collection<RunResult> results = run(HOST, benchmark, "-p", "bytes=1,65536", "-p", "connections=" + (param.equals("channel") ? "1" : "1,256"));
        assertEquals(expected, results.size());
        for (RunResult result : results) {
            Transport transport = Transport.valueOf(result.getParams().getParam(param));
            Set<String> rows = new TreeSet<>(result.getSecondaryResults().keySet());
            rows.removeIf(row -> !row.startsWith("kernel."));
            assertEquals(Set.of("kernel." + transport.wire()), rows, transport.name());
            assertTrue(result.getPrimaryResult().getScore() > 0, transport.name());
        }
    }

    @Test
    void policyDecision() throws Exception {
        assertEquals(3, run(HOST, "PolicyDecision").size());
    }

    /** A transport that is not what it says: the kernel's word is compared, for real connections. */
    @ParameterizedTest
    @EnumSource(Transport.class)
    void anotherTransportFails(Transport named) throws Exception {
        Transport other = named.wire().equals("TCP") ? Transport.UNIX_JDK : Transport.JDK_TCP;
        try (Load load = other.loads().roundTrips(1)) {
            IllegalStateException e = assertThrows(IllegalStateException.class, () -> named.check(load.wires()));
            assertTrue(e.getMessage().endsWith("over " + other.wire() + ", not " + named.wire()), e.getMessage());
        }
    }

    /** This process is under no preload library, so the kernel says TCP wherever it runs. */
    @Test
    void benchmarkOverAnotherTransportFails() {
        assertThrows(RunnerException.class, () -> run(EnumSet.of(Transport.PRELOAD_SMC_D), "\\.Connect\\."));
    }

    @Test
    void everyHostTransportIsAvailable() {
        for (Transport transport : HOST) {
            assertNull(transport.unavailable(), transport.name());
        }
    }
}
