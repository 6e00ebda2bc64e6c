package io.smc4j.net;

import io.smc4j.Smc;
import io.smc4j.SmcCapability;
import io.smc4j.SmcConfig;
import io.smc4j.SmcSetting;
import io.smc4j.SmcUnavailableException;

/**
 * {@code -javaagent:smc-core.jar[=settings]}: SMC for a whole unmodified program, before its first line: channels ({@code SelectorProvider}), asynchronous
 * channels ({@code AsynchronousChannelProvider}) and {@code java.net} ({@link SmcSockets#install()}). No bytecode is changed. {@code JAVA_TOOL_OPTIONS} takes the
 * flag too.
 *
 * <p>{@code settings} are {@code name=value} pairs with commas between, with or without the {@code smc.} in front ({@code mode=require,rules=/etc/smc.rules}); a
 * system property given with {@code -D} stands before them. The word {@code summary} prints {@link Smc#summary()} to the standard error output at start-up.
 *
 * <p>Where this machine has no usable SMC, or anything fails, one line on the standard error output says so and the program starts with the JDK's own
 * sockets. Only {@code smc.mode=require} keeps it from starting, with exit status 1.
 */
public final class SmcAgent {

    private static final String PREFIX = "smc.";
    private static final String CAPABILITIES = SmcConfig.CAPABILITY.substring(0, SmcConfig.CAPABILITY.lastIndexOf('.') + 1);
    private static final String SUMMARY = "summary";
    private static final String SELECTOR_PROVIDER = "java.nio.channels.spi.SelectorProvider";
    private static final String ASYNCHRONOUS_PROVIDER = "java.nio.channels.spi.AsynchronousChannelProvider";

    private SmcAgent() {
    }

    /**
     * Called by the JVM.
     *
     * @param settings what follows {@code =} in the flag, or null
     */
    public static void premain(String settings) {
        boolean required = false;
        try {
            boolean summary = apply(settings);
            required = SmcConfig.mode() == SmcConfig.Mode.REQUIRE;
            install();
            if (summary) {
                System.err.print(Smc.summary());
            }
        } catch (SmcUnavailableException e) {
            refuse(e.getMessage());
        } catch (Throwable e) { // whatever it is, the program starts
            if (required || SmcConfig.Mode.REQUIRE.name().equalsIgnoreCase(SmcConfig.get(SmcConfig.MODE))) {
                refuse(String.valueOf(e.getMessage()));
            }
            say("connections stay TCP: " + e);
        }
    }

    // Not through System.Logger: what logs before a program's first line takes the choice of a log manager from it, and the time of its start.
    private static void say(String line) {
        System.err.println("smc4j agent: " + line);
    }

    private static void refuse(String why) {
        say(why.startsWith("smc.mode") ? why : "smc.mode=require: " + why);
        System.exit(1);
    }

    private static void install() throws SmcUnavailableException {
        if (SmcConfig.mode() == SmcConfig.Mode.OFF) {
            return;
        }
        // The kernel first: where it has no AF_SMC, the native library is never unpacked and loaded.
        SmcUnavailableException cause = SmcCapability.KERNEL.isAvailable() ? Smc.unavailabilityCause() : SmcCapability.KERNEL.unavailabilityCause();
        if (cause != null) {
            if (SmcConfig.mode() == SmcConfig.Mode.REQUIRE) {
                throw cause;
            }
            say("connections stay TCP: " + cause.getMessage());
            return;
        }
        provider(SELECTOR_PROVIDER, "io.smc4j.nio.SmcSelectorProvider");
        provider(ASYNCHRONOUS_PROVIDER, "io.smc4j.net.SmcAsynchronousChannelProvider");
        SmcSockets.install();
    }

    private static void provider(String property, String ours) {
        String before = System.getProperty(property);
        if (before == null) {
            System.setProperty(property, ours);
        } else if (!before.equals(ours)) {
            say("left as it is: " + property + "=" + before);
        }
    }

    /** Makes system properties of the settings; answers whether the summary is asked for. */
    private static boolean apply(String settings) {
        boolean summary = false;
        for (String setting : settings == null ? new String[0] : settings.split(",")) {
            int equals = setting.indexOf('=');
            String name = (equals < 0 ? setting : setting.substring(0, equals)).trim();
            if (name.isEmpty()) {
                continue;
            }
            if (name.equals(SUMMARY)) {
                summary = equals < 0 || setting.substring(equals + 1).trim().equalsIgnoreCase("true");
                continue;
            }
            String property = name.startsWith(PREFIX) ? name : PREFIX + name;
            if (equals < 0 || !isKnown(property)) {
                say("unusable setting '" + setting + "': expected name=value with commas between and a name of docs/configuration.md, or the word summary;"
                        + " it is left out");
            } else if (System.getProperty(property) == null) {
                System.setProperty(property, setting.substring(equals + 1).trim());
            }
        }
        return summary;
    }

    private static boolean isKnown(String property) {
        if (property.startsWith(CAPABILITIES)) {
            return true;
        }
        for (SmcSetting setting : SmcSetting.all()) {
            if (setting.name().equals(property)) {
                return true;
            }
        }
        return false;
    }
}
