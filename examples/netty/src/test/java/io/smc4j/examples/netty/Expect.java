package io.smc4j.examples.netty;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/**
 * Runs an example and looks at what it prints. {@code -Dsmc.netty.expect} is the path that both ends are to take: TCP, the default, on a machine
 * without AF_SMC; the lab has SMC_D and SMC_R.
 */
final class Expect {

    static final String PATH = System.getProperty("smc.netty.expect", "TCP");

    interface Program {
        void run() throws Exception;
    }

    private Expect() {
    }

    /** Both ends on {@link #PATH}, and these lines. */
    static void bothEnds(Program program, String... lines) throws Exception {
        ends(PATH, PATH, program, lines);
    }

    /** Each end on its path, and these lines. */
    static void ends(String client, String server, Program program, String... lines) throws Exception {
        PrintStream console = System.out;
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
        try {
            program.run();
        } finally {
            System.setOut(console);
            console.println(out.toString(StandardCharsets.UTF_8).strip());
        }
        String printed = out.toString(StandardCharsets.UTF_8);
        for (String line : lines) {
            assertTrue(printed.contains(line), () -> "no '" + line + "' in: " + printed);
        }
        assertTrue(printed.contains("client end: " + client), printed);
        assertTrue(printed.contains("server end: " + server), printed);
    }
}
