package io.smc4j.diag;

import java.io.File;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;

/**
 * Whether AF_SMC is in the running kernel, asked without a side effect: {@code socket(AF_SMC)}, a netlink question and smc_diag all load
 * the module {@code smc} where the system allows it; reading {@code /proc} does not.
 *
 * <p>Thread-safety: no state.
 */
public final class SmcFamily {

    // By java.io: the JVM has it in memory at its start, where an agent asks.
    private static final File PROTOCOLS = new File("/proc/net/protocols");
    private static final File SYSCTLS = new File("/proc/sys/net/smc");

    private SmcFamily() {
    }

    /** Whether the module is loaded (or built in). */
    public static boolean isLoaded() {
        return evidence() != null;
    }

    /** Where the module shows, or null where it does not. */
    public static String evidence() {
        if (SYSCTLS.isDirectory()) {
            return SYSCTLS.toString();
        }
        try (InputStream in = new FileInputStream(PROTOCOLS)) {
            String text = new String(in.readAllBytes()); // ASCII, and StandardCharsets would load eight charsets
            return text.startsWith("SMC ") || text.contains("\nSMC ") ? PROTOCOLS.toString() : null;
        } catch (IOException e) {
            return null;
        }
    }

    /** Why there is certainly no AF_SMC in this system, with what would help; null where there is, or may be. */
    public static String missing() {
        String os = System.getProperty("os.name", "");
        if (!"Linux".equals(os)) {
            return "no AF_SMC on " + os + ": SMC is a Linux protocol";
        }
        return evidence() != null || !isKnown() ? null
                : "the kernel (" + System.getProperty("os.version") + ") has no AF_SMC loaded: modprobe smc, if the kernel has it";
    }

    /** Whether {@code /proc} can be read at all, that is, whether {@link #isLoaded()} being false says something. */
    public static boolean isKnown() {
        return PROTOCOLS.canRead();
    }
}
