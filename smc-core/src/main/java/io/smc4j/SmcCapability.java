package io.smc4j;

import io.smc4j.diag.SmcConnections;
import io.smc4j.diag.SmcDevice;
import io.smc4j.diag.SmcDevices;
import io.smc4j.diag.SmcFamily;
import io.smc4j.diag.SmcMode;
import io.smc4j.diag.SmcSystem;
import io.smc4j.internal.Errno;
import io.smc4j.internal.Linux;
import io.smc4j.internal.Natives;
import io.smc4j.internal.NetlinkException;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * What this machine can do, each found out by doing it: the first time somebody asks, once for the life of the JVM (a device that is
 * plugged in later shows after a restart; {@link SmcDevices#list()} always looks anew). Nothing is asked that would load a kernel module:
 * where {@link #KERNEL} is missing, everything after it is.
 *
 * <p>Each can be switched off, for tests and for machines on which it misbehaves, by {@code -Dsmc.capability.NAME=off} with the constant's
 * name in lower case, such as {@code smc.capability.smcr_device} (environment: {@code SMC_CAPABILITY_SMCR_DEVICE}).
 *
 * <p>Thread-safety: safe for any thread; the first caller probes, others wait for it.
 */
public enum SmcCapability {

    /** The native library is loaded. */
    NATIVE_LIBRARY {
        @Override
        String probe() throws SmcUnavailableException {
            if (!Natives.isLoaded()) {
                throw missing(Natives.failure().getMessage(), Natives.failure());
            }
            return "loaded (" + Natives.name() + ")";
        }
    },

    /** The running kernel is Linux and has AF_SMC loaded, seen in {@code /proc} without asking for the module. */
    KERNEL {
        @Override
        String probe() throws SmcUnavailableException {
            String missing = SmcFamily.missing();
            if (missing != null) {
                throw missing(missing, null);
            }
            String evidence = SmcFamily.evidence();
            return SmcSystem.kernelRelease() + ", " + (evidence != null ? evidence : "/proc/net/protocols cannot be read: socket(AF_SMC) decides");
        }
    },

    /** {@code socket(AF_SMC, SOCK_STREAM, SMCPROTO_SMC)} opens. */
    FAMILY {
        @Override
        String probe() throws SmcUnavailableException {
            return open(Linux.SMCPROTO_SMC, "socket(AF_SMC, SMCPROTO_SMC)");
        }
    },

    /** {@code socket(AF_SMC, SOCK_STREAM, SMCPROTO_SMC6)} opens. */
    FAMILY_IPV6 {
        @Override
        String probe() throws SmcUnavailableException {
            return open(Linux.SMCPROTO_SMC6, "socket(AF_SMC, SMCPROTO_SMC6)");
        }
    },

    /** The kernel lists AF_SMC sockets: the module {@code smc_diag} is there. */
    SMC_DIAG {
        @Override
        String probe() throws Exception {
            KERNEL.ensureAvailability();
            NATIVE_LIBRARY.ensureAvailability();
            try {
                return SmcConnections.list().size() + " AF_SMC sockets at the first look";
            } catch (java.io.IOException e) {
                throw missing(e.getMessage() + ": modprobe smc_diag", e);
            }
        }
    },

    /** An RDMA device with an active port is there. */
    SMCR_DEVICE {
        @Override
        String probe() throws Exception {
            return device(SmcMode.SMC_R, "no RDMA device with an active port");
        }
    },

    /** An ISM device is there: of the machine, or loopback-ism, which serves connections within the machine. */
    SMCD_DEVICE {
        @Override
        String probe() throws Exception {
            return device(SmcMode.SMC_D, "no ISM device");
        }
    },

    /** A user EID is set, which SMC version 2 over RoCEv2 and loopback-ism need. */
    UEID {
        @Override
        String probe() throws Exception {
            KERNEL.ensureAvailability();
            NATIVE_LIBRARY.ensureAvailability();
            List<String> eids = SmcSystem.readUserEids();
            if (eids.isEmpty()) {
                throw missing("no UEID is set: smcr ueid add NAME, the same NAME on all hosts", null);
            }
            return String.join(", ", eids);
        }
    };

    private boolean probed;
    private String evidence;
    private SmcUnavailableException cause;

    /** Does what the capability promises and answers the evidence, or throws why not. */
    abstract String probe() throws Exception;

    /** Whether it is there. */
    public boolean isAvailable() {
        return unavailabilityCause() == null;
    }

    /** Why it is not there, with what would help; null where it is. The same object each time. */
    public synchronized SmcUnavailableException unavailabilityCause() {
        if (!probed) {
            try {
                if ("off".equalsIgnoreCase(SmcConfig.get(propertyName()))) {
                    throw missing("switched off by " + propertyName() + "=off", null);
                }
                evidence = probe();
            } catch (SmcUnavailableException e) {
                cause = e;
            } catch (Exception | LinkageError e) { // whatever it is, the application goes on over TCP
                cause = missing(String.valueOf(e.getMessage()), e);
            }
            probed = true;
        }
        return cause;
    }

    /**
     * Returns where it is there.
     *
     * @throws SmcUnavailableException with the reason, where it is not
     */
    public void ensureAvailability() throws SmcUnavailableException {
        SmcUnavailableException why = unavailabilityCause();
        if (why != null) {
            throw new SmcUnavailableException(why.getMessage(), why);
        }
    }

    /** What was seen, or why it is missing: one line. */
    public String evidence() {
        SmcUnavailableException why = unavailabilityCause();
        return why == null ? evidence : why.getMessage();
    }

    /** The system property that switches it off with the value {@code off}. */
    public String propertyName() {
        return SmcConfig.CAPABILITY.replace("NAME", name().toLowerCase(Locale.ROOT));
    }

    /** One line for a report: {@code "SMC_DIAG       yes  3 AF_SMC sockets at the first look"}. */
    public String summary() {
        return String.format("%-15s %-3s  %s", name(), isAvailable() ? "yes" : "no", evidence());
    }

    private static SmcUnavailableException missing(String why, Throwable cause) {
        return new SmcUnavailableException(why, cause);
    }

    private static String open(int protocol, String call) throws SmcUnavailableException {
        KERNEL.ensureAvailability();
        NATIVE_LIBRARY.ensureAvailability();
        int fd = Natives.calls().socket(Linux.AF_SMC, Linux.SOCK_STREAM | Linux.SOCK_CLOEXEC, protocol);
        if (fd < 0) {
            String hint = fd == -Errno.EPERM.number() || fd == -Errno.EACCES.number() ? ": a seccomp profile or security module forbids it; allow socket family 43"
                    : "";
            throw missing(call + ": " + Errno.describe(fd) + hint, null);
        }
        Natives.calls().close(fd);
        return call + " opens";
    }

    private static String device(SmcMode kind, String none) throws Exception {
        KERNEL.ensureAvailability();
        NATIVE_LIBRARY.ensureAvailability();
        List<SmcDevice> devices;
        try {
            devices = SmcDevices.list().stream().filter(d -> d.kind() == kind).toList();
        } catch (NetlinkException e) {
            throw missing(e.getMessage() + (e.is(Errno.ENOENT) ? ": modprobe smc, if the kernel has it" : ""), e);
        }
        List<String> usable = devices.stream().filter(SmcDevice::isUsable).map(SmcDevice::name).toList();
        if (usable.isEmpty()) {
            String down = devices.stream().map(SmcDevice::name).collect(Collectors.joining(", "));
            throw missing(down.isEmpty() ? none : none + " (down: " + down + ")", null);
        }
        return String.join(", ", usable);
    }
}
