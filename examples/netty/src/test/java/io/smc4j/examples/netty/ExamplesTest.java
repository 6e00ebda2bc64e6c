package io.smc4j.examples.netty;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * The examples do what they say. {@code -Dsmc.netty.expect} is the path that both ends are to take: TCP, the default, on a machine without
 * AF_SMC; the lab has SMC_D and SMC_R.
 */
@Timeout(value = 300, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ExamplesTest {

    private static final String EXPECT = System.getProperty("smc.netty.expect", "TCP");

    private interface Program {
        void run() throws Exception;
    }

    private static void expect(Program program, String... lines) throws Exception {
        PrintStream console = System.out;
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
        try {
            program.run();
        } finally {
            System.setOut(console);
        }
        String printed = out.toString(StandardCharsets.UTF_8);
        console.println(printed.strip());
        for (String line : lines) {
            assertTrue(printed.contains(line), () -> "no '" + line + "' in: " + printed);
        }
        assertTrue(printed.contains("client end: " + EXPECT), printed);
        assertTrue(printed.contains("server end: " + EXPECT), printed);
    }

    @Test
    void grpc() throws Exception {
        expect(() -> GrpcExample.main(new String[0]), "1000 unary calls answered", "1000 streamed messages received in order");
    }

    @Test
    void reactorNetty() throws Exception {
        expect(() -> ReactorNettyExample.main(new String[0]), "1000 requests answered");
    }
}
