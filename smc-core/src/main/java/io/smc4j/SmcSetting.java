package io.smc4j;

import java.util.List;

/**
 * One row of the table of settings from which {@code docs/configuration.md} is made.
 *
 * @param name         the system property
 * @param defaultValue its default as it would be written; empty where there is none
 * @param unit         the unit or the allowed values
 * @param description  what it does, one or two sentences
 */
public record SmcSetting(String name, String defaultValue, String unit, String description) {

    /** The environment variable that is looked up where the property is not set: {@code SMC_MODE} for {@code smc.mode}. */
    public String environmentName() {
        return SmcConfig.environmentName(name);
    }

    /** Every setting of the library, in the order of the documentation. */
    public static List<SmcSetting> all() {
        return ALL;
    }

    private static final List<SmcSetting> ALL = List.of(
            row(SmcConfig.MODE, "auto", "`auto`, `off`, `require`",
                    "What the library may do. `auto`: SMC where both ends can, TCP elsewhere. `off`: TCP only, the native library is not loaded. "
                    + "`require`: a missing SMC, and every bad setting, is an error at open, bind or connect. "
                    + "Not set: the pod's annotation decides (`smc.annotations`), and without one `auto`. A word that is none of these counts as `off`."),
            row(SmcConfig.RULES, "", "file",
                    "Rules by address, in the grammar of the JDK's SDP support with an optional last word `smc` or `tcp`. A bad line turns SMC off "
                    + "altogether, with a warning that names it; a bad file that replaces a good one leaves the good one in force."),
            row(SmcConfig.RULES_RELOAD_MS, SmcConfig.RULES_RELOAD_MS_DEFAULT, "milliseconds, 0 = never",
                    "How often, at most, a decision looks whether the rule file, the mode or the pod's annotation has changed."),
            row(SmcConfig.DEFAULT, "smc", "`smc`, `tcp`", "What a connection does that no rule matches. A word that is neither counts as `tcp`."),
            row(SmcConfig.ANNOTATIONS, "", "file",
                    "The pod's annotations as a Downward API volume writes them. `smc.asm.alibabacloud.com/enabled=\"false\"` turns SMC off, `\"true\"` or "
                    + "no such line leaves it at `auto`; a file that cannot be read turns it off. Not looked at where `smc.mode` is set."),
            row(SmcConfig.NATIVE, "auto", "`auto`, `jni`, `jnr`, `off`",
                    "The bridge to the kernel. `jni`: the library in the jar. `jnr`: jnr-ffi, with `smc-jnr` on the class path, for machines without such a library. `auto`: "
                    + "the first that works, in this order. `off`: none, everything stays TCP. A word that is none of these counts as `off`."),
            row(SmcConfig.NATIVE_PATH, "", "file", "The native library to load; a path given here is the only one tried."),
            row(SmcConfig.NATIVE_TMPDIR, "", "directory; not set: `java.io.tmpdir`",
                    "Where the packed native library is unpacked, in a directory of mode 0700 that is removed after loading. Must not be mounted noexec."),
            row(SmcConfig.LOG, false, "`true`, `false`",
                    "Logs each decision, with the rule's line that made it, at DEBUG to the logger `io.smc4j.policy`."),
            row(SmcConfig.CONNECT_PATIENCE_MS, SmcConfig.CONNECT_PATIENCE_MS_DEFAULT, "milliseconds",
                    "How long an SMC connect may take before the channel connects over TCP beside it. The first to finish wins."),
            row(SmcConfig.CLOSE_DRAIN_MAX_MS, SmcConfig.CLOSE_DRAIN_MAX_MS_DEFAULT, "milliseconds",
                    "How long bytes that were written but not yet taken by the peer are kept moving after close(). What is left then is lost, logged and counted."),
            row(SmcConfig.MEMORY_SIZE, SmcConfig.MEMORY_SIZE_DEFAULT, "peers, 0 = none",
                    "How many destinations are remembered for which SMC does harm or no good. The least recently used go first."),
            row(SmcConfig.MEMORY_RETRY_MS, SmcConfig.MEMORY_RETRY_MS_DEFAULT, "milliseconds",
                    "How long a destination that failed is served over TCP before one connection tries SMC again. It doubles with each failure; a "
                    + "momentary reason waits a twelfth of it, one that is a matter of configuration five times as long."),
            row(SmcConfig.MEMORY_RETRY_MAX_MS, SmcConfig.MEMORY_RETRY_MAX_MS_DEFAULT, "milliseconds", "Where that doubling ends."),
            row(SmcConfig.MEMORY_EXPIRY_MS, SmcConfig.MEMORY_EXPIRY_MS_DEFAULT, "milliseconds",
                    "A destination for which nothing has been learned for this long after its time to try again is forgotten."),
            row(SmcConfig.SHORT_ROUND_TRIPS, SmcConfig.SHORT_ROUND_TRIPS_DEFAULT, "round trips, 0 = never",
                    "A connection that carried fewer has not repaid its SMC handshake: it is short. The default is measured: from 17.4 round trips of 64 bytes on "
                    + "the handshake is repaid (what-can-go-wrong.md)."),
            row(SmcConfig.SHORT_CONNECTIONS, SmcConfig.SHORT_CONNECTIONS_DEFAULT, "connections",
                    "After so many short connections in a row a destination is served over TCP."),
            row(SmcConfig.LISTEN_LIMIT_HANDSHAKES, SmcConfig.LISTEN_LIMIT_HANDSHAKES_DEFAULT, "`true`, `false`",
                    "Lets a listener answer with plain TCP while SMC handshakes pile up (socket option SMC_LIMIT_HS), where the kernel has it."),
            row(SmcConfig.BUFFER_BYTES, SmcConfig.BUFFER_BYTES_DEFAULT, "bytes, 16384 to 536870912; 0 = the kernel's own: `net.smc.wmem`, `net.smc.rmem`",
                    "Size of the send and of the receive buffer of every SMC socket, where the program does not set SO_SNDBUF or SO_RCVBUF itself. SMC's buffers are 64 KB where "
                    + "nothing is set and do not grow, so that a program that streams waits after each 64 KB: 131072 lets one with such writes go on (benchmarks.md). The kernel rounds up to "
                    + "16 KB times a power of two and gives what `net.core.wmem_max` and `net.core.rmem_max` allow. TCP sockets keep tuning their own, but for two: "
                    + "TCP connections that an SMC listener accepts, and, before Linux 5.14, connections that the kernel falls back with, have this size for good. "
                    + "Every connection takes the memory, at both ends: therefore off."),
            row(SmcConfig.JMX, SmcConfig.JMX_DEFAULT, "`true`, `false`",
                    "Puts the counters into the platform's MBean server as `io.smc4j:type=Smc`."),
            row(SmcConfig.CAPABILITY, "", "`off`",
                    "Treats a capability as missing, for tests and for machines on which it misbehaves. NAME is a constant of `SmcCapability` in lower case, "
                    + "such as `smc.capability.smcr_device`."));

    private static SmcSetting row(String name, Object defaultValue, String unit, String description) {
        return new SmcSetting(name, String.valueOf(defaultValue), unit, description);
    }
}
