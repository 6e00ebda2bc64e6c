package io.smc4j;

import io.smc4j.SmcConfig.EffectiveMode;
import io.smc4j.SmcConfig.Mode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * The pod's annotations as the kubelet's Downward API volume writes them, one a line:
 * <pre>
 * line   := key "=" quoted
 * key    := 1*(letter | digit | "-" | "_" | "." | "/")
 * quoted := '"' *(character | escape) '"'                   Go's strconv.Quote
 * escape := "\" ("a" | "b" | "f" | "n" | "r" | "t" | "v" | "\" | '"' | "x" 2hex | "u" 4hex | "U" 8hex)
 * </pre>
 * Anything else makes the whole file bad: what is half understood is not acted on.
 *
 * <p>Thread-safety: safe for any thread; the file in use is kept in one immutable object.
 */
final class PodAnnotations {

    /** Kubernetes allows 256 KiB of annotations; quoting makes a byte at most 10 ({@code \U0010ffff}). */
    static final int MAX_BYTES = 10 * 256 * 1024;

    private record Read(String file, long atNanos, EffectiveMode mode) {
    }

    private static volatile Read last;

    private PodAnnotations() {
    }

    /** What the annotations in a file say, read again at most once in {@code everyMs} (0: once). */
    static EffectiveMode mode(String file, long everyMs) {
        Read known = last;
        long now = System.nanoTime();
        if (known != null && known.file.equals(file)
                && (everyMs == 0 || now - known.atNanos < TimeUnit.MILLISECONDS.toNanos(everyMs))) {
            return known.mode;
        }
        EffectiveMode mode = read(file);
        last = new Read(file, now, mode);
        return mode;
    }

    private static EffectiveMode read(String file) {
        String source = SmcConfig.ANNOTATIONS + "=" + SmcConfig.printable(file);
        try (InputStream in = Files.newInputStream(Path.of(file))) {
            byte[] bytes = in.readNBytes(MAX_BYTES + 1);
            if (bytes.length > MAX_BYTES) {
                return off(source, "longer than " + MAX_BYTES + " bytes");
            }
            String value = parse(bytes).get(SmcConfig.ANNOTATION_ENABLED);
            if (value == null) {
                return new EffectiveMode(Mode.AUTO, "default; " + source + " does not state " + SmcConfig.ANNOTATION_ENABLED);
            }
            String stated = "annotation " + SmcConfig.ANNOTATION_ENABLED + "=\"" + SmcConfig.printable(value) + "\"";
            if (value.equals("true") || value.equals("false")) {
                return new EffectiveMode(value.equals("true") ? Mode.AUTO : Mode.OFF, stated);
            }
            return off(stated, "expected \"true\" or \"false\"");
        } catch (IOException | InvalidPathException | SecurityException e) {
            return off(source, "cannot be read (" + e + ")");
        } catch (SmcConfigException e) {
            return off(source, e.getMessage());
        }
    }

    /** The pod may have said "false" in what we cannot read. */
    private static EffectiveMode off(String source, String why) {
        String line = source + ": " + why;
        SmcConfig.warnOnce(line + "; SMC stays off: mend it, or set " + SmcConfig.MODE);
        return new EffectiveMode(Mode.OFF, line);
    }

    /** All annotations, in the file's order; throws {@link SmcConfigException} with the line's number where one is not as the grammar says. */
    static Map<String, String> parse(byte[] file) {
        String text;
        try {
            text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(file)).toString();
        } catch (CharacterCodingException e) {
            throw new SmcConfigException("not UTF-8", e);
        }
        Map<String, String> all = new LinkedHashMap<>();
        int number = 0;
        for (String line : text.split("\n", -1)) {
            number++;
            if (line.isEmpty()) {
                continue;
            }
            int equals = line.indexOf('=');
            if (equals <= 0 || !line.substring(0, equals).chars().allMatch(PodAnnotations::isKeyCharacter)) {
                throw bad(number, "expected key=\"value\"");
            }
            if (all.put(line.substring(0, equals), unquote(line, equals + 1, number)) != null) {
                throw bad(number, "a key that stands there already");
            }
        }
        return all;
    }

    private static boolean isKeyCharacter(int c) {
        return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '-' || c == '_' || c == '.' || c == '/';
    }

    private static String unquote(String line, int start, int number) {
        int end = line.length() - 1;
        if (end <= start || line.charAt(start) != '"' || line.charAt(end) != '"') {
            throw bad(number, "expected a value in double quotes");
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        int i = start + 1;
        while (i < end) {
            int c = line.codePointAt(i);
            i += Character.charCount(c);
            if (c == '"') {
                throw bad(number, "a double quote inside the value");
            }
            if (c != '\\') {
                bytes.writeBytes(Character.toString(c).getBytes(StandardCharsets.UTF_8));
                continue;
            }
            if (i >= end) {
                throw bad(number, "the value ends in a backslash");
            }
            i = escape(line, i, end, number, bytes);
        }
        return bytes.toString(StandardCharsets.UTF_8);
    }

    /** Reads the escape whose letter is at i; the index behind it. */
    private static int escape(String line, int i, int end, int number, ByteArrayOutputStream bytes) {
        char letter = line.charAt(i);
        int simple = "abfnrtv\\\"".indexOf(letter);
        if (simple >= 0) {
            bytes.write("\u0007\b\f\n\r\t\u000b\\\"".charAt(simple));
            return i + 1;
        }
        int digits = letter == 'x' ? 2 : letter == 'u' ? 4 : letter == 'U' ? 8 : 0;
        if (digits == 0 || i + digits >= end) {
            throw bad(number, "an unknown escape");
        }
        long value = 0;
        for (int k = i + 1; k <= i + digits; k++) {
            char c = line.charAt(k);
            int digit = c < 128 ? Character.digit(c, 16) : -1;
            if (digit < 0) {
                throw bad(number, "an unknown escape");
            }
            value = value << 4 | digit;
        }
        if (letter == 'x') {
            bytes.write((int) value);
        } else if (value > Character.MAX_CODE_POINT || value >= Character.MIN_SURROGATE && value <= Character.MAX_SURROGATE) {
            throw bad(number, "an escape that is no character");
        } else {
            bytes.writeBytes(Character.toString((int) value).getBytes(StandardCharsets.UTF_8));
        }
        return i + digits + 1;
    }

    private static SmcConfigException bad(int line, String what) {
        return new SmcConfigException("line " + line + ": " + what + "; a Downward API volume of metadata.annotations was expected");
    }
}
