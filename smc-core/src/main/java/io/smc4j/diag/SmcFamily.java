package io.smc4j.diag;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Whether AF_SMC is in the running kernel, asked without a side effect: {@code socket(AF_SMC)}, a netlink question and smc_diag all load
 * the module {@code smc} where the system allows it; reading {@code /proc} does not.
 *
 * <p>Thread-safety: no state.
 */
public final class SmcFamily {

    private static final Path PROTOCOLS = Path.of("/proc/net/protocols");
    private static final Path SYSCTLS = Path.of("/proc/sys/net/smc");

    private SmcFamily() {
    }

    /** Whether the module is loaded (or built in). */
    public static boolean isLoaded() {
        return evidence() != null;
    }

    /** Where the module shows, or null where it does not. */
    public static String evidence() {
        if (Files.isDirectory(SYSCTLS)) {
            return SYSCTLS.toString();
        }
        try {
            for (String line : Files.readAllLines(PROTOCOLS, StandardCharsets.ISO_8859_1)) {
                if (line.startsWith("SMC ")) {
                    return PROTOCOLS.toString();
                }
            }
        } catch (IOException e) {
            return null;
        }
        return null;
    }

    /** Whether {@code /proc} can be read at all, that is, whether {@link #isLoaded()} being false says something. */
    public static boolean isKnown() {
        return Files.isReadable(PROTOCOLS);
    }
}
