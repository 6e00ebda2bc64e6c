package io.smc4j.policy;

import io.smc4j.SmcConfigException;

/**
 * A rule file that cannot be used. The message names the file, the line, its text and what was expected there.
 */
public final class SmcRuleException extends SmcConfigException {

    private static final long serialVersionUID = 1L;
    private static final int MAX_TEXT = 120;

    /** The line's number, from 1; 0 where the file as a whole is bad. */
    private final int line;

    SmcRuleException(String file, int line, String text, String expected) {
        super(file + ":" + line + ": '" + printable(text) + "': " + expected);
        this.line = line;
    }

    SmcRuleException(String file, String problem, Throwable cause) {
        super(file + ": " + problem, cause);
        this.line = 0;
    }

    /** The number of the bad line, from 1; 0 where the file as a whole is bad. */
    public int line() {
        return line;
    }

    /** What a file says, fit for one line of a log. */
    static String printable(String text) {
        StringBuilder out = new StringBuilder();
        text.codePoints().limit(MAX_TEXT)
                .forEach(c -> out.appendCodePoint(Character.isISOControl(c) && c != '\t' || c == 0x2028 || c == 0x2029 ? '?' : c));
        return text.codePointCount(0, text.length()) > MAX_TEXT ? out + "..." : out.toString();
    }
}
