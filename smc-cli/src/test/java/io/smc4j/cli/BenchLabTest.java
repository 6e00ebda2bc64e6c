package io.smc4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.smc4j.cli.bench.EchoServer;
import io.smc4j.cli.bench.Side;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetSocketAddress;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** {@code bench} on a live kernel: side smc is SMC by the kernel's word, on every connection, and fails where there is no device. */
class BenchLabTest {

    private static String lab;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @BeforeAll
    static void inTheLab() {
        lab = System.getenv("SMC_LAB");
        if (lab == null) {
            System.out.println("BenchLabTest skipped: not in the lab (SMC_LAB is not set)");
        }
        assumeTrue(lab != null, "not in the lab (SMC_LAB is not set)");
    }

    private int run(String... arguments) {
        CommandLine c = SmcCli.commandLine(arguments);
        c.setOut(new PrintWriter(out));
        c.setErr(new PrintWriter(err));
        return c.execute(arguments);
    }

    @Test
    void eachSideIsOnItsTransport() {
        int code = run("bench", "--compare", "tcp,smc", "--qps", "100", "--connections", "8", "--duration", "1s", "--warmup", "0s", "--rounds", "1", "--json");
        if ("no-device".equals(lab)) {
            assertEquals(SmcCli.NO, code, err::toString);
            assertTrue(err.toString().contains("8 of 8 connections are not SMC but 8 TCP; this machine has no SMC: no usable SMC device"), err::toString);
            return;
        }
        assertEquals(SmcCli.OK, code, err::toString);
        String mode = "smcd".equals(lab) ? "SMC_D" : "SMC_R";
        assertModes("tcp", "TCP");
        assertModes("smc", mode);
        assertTrue(out.toString().contains("\"emulated\" : true"), out::toString);
        assertTrue(out.toString().contains("emulated ("), "a note says so");
    }

    private void assertModes(String side, String mode) {
        Pattern p = Pattern.compile("\"side\" : \"" + side + "\",[^}]*?\"modes\" : \\{\\s*\"" + mode + "\" : 8\\s*},\\s*\"others\" : 0,");
        assertTrue(p.matcher(out.toString()).find(), () -> p + " in\n" + out);
    }

    /** A listener of side tcp makes an SMC client fall back: the reason is the kernel's. */
    @Test
    void aFallbackIsAFailureWithTheKernelsReason() throws Exception {
        assumeTrue(!"no-device".equals(lab), "needs SMC");
        try (EchoServer server = new EchoServer(Side.TCP, new InetSocketAddress("127.0.0.1", 0), 1)) {
            int code = run("bench", "--server", "127.0.0.1:" + server.address().getPort(), "--connections", "2", "--duration", "1s");
            assertEquals(SmcCli.NO, code, err::toString);
            assertTrue(err.toString().contains("2 of 2 connections are not SMC but 2 TCP; PEERNOSMC (0x03010000)"), err::toString);
        }
    }
}
