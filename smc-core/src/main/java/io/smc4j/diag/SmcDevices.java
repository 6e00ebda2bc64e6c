package io.smc4j.diag;

import io.smc4j.internal.MalformedNetlinkException;
import io.smc4j.internal.NetlinkAttributes;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * The devices that SMC can use on this machine: commands GET_DEV_SMCR and GET_DEV_SMCD.
 *
 * <p>Thread-safety: no state.
 */
public final class SmcDevices {

    private static final int SMC_GEN_DEV_SMCD = 5;
    private static final int SMC_GEN_DEV_SMCR = 6;
    /** {@code SMC_NLA_DEV_*}. */
    private static final int USE_CNT = 1;
    private static final int IS_CRIT = 2;
    private static final int PCI_FID = 3;
    private static final int PCI_CHID = 4;
    private static final int PCI_VENDOR = 5;
    private static final int PCI_DEVICE = 6;
    private static final int PCI_ID = 7;
    private static final int PORT = 8;
    private static final int PORT2 = 9;
    private static final int IB_NAME = 10;
    /** {@code SMC_NLA_DEV_PORT_*}. */
    private static final int PORT_PNET_USR = 1;
    private static final int PORT_PNETID = 2;
    private static final int PORT_NETDEV = 3;
    private static final int PORT_STATE = 4;
    private static final int PORT_LNK_CNT = 6;

    private SmcDevices() {
    }

    /**
     * All devices, SMC-R first.
     *
     * @throws IOException where the kernel cannot be asked: no native library, no AF_SMC, or a kernel before 5.11
     */
    public static List<SmcDevice> list() throws IOException {
        List<SmcDevice> devices = new ArrayList<>();
        try (SmcGeneric netlink = new SmcGeneric()) {
            devices.addAll(netlink.dump("SMC-R devices", SmcGeneric.GET_DEV_SMCR, DeviceParser::new));
            List<SmcDevice> smcd = netlink.dump("SMC-D devices", SmcGeneric.GET_DEV_SMCD, DeviceParser::new);
            devices.addAll(smcd);
            if (smcd.isEmpty() && netlink.dump("system", SmcGeneric.GET_SYS_INFO, SmcSystem.InfoParser::new).ismV2()) {
                devices.add(loopback());
            }
        }
        return List.copyOf(devices);
    }

    /** {@code smcd_nl_get_device} passes loopback-ism over, and it is in no sysfs; a system with ISMv2 and no listed ISM device has it. */
    private static SmcDevice loopback() {
        return new SmcDevice(SmcMode.SMC_D, "loopback-ism", true, -1, false, "", 0, 0, 0, 0, List.of());
    }

    /** Takes GET_DEV_SMCR's and GET_DEV_SMCD's answers. */
    static final class DeviceParser implements SmcGeneric.Parser<List<SmcDevice>> {
        private final List<SmcDevice> devices = new ArrayList<>();

        @Override
        public void take(SmcGeneric.Answer answer) throws MalformedNetlinkException {
            if (answer.attributes().has(SMC_GEN_DEV_SMCR)) {
                devices.add(device(SmcMode.SMC_R, answer.attributes().nested(SMC_GEN_DEV_SMCR)));
            } else if (answer.attributes().has(SMC_GEN_DEV_SMCD)) {
                devices.add(device(SmcMode.SMC_D, answer.attributes().nested(SMC_GEN_DEV_SMCD)));
            }
        }

        @Override
        public List<SmcDevice> result() {
            return devices;
        }
    }

    private static SmcDevice device(SmcMode kind, NetlinkAttributes a) throws MalformedNetlinkException {
        List<SmcDevice.Port> ports = new ArrayList<>(2);
        for (int type = PORT; type <= PORT2; type++) {
            if (a.has(type)) {
                ports.add(port(type - PORT + 1, a.nested(type)));
            }
        }
        String pciId = a.string(PCI_ID);
        return new SmcDevice(kind, a.has(IB_NAME) ? a.string(IB_NAME) : pciId, false, a.integer(USE_CNT, -1), a.flag(IS_CRIT), pciId,
                a.integer(PCI_FID, 0), a.integer(PCI_CHID, 0), a.integer(PCI_VENDOR, 0), a.integer(PCI_DEVICE, 0), ports);
    }

    private static SmcDevice.Port port(int number, NetlinkAttributes p) throws MalformedNetlinkException {
        SmcDevice.PortState state = !p.has(PORT_STATE) ? SmcDevice.PortState.NONE
                : p.flag(PORT_STATE) ? SmcDevice.PortState.ACTIVE : SmcDevice.PortState.INACTIVE;
        return new SmcDevice.Port(number, p.string(PORT_PNETID), p.flag(PORT_PNET_USR), p.integer(PORT_NETDEV, 0), state,
                p.number(PORT_LNK_CNT, 0));
    }
}
