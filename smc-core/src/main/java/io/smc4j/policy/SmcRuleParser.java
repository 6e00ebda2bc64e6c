package io.smc4j.policy;

import io.smc4j.policy.SmcRule.Action;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads rule files:
 * <pre>
 * file    := *(line newline)                         UTF-8, at most {@value #MAX_BYTES} bytes
 * line    := [LWSP] [rule] [LWSP]  |  [LWSP] "#" comment
 * rule    := ("connect" | "bind") 1*LWSP address 1*LWSP ports [1*LWSP ("smc" | "tcp")]
 * address := "*" | hostname | ipaddress["/"prefix]
 * ports   := "*" | port | (port | "*") "-" (port | "*")
 * LWSP    := space | tab
 * </pre>
 * Words are read in any case. The first rule that matches decides; without its last word a rule means SMC, so that a file for the JDK's
 * SDP support ({@code com.sun.sdp.conf}, JDK 7 to 25) reads as it is. Differences to that: a host that is unknown is no error (it is
 * looked up again at the next load), {@code /0} is allowed, IPv4-mapped IPv6 addresses are IPv4 addresses, and what the SDP reader let
 * pass without documenting it is an error: ports with a side missing ({@code 80-}) or out of range, IPv4 addresses of fewer than four
 * numbers, IPv6 zones, a prefix behind a host name.
 *
 * <p>A file is good as a whole or not at all: one bad line throws {@link SmcRuleException}. Nothing here looks a name up.
 *
 * <p>Thread-safety: no state.
 */
public final class SmcRuleParser {

    /** Longest rule file, bytes: a bound against a path that names something else. */
    public static final int MAX_BYTES = 1 << 20;

    private SmcRuleParser() {
    }

    /** The rules of a file; throws {@link SmcRuleException} where it cannot be read or a line is bad. */
    public static List<SmcRule> parse(String file) {
        try (InputStream in = Files.newInputStream(Path.of(file))) {
            return parse(file, in.readNBytes(MAX_BYTES + 1));
        } catch (IOException | InvalidPathException | SecurityException e) {
            throw new SmcRuleException(SmcRuleException.printable(file), "cannot be read (" + e + ")", e);
        }
    }

    /**
     * The rules in a file's bytes.
     *
     * @param file its name, for messages
     */
    public static List<SmcRule> parse(String file, byte[] bytes) {
        String name = SmcRuleException.printable(file);
        if (bytes.length > MAX_BYTES) {
            throw new SmcRuleException(name, "longer than " + MAX_BYTES + " bytes", null);
        }
        String text;
        try {
            text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
        } catch (CharacterCodingException e) {
            throw new SmcRuleException(name, "not UTF-8", e);
        }
        List<SmcRule> rules = new ArrayList<>();
        int number = 0;
        for (String line : text.split("\r\n|\n|\r", -1)) {
            number++;
            String rule = stripBlanks(line);
            if (!rule.isEmpty() && rule.charAt(0) != '#') {
                rules.add(parseLine(name, number, rule));
            }
        }
        return List.copyOf(rules);
    }

    private static SmcRule parseLine(String file, int number, String line) {
        String[] words = line.split("[ \t]+");
        if (words.length < 3 || words.length > 4) {
            throw new SmcRuleException(file, number, line, "expected (connect | bind) address ports [smc | tcp]");
        }
        Action action = word(words[0], Action.CONNECT, Action.BIND);
        if (action == null) {
            throw new SmcRuleException(file, number, line, "expected connect or bind as the first word");
        }
        Boolean smc = words.length == 3 || words[3].equalsIgnoreCase("smc") ? Boolean.TRUE : words[3].equalsIgnoreCase("tcp") ? Boolean.FALSE : null;
        if (smc == null) {
            throw new SmcRuleException(file, number, line, "expected smc or tcp as the last word");
        }
        int dash = words[2].indexOf('-');
        int from = port(dash < 0 ? words[2] : words[2].substring(0, dash), 0);
        int to = dash < 0 && !words[2].equals("*") ? from : port(words[2].substring(dash + 1), SmcRule.MAX_PORT);
        if (from < 0 || to < 0) {
            throw new SmcRuleException(file, number, line, "expected ports as *, p, p-q or p-*, from 0 to " + SmcRule.MAX_PORT);
        }
        try {
            return new SmcRule(action, words[1], from, to, smc, number);
        } catch (IllegalArgumentException e) {
            throw new SmcRuleException(file, number, line, e.getMessage());
        }
    }

    private static Action word(String text, Action... actions) {
        for (Action action : actions) {
            if (action.name().equalsIgnoreCase(text)) {
                return action;
            }
        }
        return null;
    }

    private static int port(String text, int star) {
        return text.equals("*") ? star : Ip.decimal(text, SmcRule.MAX_PORT);
    }

    private static String stripBlanks(String line) {
        int start = 0;
        int end = line.length();
        while (start < end && isBlank(line.charAt(start))) {
            start++;
        }
        while (start < end && isBlank(line.charAt(end - 1))) {
            end--;
        }
        return line.substring(start, end);
    }

    private static boolean isBlank(char c) {
        return c == ' ' || c == '\t';
    }
}
