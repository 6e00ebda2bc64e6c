package io.smc4j.net;

import io.smc4j.Smc;
import io.smc4j.SmcConfig;
import io.smc4j.diag.SmcFamily;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;

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

    private SmcAgent() {
    }

    /**
     * Called by the JVM.
     *
     * @param settings what follows {@code =} in the flag, or null
     */
    public static void premain(String settings) {
        try {
            // Most machines end here: every class that is not loaded (SmcConfig's constants are not a load) is start-up time saved.
            String missing = settings == null && System.getProperty(SmcConfig.MODE) == null && System.getProperty(SmcConfig.ANNOTATIONS) == null
                    && !mayBeInEnvironment() ? SmcFamily.missing() : null;
            if (missing != null) {
                say("connections stay TCP: " + missing);
            } else {
                AgentStart.run(settings);
            }
        } catch (Throwable e) { // whatever it is, the program starts
            say("connections stay TCP: " + e);
        }
    }

    /** Whether the environment may have a setting of ours, by the kernel's copy of it: the first {@code System.getenv} of a JVM loads nine classes. */
    private static boolean mayBeInEnvironment() {
        try (InputStream in = new FileInputStream("/proc/self/environ")) {
            return new String(in.readAllBytes()).contains("SMC_");
        } catch (IOException e) {
            return true; // no /proc: the long way asks the JDK
        }
    }

    // Not through System.Logger: what logs before a program's first line takes the choice of a log manager from it, and the time of its start.
    static void say(String line) {
        System.err.println("smc4j agent: " + line);
    }
}
