package io.smc4j;

import java.lang.System.Logger.Level;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Every setting of the library: its name, its default and its unit; {@link SmcSetting#all()} describes each. A setting is looked up as a
 * system property, then as an environment variable ({@code SMC_MODE} for {@code smc.mode}), then it has its default.
 *
 * <p>A value that cannot be used is logged once at WARNING, with the setting, the value and what was expected, and the default stands;
 * where {@code smc.mode=require} the same line is a {@link SmcConfigException} instead.
 *
 * <p>Thread-safety: safe for any thread. A setting is read each time it is asked for, which costs map lookups: keep the value where it is
 * asked for on each connection.
 */
public final class SmcConfig {

    /** What the library may do. */
    public enum Mode {
        /** SMC where both ends can, TCP elsewhere. */
        AUTO,
        /** TCP only; the native library is not loaded. */
        OFF,
        /** SMC or an error: a missing SMC fails open, bind or connect. */
        REQUIRE
    }

    /**
     * The mode in force and who said so.
     *
     * @param mode   the mode
     * @param source where it comes from, for a person: {@code "system property smc.mode=off"}
     */
    public record EffectiveMode(Mode mode, String source) {
        @Override
        public String toString() {
            return mode.name().toLowerCase(Locale.ROOT) + " (" + source + ")";
        }
    }

    /** {@code auto} (default), {@code off} or {@code require}. */
    public static final String MODE = "smc.mode";
    /** Path of the rule file. No default. */
    public static final String RULES = "smc.rules";
    /** Least time between two looks at whether the rule file, the mode or the annotation changed; milliseconds, 0 = never look again. */
    public static final String RULES_RELOAD_MS = "smc.rules.reload";
    /** Default of {@link #RULES_RELOAD_MS}, milliseconds. */
    public static final long RULES_RELOAD_MS_DEFAULT = 5_000;
    /** What no rule matches: {@code smc} (default) or {@code tcp}. */
    public static final String DEFAULT = "smc.default";
    /** Path of the pod's annotations (Downward API volume). No default. */
    public static final String ANNOTATIONS = "smc.annotations";
    /** The pod annotation that turns SMC on or off for a workload. */
    public static final String ANNOTATION_ENABLED = "smc.asm.alibabacloud.com/enabled";
    /** The bridge to the kernel: {@code auto} (default), {@code jni}, {@code jnr} or {@code off}. */
    public static final String NATIVE = "smc.native";
    /** Path of the native library; an explicit path is the only one tried. No default. */
    public static final String NATIVE_PATH = "smc.native.path";
    /** Directory in which the packed native library is unpacked for loading; default {@code java.io.tmpdir}. */
    public static final String NATIVE_TMPDIR = "smc.native.tmpdir";
    /** Whether each decision is logged at DEBUG: {@code true} or {@code false} (default). */
    public static final String LOG = "smc.log";
    /** How long an SMC connect may take before TCP is tried beside it; milliseconds. */
    public static final String CONNECT_PATIENCE_MS = "smc.connect.patience";
    /** Default of {@link #CONNECT_PATIENCE_MS}, milliseconds. */
    public static final long CONNECT_PATIENCE_MS_DEFAULT = 1_000;
    /** How long undelivered bytes are kept moving after close; milliseconds. */
    public static final String CLOSE_DRAIN_MAX_MS = "smc.close.drain.max";
    /** Default of {@link #CLOSE_DRAIN_MAX_MS}, milliseconds. */
    public static final long CLOSE_DRAIN_MAX_MS_DEFAULT = 30_000;
    /** How many peers are remembered; 0 = none. */
    public static final String MEMORY_SIZE = "smc.memory.size";
    /** Default of {@link #MEMORY_SIZE}, peers. */
    public static final long MEMORY_SIZE_DEFAULT = 4_096;
    /** First wait before a failed peer is tried again; milliseconds. */
    public static final String MEMORY_RETRY_MS = "smc.memory.retry";
    /** Default of {@link #MEMORY_RETRY_MS}, milliseconds. */
    public static final long MEMORY_RETRY_MS_DEFAULT = 60_000;
    /** Longest wait before a failed peer is tried again; milliseconds. */
    public static final String MEMORY_RETRY_MAX_MS = "smc.memory.retry.max";
    /** Default of {@link #MEMORY_RETRY_MAX_MS}, milliseconds. */
    public static final long MEMORY_RETRY_MAX_MS_DEFAULT = 3_600_000;
    /** After this long without news a peer is forgotten; milliseconds. */
    public static final String MEMORY_EXPIRY_MS = "smc.memory.expiry";
    /** Default of {@link #MEMORY_EXPIRY_MS}, milliseconds. */
    public static final long MEMORY_EXPIRY_MS_DEFAULT = 7_200_000;
    /** Fewer round trips than this make a connection a short one; 0 = none is. */
    public static final String SHORT_ROUND_TRIPS = "smc.short.round-trips";
    /**
     * Default of {@link #SHORT_ROUND_TRIPS}, round trips: measured from Java in the lab, an SMC connection with one round trip costs 566.1 thousand
     * instructions where TCP's costs 309.4, and each further 64-byte round trip saves 34.74 - 19.10 of them:
     * 1 + (566.1 - 309.4) / (34.74 - 19.10) = 17.4 ({@code smc-core/src/test/sh/short.sh}; docs/what-can-go-wrong.md).
     */
    public static final long SHORT_ROUND_TRIPS_DEFAULT = 18;
    /** So many short connections in a row make a peer a short one. */
    public static final String SHORT_CONNECTIONS = "smc.short.connections";
    /** Default of {@link #SHORT_CONNECTIONS}, connections. */
    public static final long SHORT_CONNECTIONS_DEFAULT = 3;
    /** Whether listeners ask for SMC_LIMIT_HS: {@code true} (default) or {@code false}. */
    public static final String LISTEN_LIMIT_HANDSHAKES = "smc.listen.limit-handshakes";
    /** Default of {@link #LISTEN_LIMIT_HANDSHAKES}. */
    public static final boolean LISTEN_LIMIT_HANDSHAKES_DEFAULT = true;
    /** Size of each of the two buffers of every SMC socket, where the program has not set its own; bytes, 0 = the kernel's (net.smc.wmem, net.smc.rmem). */
    public static final String BUFFER_BYTES = "smc.buffer.bytes";
    /** Default of {@link #BUFFER_BYTES}, bytes. */
    public static final long BUFFER_BYTES_DEFAULT = 0;
    /** Whether the counters are put into the platform's MBean server: {@code true} or {@code false} (default). */
    public static final String JMX = "smc.jmx";
    /** Default of {@link #JMX}. */
    public static final boolean JMX_DEFAULT = false;
    /** Switches a {@link SmcCapability} off; NAME stands for the constant's name in lower case. */
    public static final String CAPABILITY = "smc.capability.NAME";

    /** A year: no wait is longer, and no sum of two overflows. */
    private static final long MAX_MS = 31_536_000_000L;
    /** SMC's smallest buffer ({@code SMC_BUF_MIN_SIZE}), and its largest ({@code SMCR_RMBE_SIZES}: 16 KB * 2^15). */
    private static final int MIN_BUFFER = 16 << 10;
    private static final int MAX_BUFFER = 512 << 20;
    private static final Set<String> SAID = ConcurrentHashMap.newKeySet();

    private SmcConfig() {
    }

    /** The setting's text from the system property or the environment, trimmed; null where neither has it or it is empty. */
    public static String get(String name) {
        String value = property(name);
        return value != null ? value : environment(name);
    }

    /** {@code SMC_MODE} for {@code smc.mode}. */
    public static String environmentName(String name) {
        return name.toUpperCase(Locale.ROOT).replace('.', '_').replace('-', '_');
    }

    /** The mode in force; {@link #effectiveMode()} says where it comes from. */
    public static Mode mode() {
        return effectiveMode().mode();
    }

    /**
     * {@link #MODE} from the system property, then the environment, then the pod's annotation, then {@code auto}. A word that is no mode
     * counts as {@code off}: a mistyped switch must not switch something on.
     */
    public static EffectiveMode effectiveMode() {
        String word = property(MODE);
        if (word != null) {
            return parseMode(word, "system property " + MODE + "=" + printable(word));
        }
        word = environment(MODE);
        if (word != null) {
            return parseMode(word, "environment variable " + environmentName(MODE) + "=" + printable(word));
        }
        String file = get(ANNOTATIONS);
        return file != null ? PodAnnotations.mode(file, reloadMs()) : new EffectiveMode(Mode.AUTO, "default");
    }

    private static EffectiveMode parseMode(String word, String source) {
        for (Mode mode : Mode.values()) {
            if (mode.name().equalsIgnoreCase(word)) {
                return new EffectiveMode(mode, source);
            }
        }
        warnOnce(source + ": expected auto, off or require; SMC stays off");
        return new EffectiveMode(Mode.OFF, source + ", which is none of auto, off and require");
    }

    /** {@link #DEFAULT}: whether a connection that no rule matches is to use SMC; an unknown word counts as {@code tcp}. */
    public static boolean smcByDefault() {
        String word = get(DEFAULT);
        if (word == null || word.equalsIgnoreCase("smc")) {
            return true;
        }
        if (!word.equalsIgnoreCase("tcp")) {
            bad(DEFAULT, word, "expected smc or tcp", "tcp");
        }
        return false;
    }

    /** {@link #NATIVE}, in lower case; an unknown word counts as {@code off}. */
    public static String nativeBackend() {
        String word = get(NATIVE);
        if (word == null) {
            return "auto";
        }
        String lower = word.toLowerCase(Locale.ROOT);
        if (!Set.of("auto", "jni", "jnr", "off").contains(lower)) {
            bad(NATIVE, word, "expected auto, jni, jnr or off", "off");
            return "off";
        }
        return lower;
    }

    /** {@link #LOG}. */
    public static boolean logDecisions() {
        return flag(LOG, false);
    }

    /** {@link #RULES_RELOAD_MS}, milliseconds. */
    public static long reloadMs() {
        return number(RULES_RELOAD_MS, RULES_RELOAD_MS_DEFAULT, 0, MAX_MS);
    }

    /** {@link #CONNECT_PATIENCE_MS}, milliseconds. */
    public static long connectPatienceMs() {
        return number(CONNECT_PATIENCE_MS, CONNECT_PATIENCE_MS_DEFAULT, 1, MAX_MS);
    }

    /** {@link #CLOSE_DRAIN_MAX_MS}, milliseconds. */
    public static long closeDrainMaxMs() {
        return number(CLOSE_DRAIN_MAX_MS, CLOSE_DRAIN_MAX_MS_DEFAULT, 0, MAX_MS);
    }

    /** {@link #MEMORY_SIZE}, peers. */
    public static int memorySize() {
        return (int) number(MEMORY_SIZE, MEMORY_SIZE_DEFAULT, 0, 1 << 20);
    }

    /** {@link #MEMORY_RETRY_MS}, milliseconds. */
    public static long memoryRetryMs() {
        return number(MEMORY_RETRY_MS, MEMORY_RETRY_MS_DEFAULT, 1, MAX_MS);
    }

    /** {@link #MEMORY_RETRY_MAX_MS}, milliseconds. */
    public static long memoryRetryMaxMs() {
        return number(MEMORY_RETRY_MAX_MS, MEMORY_RETRY_MAX_MS_DEFAULT, 1, MAX_MS);
    }

    /** {@link #MEMORY_EXPIRY_MS}, milliseconds. */
    public static long memoryExpiryMs() {
        return number(MEMORY_EXPIRY_MS, MEMORY_EXPIRY_MS_DEFAULT, 1, MAX_MS);
    }

    /** {@link #SHORT_ROUND_TRIPS}. */
    public static int shortRoundTrips() {
        return (int) number(SHORT_ROUND_TRIPS, SHORT_ROUND_TRIPS_DEFAULT, 0, Integer.MAX_VALUE);
    }

    /** {@link #SHORT_CONNECTIONS}. */
    public static int shortConnections() {
        return (int) number(SHORT_CONNECTIONS, SHORT_CONNECTIONS_DEFAULT, 1, Integer.MAX_VALUE);
    }

    /** {@link #LISTEN_LIMIT_HANDSHAKES}. */
    public static boolean listenLimitHandshakes() {
        return flag(LISTEN_LIMIT_HANDSHAKES, LISTEN_LIMIT_HANDSHAKES_DEFAULT);
    }

    /** {@link #BUFFER_BYTES}, bytes. A number under the 16,384 of SMC's smallest buffer, such as one meant as kilobytes, is a bad one. */
    public static int bufferBytes() {
        String text = get(BUFFER_BYTES);
        return text == null || text.equals("0") ? 0 : (int) number(BUFFER_BYTES, BUFFER_BYTES_DEFAULT, MIN_BUFFER, MAX_BUFFER, "0, or ");
    }

    /** {@link #JMX}. */
    public static boolean jmx() {
        return flag(JMX, JMX_DEFAULT);
    }

    private static long number(String name, long defaultValue, long min, long max) {
        return number(name, defaultValue, min, max, "");
    }

    private static long number(String name, long defaultValue, long min, long max, String orElse) {
        String text = get(name);
        if (text == null) {
            return defaultValue;
        }
        try {
            long value = Long.parseLong(text);
            if (value >= min && value <= max) {
                return value;
            }
        } catch (NumberFormatException e) {
            // said below, as for a number out of range
        }
        bad(name, text, "expected " + orElse + "a whole number from " + min + " to " + max, String.valueOf(defaultValue));
        return defaultValue;
    }

    private static boolean flag(String name, boolean defaultValue) {
        String text = get(name);
        if (text == null) {
            return defaultValue;
        }
        if (text.equalsIgnoreCase("true") || text.equalsIgnoreCase("false")) {
            return text.equalsIgnoreCase("true");
        }
        bad(name, text, "expected true or false", String.valueOf(defaultValue));
        return defaultValue;
    }

    private static void bad(String name, String value, String expected, String used) {
        String line = name + "=" + printable(value) + ": " + expected;
        if (Mode.REQUIRE.name().equalsIgnoreCase(get(MODE))) { // not mode(): the annotation never says require, and asks for a setting itself
            throw new SmcConfigException(line);
        }
        warnOnce(line + "; " + used + " is used");
    }

    /** Logs a line at WARNING the first time it is said. */
    static void warnOnce(String line) {
        if (SAID.add(line)) {
            System.getLogger("io.smc4j").log(Level.WARNING, line);
        }
    }

    /** A value from outside, fit for one line of a log. */
    static String printable(String value) {
        String line = value.codePoints().limit(200).map(c -> Character.isISOControl(c) ? '?' : c)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append).toString();
        return line.length() < value.length() ? line + "..." : line;
    }

    // No lambdas on this path, which every program's start takes: the first one in a JVM costs tens of milliseconds.
    private static String property(String name) {
        try {
            return word(System.getProperty(name));
        } catch (SecurityException e) {
            return null; // a security manager that hides the setting leaves the default
        }
    }

    private static String environment(String name) {
        try {
            return word(System.getenv(environmentName(name)));
        } catch (SecurityException e) {
            return null; // as above
        }
    }

    private static String word(String value) {
        return value == null || value.isBlank() ? null : value.strip();
    }
}
