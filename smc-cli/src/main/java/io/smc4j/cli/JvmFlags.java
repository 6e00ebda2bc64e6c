package io.smc4j.cli;

import java.util.Optional;

/** The JVM flags of the application: of a process, or those the environment gives to every JVM. */
final class JvmFlags {

    private static final String NAME = "JVM flags";
    private static final String SWITCH = "-Djava.nio.channels.spi.SelectorProvider=io.smc4j.nio.SmcSelectorProvider";
    private static final String ACCESS = "--enable-native-access";

    private final RootFiles files;
    private final Long pid;

    JvmFlags(RootFiles files, Long pid) {
        this.files = files;
        this.pid = pid;
    }

    Finding examine() {
        String flags;
        String from;
        if (pid != null) {
            Optional<String> line = files.read("proc/" + pid + "/cmdline");
            if (line.isEmpty()) {
                return Finding.cannotTell(NAME, "/proc/" + pid + "/cmdline cannot be read", "give the number of a running process of this user");
            }
            flags = line.get().replace('\0', ' ') + " " + files.read("proc/" + pid + "/environ").orElse("").replace('\0', ' ');
            from = "process " + pid;
        } else {
            flags = env("JAVA_TOOL_OPTIONS") + " " + env("JDK_JAVA_OPTIONS");
            from = "JAVA_TOOL_OPTIONS, JDK_JAVA_OPTIONS";
        }
        boolean provider = flags.contains(SWITCH) || flags.contains("-javaagent:") && flags.contains("smc");
        boolean access = flags.contains(ACCESS);
        if (!provider) {
            return Finding.note(NAME, from + ": the switch is not there", "add " + SWITCH + (pid == null ? ", or name the application by --pid" : ""));
        }
        return access ? Finding.ok(NAME, from + ": switch and " + ACCESS)
                : Finding.note(NAME, from + ": the switch is there", "on JDK 24 and later add " + ACCESS + "=ALL-UNNAMED, or the JVM warns");
    }

    private static String env(String name) {
        String value = System.getenv(name);
        return value == null ? "" : value;
    }
}
