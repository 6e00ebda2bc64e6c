package io.smc4j;

import io.smc4j.diag.SmcConnection;
import io.smc4j.diag.SmcConnections;
import io.smc4j.internal.ChannelFd;
import io.smc4j.internal.Natives;
import io.smc4j.policy.SmcPolicy;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SocketChannel;

/**
 * Front door: whether this machine can use SMC, why not, and what a connection really uses.
 *
 * <p>Thread-safety: safe for any thread.
 */
public final class Smc {

    private Smc() {
    }

    /**
     * Whether connections of this JVM can use SMC: the native library is loaded, AF_SMC opens, and there is a device that can carry it. A
     * host with the family and no device gains nothing and may do harm behind a load balancer that replays TCP options, so there the
     * answer is no.
     */
    public static boolean isAvailable() {
        return unavailabilityCause() == null;
    }

    /** Why {@link #isAvailable()} is false, with what would help; null where it is true. */
    public static SmcUnavailableException unavailabilityCause() {
        for (SmcCapability c : new SmcCapability[] {SmcCapability.NATIVE_LIBRARY, SmcCapability.KERNEL}) {
            if (!c.isAvailable()) {
                return c.unavailabilityCause();
            }
        }
        // Devices come before the family: without one no AF_SMC socket is ever opened, not even to see whether it can be.
        if (!SmcCapability.SMCR_DEVICE.isAvailable() && !SmcCapability.SMCD_DEVICE.isAvailable()) {
            return NoDevice.CAUSE;
        }
        return SmcCapability.FAMILY.unavailabilityCause();
    }

    /** Made once, after both probes have failed. */
    private static final class NoDevice {
        static final SmcUnavailableException CAUSE = new SmcUnavailableException("no usable SMC device: SMC-R: "
                + SmcCapability.SMCR_DEVICE.evidence() + "; SMC-D: " + SmcCapability.SMCD_DEVICE.evidence(),
                SmcCapability.SMCR_DEVICE.unavailabilityCause());
    }

    /**
     * Returns where SMC can be used.
     *
     * @throws SmcUnavailableException with the reason, where it cannot
     */
    public static void ensureAvailability() throws SmcUnavailableException {
        SmcUnavailableException why = unavailabilityCause();
        if (why != null) {
            throw new SmcUnavailableException(why.getMessage(), why);
        }
    }

    /**
     * What the channel's connection uses, from the kernel's own word, for channels of the JDK and of this library alike.
     *
     * @param channel an open channel
     * @throws ClosedChannelException where it is closed
     * @throws IOException where the kernel cannot be asked: no native library, or a channel of another kind
     */
    public static SmcConnection connection(SocketChannel channel) throws IOException {
        if (!channel.isOpen()) {
            throw new ClosedChannelException();
        }
        int fd = ChannelFd.of(channel);
        if (fd < 0) {
            throw Natives.isLoaded() ? new IOException("no descriptor known for a " + channel.getClass().getName())
                    : new IOException("no native library: " + Natives.failure().getMessage(), Natives.failure());
        }
        return SmcConnections.of(fd);
    }

    /** Several lines for a bug report: version, JDK, kernel, the mode and who set it, and each capability with its evidence. */
    public static String summary() {
        StringBuilder s = new StringBuilder(1000);
        s.append("smc4j           ").append(version()).append('\n');
        s.append("Java            ").append(System.getProperty("java.vm.name")).append(' ').append(System.getProperty("java.runtime.version"))
                .append('\n');
        s.append("system          ").append(System.getProperty("os.name")).append(' ').append(System.getProperty("os.version")).append(' ')
                .append(System.getProperty("os.arch")).append('\n');
        s.append("mode            ").append(mode()).append('\n');
        SmcUnavailableException why = unavailabilityCause();
        s.append("SMC             ").append(why == null ? "available" : "not available: " + why.getMessage()).append('\n');
        for (SmcCapability c : SmcCapability.values()) {
            s.append(c.summary()).append('\n');
        }
        return s.toString();
    }

    /** The manifest's, or on the module path, where the JDK does not look into manifests, the module's. */
    private static String version() {
        String version = Smc.class.getPackage().getImplementationVersion();
        if (version == null && Smc.class.getModule().isNamed()) {
            version = Smc.class.getModule().getDescriptor().rawVersion().orElse(null);
        }
        return version == null ? "(version not in the manifest)" : version;
    }

    private static String mode() {
        try {
            return SmcPolicy.current().mode() + ", " + SmcPolicy.current().rules().size() + " rules";
        } catch (RuntimeException e) { // a bad setting under smc.mode=require
            return "cannot be told: " + e.getMessage();
        }
    }
}
