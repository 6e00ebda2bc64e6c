package io.smc4j.cli.bench;

import io.smc4j.Smc;
import io.smc4j.diag.SmcDevice;
import io.smc4j.diag.SmcDevices;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Where the load generator ran. It names no host and no address.
 *
 * @param kernel name and release
 * @param architecture the machine's
 * @param processors how many this JVM may use
 * @param processor its model, or ""
 * @param emulated whether the processor is an emulated one (QEMU without hardware acceleration)
 * @param java the JVM's name and version
 * @param javaOptions options of the JVM that change speed or SMC: {@code -X...} and {@code -Dsmc...}
 * @param devices what SMC can use
 * @param smc {@code available}, or why it is not
 * @param commandLine what the user typed
 */
public record Environment(String kernel, String architecture, int processors, String processor, boolean emulated, String java, List<String> javaOptions, List<String> devices,
        String smc, String commandLine) {

    /** Copies the lists. */
    public Environment {
        javaOptions = List.copyOf(javaOptions);
        devices = List.copyOf(devices);
    }

    /** This machine and JVM. */
    static Environment here(String commandLine) {
        String model = model();
        return new Environment(System.getProperty("os.name") + " " + System.getProperty("os.version"), System.getProperty("os.arch"), Runtime.getRuntime().availableProcessors(),
                model, model.contains("TCG"), System.getProperty("java.vm.name") + " " + System.getProperty("java.runtime.version"), options(), usable(),
                Smc.isAvailable() ? "available" : "not available: " + Smc.unavailabilityCause().getMessage(), commandLine);
    }

    /** What a server process needs to be like this one. */
    static List<String> options() {
        List<String> options = new ArrayList<>();
        for (String o : ManagementFactory.getRuntimeMXBean().getInputArguments()) {
            if (o.startsWith("-X") || o.startsWith("-Dsmc.") || o.startsWith("-Djava.net.prefer")) {
                options.add(o);
            }
        }
        return options;
    }

    private static String model() {
        try {
            for (String line : Files.readAllLines(Path.of("/proc/cpuinfo"))) {
                int colon = line.indexOf(':');
                if (colon > 0 && line.toLowerCase(Locale.ROOT).startsWith("model name")) {
                    return line.substring(colon + 1).strip();
                }
            }
        } catch (IOException e) {
            return ""; // no such file here
        }
        return "";
    }

    private static List<String> usable() {
        List<String> names = new ArrayList<>();
        try {
            for (SmcDevice d : SmcDevices.list()) {
                if (d.isUsable()) {
                    names.add(d.name() + " (" + (d.kind().name().replace('_', '-')) + ")");
                }
            }
        } catch (IOException e) {
            return List.of(); // no AF_SMC here, which "smc" says
        }
        return names;
    }
}
