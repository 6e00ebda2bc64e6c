package io.smc4j;

import java.util.Locale;

/**
 * Every setting of the library: its name, its default and its unit. A setting is looked up as a system property, then as an environment
 * variable ({@code SMC_MODE} for {@code smc.mode}), then it has its default.
 *
 * <p>Thread-safety: no state; a system property is read each time it is asked for.
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

    /** {@code auto} (default), {@code off} or {@code require}. */
    public static final String MODE = "smc.mode";
    /** Path of the native library; an explicit path is the only one tried. No default. */
    public static final String NATIVE_PATH = "smc.native.path";
    /** Directory in which the packed native library is unpacked for loading; default {@code java.io.tmpdir}. */
    public static final String NATIVE_TMPDIR = "smc.native.tmpdir";

    private SmcConfig() {
    }

    /** The setting's text from the system property or the environment, trimmed; null where neither has it or it is empty. */
    public static String get(String name) {
        String value = read(() -> System.getProperty(name));
        if (value == null) {
            value = read(() -> System.getenv(environmentName(name)));
        }
        return value;
    }

    /** {@code SMC_MODE} for {@code smc.mode}. */
    public static String environmentName(String name) {
        return name.toUpperCase(Locale.ROOT).replace('.', '_');
    }

    /** {@link #MODE}; an unknown word counts as {@code auto} and is reported by {@code Smc.summary()}. */
    public static Mode mode() {
        String word = get(MODE);
        if (word != null) {
            for (Mode mode : Mode.values()) {
                if (mode.name().equalsIgnoreCase(word)) {
                    return mode;
                }
            }
        }
        return Mode.AUTO;
    }

    private interface Source {
        String value();
    }

    private static String read(Source source) {
        try {
            String value = source.value();
            return value == null || value.isBlank() ? null : value.trim();
        } catch (SecurityException e) {
            return null; // a security manager that hides the setting leaves the default
        }
    }
}
