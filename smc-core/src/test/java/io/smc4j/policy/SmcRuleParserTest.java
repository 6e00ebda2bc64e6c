package io.smc4j.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.smc4j.policy.SmcRule.Action;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SmcRuleParserTest {

    /** The forms that the Java Tutorials' page on SDP configuration files shows, and the reader's freedom in case and blanks. */
    private static final String SDP_FILE = """
            # Use SDP when binding to 192.0.2.1
            bind 192.0.2.1 *

            # Use SDP when connecting to all application services on 192.0.2.*
            connect 192.0.2.0/24     1024-*

            # Use SDP when connecting to the http server or a database on examplecluster.com
            connect examplecluster.com   80
              CONNECT\texamplecluster.com   3306-3310\t
            connect 2001:db8::/32 *-1023
            connect * *-*
            """;

    @Test
    void sdpFileReadsAsItIs() {
        assertEquals(List.of(
                new SmcRule(Action.BIND, "192.0.2.1", 0, 65_535, true, 2),
                new SmcRule(Action.CONNECT, "192.0.2.0/24", 1_024, 65_535, true, 5),
                new SmcRule(Action.CONNECT, "examplecluster.com", 80, 80, true, 8),
                new SmcRule(Action.CONNECT, "examplecluster.com", 3_306, 3_310, true, 9),
                new SmcRule(Action.CONNECT, "2001:db8::/32", 0, 1_023, true, 10),
                new SmcRule(Action.CONNECT, "*", 0, 65_535, true, 11)), parse(SDP_FILE));
    }

    @Test
    void lastWordSaysWhich() {
        assertTrue(parse("connect * 80 smc").get(0).smc());
        assertFalse(parse("connect * 80 TCP").get(0).smc());
    }

    @Test
    void lineEndsOfAllKindsAndNoneAtTheEnd() {
        assertEquals(List.of(1, 2, 3, 4), parse("connect * 1\r\nconnect * 2\rconnect * 3\nconnect * 4").stream().map(SmcRule::line).toList());
        assertEquals(List.of(), parse(""));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "accept * 80             | connect or bind as the first word",
        "connect *               | (connect | bind) address ports [smc | tcp]",
        "connect                 | (connect | bind) address ports [smc | tcp]",
        "connect * 80 smc tcp    | (connect | bind) address ports [smc | tcp]",
        "connect * 80 sdp        | smc or tcp as the last word",
        "connect * 80 # web      | (connect | bind) address ports [smc | tcp]",
        "connect * 65536         | ports",
        "connect * -1            | ports",
        "connect * 80-           | ports",
        "connect * -80           | ports",
        "connect * 1-2-3         | ports",
        "connect * +80           | ports",
        "connect * http          | ports",
        "connect * 0x50          | ports",
        "connect * ''            | ports",
        "connect * 90-80         | the lower one first",
        "connect 10.0.0.0/33 *   | an IP address with or without /prefix",
        "connect 10.0.0.0/-1 *   | an IP address with or without /prefix",
        "connect 10.0.0.0/ *     | an IP address with or without /prefix",
        "connect 10.0.0.0/8/8 *  | an IP address with or without /prefix",
        "connect 10.0.0.256 *    | an IP address with or without /prefix",
        "connect 10.0.0 *        | an IP address with or without /prefix",
        "connect 10.0.0.01 *     | an IP address with or without /prefix",
        "connect host.7 *        | an IP address with or without /prefix",
        "connect host/24 *       | an IP address with or without /prefix",
        "connect */8 *           | an IP address with or without /prefix",
        "connect ::/129 *        | an IP address with or without /prefix",
        "connect ::ffff:10.0.0.0/95 * | an IP address with or without /prefix",
        "connect 1:2:3 *         | an IP address with or without /prefix",
        "connect fe80::1%eth0 *  | an IP address with or without /prefix",
        "connect [::1] *         | an IP address with or without /prefix",
        "connect a..b *          | an IP address with or without /prefix",
        "connect -a *            | an IP address with or without /prefix",
        "connect h\u00f6st *     | an IP address with or without /prefix"})
    void badLineNamesFileLineTextAndWhatWasExpected(String line, String expected) {
        SmcRuleException e = assertThrows(SmcRuleException.class, () -> parse("# rules\nconnect * 80\n" + line + "\n"));
        assertEquals(3, e.line());
        assertTrue(e.getMessage().startsWith("test.conf:3: '" + line.strip() + "': expected "), e.getMessage());
        assertTrue(e.getMessage().contains(expected), e.getMessage());
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "a.b.c.", "a-b", "_sip._tcp.example.com", "10.example", "xn--hst-sna.example", "::", "::1", "1:2:3:4:5:6:7:8", "::ffff:1.2.3.4",
        "::ffff:10.0.0.0/104", "0.0.0.0/0", "::/0", "255.255.255.255/32", "2001:DB8::/128"})
    void addressesThatAreGood(String address) {
        assertEquals(address, parse("bind " + address + " *").get(0).address());
    }

    @Test
    void controlCharactersDoNotReachTheMessage() {
        String message = assertThrows(SmcRuleException.class, () -> parse("connect \u001b[31m\u2028 *" + "x".repeat(500))).getMessage();
        assertEquals(-1, message.indexOf('\u001b'));
        assertEquals(-1, message.indexOf('\u2028'));
        assertTrue(message.length() < 300, message);
    }

    @Test
    void fileAsAWhole(@TempDir Path directory) throws IOException {
        Path file = directory.resolve("rules");
        assertProblem(file, "cannot be read");
        Files.write(file, new byte[] {'#', (byte) 0xc3, '\n'});
        assertProblem(file, "not UTF-8");
        Files.write(file, new byte[SmcRuleParser.MAX_BYTES + 1]);
        assertProblem(file, "longer than 1048576 bytes");
        assertProblem(directory, "cannot be read");
        assertProblem(Path.of("/dev/zero"), "longer than 1048576 bytes");
        assertThrows(SmcRuleException.class, () -> SmcRuleParser.parse("a\0b"));
        Files.writeString(file, "connect * 80\n");
        assertEquals(1, SmcRuleParser.parse(file.toString()).size());
    }

    private static void assertProblem(Path file, String problem) {
        SmcRuleException e = assertThrows(SmcRuleException.class, () -> SmcRuleParser.parse(file.toString()));
        assertEquals(0, e.line());
        assertTrue(e.getMessage().startsWith(file + ": " + problem), e.getMessage());
    }

    private static List<SmcRule> parse(String text) {
        return SmcRuleParser.parse("test.conf", text.getBytes(StandardCharsets.UTF_8));
    }
}
