package io.smc4j.net;

import io.smc4j.Smc;
import io.smc4j.SmcCapability;
import io.smc4j.SmcConfig;
import io.smc4j.SmcSetting;
import io.smc4j.SmcUnavailableException;

/** What the agent does on a machine that may have SMC, or when it has settings. */
final class AgentStart {

    private static final String PREFIX = "smc.";
    private static final String CAPABILITIES = SmcConfig.CAPABILITY.substring(0, SmcConfig.CAPABILITY.lastIndexOf('.') + 1);
    private static final String SUMMARY = "summary";
    private static final String SELECTOR_PROVIDER = "java.nio.channels.spi.SelectorProvider";
    private static final String ASYNCHRONOUS_PROVIDER = "java.nio.channels.spi.AsynchronousChannelProvider";

    private AgentStart() {
    }

    /** Installs everything; {@code settings} is what follows {@code =} in the flag, or null. */
    static void run(String settings) {
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
            SmcAgent.say("connections stay TCP: " + e);
        }
    }

    private static void refuse(String why) {
        SmcAgent.say(why.startsWith("smc.mode") ? why : "smc.mode=require: " + why);
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
            SmcAgent.say("connections stay TCP: " + cause.getMessage());
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
            SmcAgent.say("left as it is: " + property + "=" + before);
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
                SmcAgent.say("unusable setting '" + setting + "': expected name=value with commas between and a name of docs/configuration.md, or the word summary;"
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
