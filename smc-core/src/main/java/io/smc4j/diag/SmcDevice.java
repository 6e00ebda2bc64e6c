package io.smc4j.diag;

import java.util.List;

/**
 * A device that SMC can use.
 *
 * <p>Thread-safety: immutable.
 *
 * @param kind SMC-R (RDMA) or SMC-D (ISM)
 * @param name the RDMA device's name; for SMC-D the PCI id, or {@code loopback-ism}
 * @param concluded whether the kernel does not list the device and it is concluded from its effect. Kernels up to at least 6.12 leave
 *     {@code loopback-ism} out of the list; the system being able to use ISM version 2 without a listed device shows it.
 * @param linkGroups link groups that use the device; -1 where the kernel does not say (SMC-R)
 * @param critical whether connections would break without the device
 * @param pciId the PCI address, such as {@code 0000:00:00.0}, or ""
 * @param pciFunction s390 function id, or 0
 * @param pciChannel s390 channel id, or 0
 * @param pciVendor PCI vendor id, or 0
 * @param pciDevice PCI device id, or 0
 * @param ports the device's ports; one without state for SMC-D
 */
public record SmcDevice(SmcMode kind, String name, boolean concluded, int linkGroups, boolean critical, String pciId, int pciFunction,
        int pciChannel, int pciVendor, int pciDevice, List<Port> ports) {

    /** State of a port. */
    public enum PortState {
        /** Ready for connections. */
        ACTIVE,
        /** Down. */
        INACTIVE,
        /** The device's kind has no such state (SMC-D). */
        NONE
    }

    /**
     * A port.
     *
     * @param number 1 or 2
     * @param pnetId the physical network's name, or ""
     * @param pnetIdByUser whether a user, not the firmware, set it
     * @param netdev index of the port's network interface; 0 for none
     * @param state whether it can carry connections
     * @param links links that use the port
     */
    public record Port(int number, String pnetId, boolean pnetIdByUser, int netdev, PortState state, long links) {
    }

    /** Copies the list. */
    public SmcDevice {
        ports = List.copyOf(ports);
    }

    /** Whether a connection could use it now: an RDMA device needs an active port. */
    public boolean isUsable() {
        return kind == SmcMode.SMC_D || ports.stream().anyMatch(p -> p.state() == PortState.ACTIVE);
    }
}
