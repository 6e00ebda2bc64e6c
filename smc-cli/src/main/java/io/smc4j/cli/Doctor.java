package io.smc4j.cli;

import io.smc4j.SmcCapability;
import io.smc4j.SmcConfig;
import io.smc4j.diag.SmcDevice;
import io.smc4j.diag.SmcDevices;
import io.smc4j.diag.SmcMode;
import io.smc4j.diag.SmcSystem;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Looks at every prerequisite of SMC. Reads files below a root directory, so that tests can give it a machine of their own; what the kernel
 * answers comes from the API.
 */
final class Doctor {

    /** Alibaba Cloud Linux: 5.10.134-17.3 is the first with the SMC of the guide. */
    private static final Pattern ALIBABA = Pattern.compile("5\\.10\\.134-(\\d{1,9})(?:\\.(\\d{1,9})(?!\\d)|(?!\\.?\\d)).*\\.al8.*");
    private static final long MIN_BUFFER = 65_536;

    private final RootFiles files;
    private final boolean pod;
    private final Long pid;
    private final List<Finding> rows = new ArrayList<>();

    Doctor(Path root, boolean pod, Long pid) {
        this.files = new RootFiles(root);
        this.pod = pod;
        this.pid = pid;
    }

    List<Finding> examine() {
        kernel();
        capability("native library", SmcCapability.NATIVE_LIBRARY, "see smc.native.path and smc.native.tmpdir in docs/configuration.md");
        capability("AF_SMC over IPv4", SmcCapability.FAMILY, "modprobe smc");
        capability("AF_SMC over IPv6", SmcCapability.FAMILY_IPV6, "modprobe smc");
        capability("smc_diag", SmcCapability.SMC_DIAG, "modprobe smc_diag");
        devices();
        ueid();
        memlock();
        sysctls();
        rows.add(new JvmFlags(files, pid).examine());
        mode();
        new PodChecks(files, pod).examine(rows);
        return rows;
    }

    private void kernel() {
        String release = files.read("proc/sys/kernel/osrelease").orElse(SmcSystem.kernelRelease());
        Matcher m = ALIBABA.matcher(release);
        if (m.matches()) {
            int major = Integer.parseInt(m.group(1));
            int minor = m.group(2) == null ? 0 : Integer.parseInt(m.group(2));
            rows.add(major > 17 || major == 17 && minor >= 3 ? Finding.ok("kernel", release + " (Alibaba Cloud Linux, 17.3 or later)")
                    : Finding.missing("kernel", release + " is older than 5.10.134-17.3", "yum update kernel, and restart the node"));
        } else {
            rows.add(Finding.note("kernel", release, null));
        }
        SmcCapability k = SmcCapability.KERNEL;
        rows.add(k.isAvailable() ? Finding.ok("module smc", k.evidence()) : Finding.missing("module smc", k.evidence(), "modprobe smc"));
    }

    private void capability(String name, SmcCapability c, String remedy) {
        rows.add(c.isAvailable() ? Finding.ok(name, c.evidence())
                : SmcCapability.KERNEL.isAvailable() || c == SmcCapability.NATIVE_LIBRARY ? Finding.missing(name, c.evidence(), remedy)
                        : Finding.cannotTell(name, "no module smc", null));
    }

    private void devices() {
        List<String> rdma = files.list("sys/class/infiniband");
        List<String> states = new ArrayList<>();
        boolean erdma = false;
        for (String device : rdma) {
            erdma |= device.startsWith("erdma") || files.link("sys/class/infiniband/" + device + "/device/driver").orElse("").contains("erdma");
            for (String port : files.list("sys/class/infiniband/" + device + "/ports")) {
                String base = "sys/class/infiniband/" + device + "/ports/" + port + "/";
                states.add(device + "/" + port + " " + files.read(base + "state").orElse("state unknown"));
            }
        }
        rows.add(!files.exists("sys/class") ? Finding.cannotTell("RDMA devices", "no /sys here", null)
                : states.isEmpty() ? Finding.note("RDMA devices", "none in /sys/class/infiniband",
                        "for SMC-R: attach an elastic RDMA interface (ERI), or rdma link add NAME type rxe netdev IF")
                : Finding.ok("RDMA devices", String.join(", ", states)));
        rows.add(erdma ? Finding.ok("erdma", "driver bound")
                : Finding.note("erdma", "no device with this driver", "on Alibaba Cloud: install erdma-controller on the node"));
        smcDevices();
    }

    private void smcDevices() {
        if (!SmcCapability.KERNEL.isAvailable()) {
            rows.add(Finding.cannotTell("SMC devices", "no module smc", null));
            return;
        }
        try {
            List<SmcDevice> all = SmcDevices.list();
            List<String> words = all.stream().map(d -> d.name() + (d.kind() == SmcMode.SMC_R ? " (SMC-R" : " (SMC-D")
                    + (d.isUsable() ? ")" : ", no active port)")).toList();
            boolean usable = all.stream().anyMatch(SmcDevice::isUsable);
            rows.add(usable ? Finding.ok("SMC devices", String.join(", ", words))
                    : Finding.missing("SMC devices", words.isEmpty() ? "none" : String.join(", ", words),
                            "bring up an RDMA device's port (rdma link), or use a host with ISM"));
            List<String> pnet = all.stream().flatMap(d -> d.ports().stream()).map(SmcDevice.Port::pnetId).filter(s -> !s.isEmpty()).distinct().toList();
            rows.add(Finding.note("PNETID", pnet.isEmpty() ? "none: the RDMA device is found by its own network interface" : String.join(", ", pnet),
                    null));
        } catch (IOException e) {
            rows.add(Finding.cannotTell("SMC devices", e.getMessage(), null));
        }
    }

    private void ueid() {
        SmcCapability c = SmcCapability.UEID;
        rows.add(c.isAvailable() ? Finding.ok("UEID", c.evidence())
                : !SmcCapability.KERNEL.isAvailable() ? Finding.cannotTell("UEID", "no module smc", null)
                : Finding.note("UEID", c.evidence(), "smcr ueid add NAME (SMC version 2 over RoCEv2 or loopback needs it)"));
    }

    private void memlock() {
        Optional<String> line = files.read("proc/self/limits").flatMap(t -> t.lines().filter(l -> l.startsWith("Max locked memory")).findFirst());
        if (line.isEmpty()) {
            rows.add(Finding.cannotTell("memlock", "no /proc/self/limits", null));
            return;
        }
        String soft = line.get().substring("Max locked memory".length()).trim().split("\\s+")[0];
        rows.add(Finding.note("memlock", soft.equals("unlimited") ? soft : soft + " bytes", soft.equals("unlimited") ? null
                : "the kernel's SMC buffers are not counted against it; RDMA programs in user space need: ulimit -l unlimited"));
    }

    private void sysctls() {
        Map<String, String> smc = files.directory("proc/sys/net/smc");
        if (smc.isEmpty()) {
            rows.add(Finding.cannotTell("net.smc sysctls", "no /proc/sys/net/smc", null));
            return;
        }
        for (String name : List.of("wmem", "rmem")) {
            String value = smc.get(name);
            long bytes = value == null || !value.matches("\\d{1,18}") ? -1 : Long.parseLong(value);
            rows.add(bytes < 0 ? Finding.cannotTell("net.smc." + name, String.valueOf(value), null)
                    : bytes >= MIN_BUFFER ? Finding.ok("net.smc." + name, bytes + " bytes")
                    : Finding.note("net.smc." + name, bytes + " bytes, less than " + MIN_BUFFER, "sysctl -w net.smc." + name + "=" + MIN_BUFFER));
        }
        smc.forEach((name, value) -> {
            if (!name.equals("wmem") && !name.equals("rmem")) {
                rows.add(Finding.note("net.smc." + name, value, name.equals("tcp2smc") && value.equals("1")
                        ? "the kernel turns TCP sockets into SMC by itself: switch it off where this library decides (sysctl -w net.smc.tcp2smc=0)" : null));
            }
        });
    }

    private void mode() {
        SmcConfig.EffectiveMode m = SmcConfig.effectiveMode();
        rows.add(m.mode() == SmcConfig.Mode.OFF ? Finding.missing("smc.mode", m.toString(), "remove that setting, or set smc.mode=auto")
                : Finding.ok("smc.mode", m.toString()));
    }
}
