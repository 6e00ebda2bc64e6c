package io.smc4j.diag;

/**
 * Why the kernel carried a connection over TCP ({@code SMC_CLC_DECL_*} in {@code net/smc/smc_clc.h}), with a sentence of meaning and a
 * sentence of advice. Codes of newer kernels are {@link #UNKNOWN}; records keep the number next to this constant.
 *
 * <p>Thread-safety: immutable.
 */
public enum FallbackReason {
    /** No fallback. */
    NONE(0x00000000, "No fallback.",
            "Nothing to do."),
    /** The kernel could not allocate memory for the connection's buffers or link group. */
    MEM(0x01010000, "The kernel could not allocate memory for the connection's buffers or link group.",
            "Free memory, or ask for smaller buffers (smc.buffer.bytes, sysctl net.smc.wmem, net.smc.rmem, or SO_SNDBUF and SO_RCVBUF before connect); for RDMA also check the memlock limit."),
    /** The first RDMA link was not confirmed in time (CONFIRM LINK). */
    TIMEOUT_CL(0x02010000, "The first RDMA link was not confirmed in time (CONFIRM LINK).",
            "RDMA packets do not get through: let UDP port 4791 pass between the hosts, and check the RDMA device's state on both."),
    /** A further RDMA link was not added in time (ADD LINK). */
    TIMEOUT_AL(0x02020000, "A further RDMA link was not added in time (ADD LINK).",
            "Check the second RDMA device or port on both hosts; UDP port 4791 must pass on its network too."),
    /** The SMC configuration of the host does not allow the connection. */
    CNFERR(0x03000000, "The SMC configuration of the host does not allow the connection.",
            "Look at the kernel log (dmesg) and at the devices, PNETIDs and UEIDs of this host."),
    /** The peer did not answer the SMC option in the TCP handshake. */
    PEERNOSMC(0x03010000, "The peer did not answer the SMC option in the TCP handshake: it does not use SMC for this port, it limits SMC handshakes, or something on the path removed the option.",
            "Switch SMC on at the peer's program too; if it is on there, look for a load balancer or firewall that drops TCP option 254 (smc4j syn-check)."),
    /** The connection's TCP is protected by IPsec, which SMC cannot keep. */
    IPSEC(0x03020000, "The connection's TCP is protected by IPsec, which SMC cannot keep.",
            "Leave it on TCP, or take this destination out of the IPsec policy."),
    /** This host found no SMC device, neither SMC-R nor SMC-D, for the connection's network. */
    NOSMCDEV(0x03030000, "This host found no SMC device, neither SMC-R nor SMC-D, for the connection's network.",
            "Check the devices (smc4j devices): an RDMA device with an active port whose PNETID or network device fits the route, or an ISM device; SMC version 2 also needs a UEID or SEID."),
    /** No SMC-D (ISM) device was found for the connection's network. */
    NOSMCDDEV(0x03030001, "No SMC-D (ISM) device was found for the connection's network.",
            "On a system without ISM this is normal; otherwise check the ISM device and its PNETID (smc4j devices)."),
    /** No SMC-R (RDMA) device was found for the connection's network. */
    NOSMCRDEV(0x03030002, "No SMC-R (RDMA) device was found for the connection's network.",
            "Check that an RDMA device is there and its port active, and that its PNETID or network device fits the route (smc4j devices)."),
    /** The ISM device does not support SMC-D version 2. */
    NOISM2SUPP(0x03030003, "The ISM device does not support SMC-D version 2.",
            "Use a device with ISMv2, or put both hosts into one subnet with equal PNETIDs, so that version 1 serves."),
    /** The peer's proposal had no part for SMC version 2. */
    NOV2EXT(0x03030004, "The peer's proposal had no part for SMC version 2.",
            "Update the peer's kernel, or give it a UEID so that it offers version 2."),
    /** The peer's proposal had no part for SMC-D version 2. */
    NOV2DEXT(0x03030005, "The peer's proposal had no part for SMC-D version 2.",
            "Check the peer's ISM device; without one it can offer SMC-R only."),
    /** The peer's proposal named no system EID. */
    NOSEID(0x03030006, "The peer's proposal named no system EID.",
            "Enable the SEID on the peer (smcd seid enable), or use the same UEID on both hosts."),
    /** No SMC-D version 2 device was found. */
    NOSMCD2DEV(0x03030007, "No SMC-D version 2 device was found.",
            "Check the ISM devices of this host (smc4j devices)."),
    /** The two hosts have no user EID in common. */
    NOUEID(0x03030008, "The two hosts have no user EID in common.",
            "Add the same UEID on both hosts (smcr ueid add, smc4j ueid)."),
    /** The hosts could not agree on a release of SMC version 2. */
    RELEASEERR(0x03030009, "The hosts could not agree on a release of SMC version 2.",
            "Update the older kernel of the two."),
    /** The hosts could not agree on the number of connections in a link group. */
    MAXCONNERR(0x0303000a, "The hosts could not agree on the number of connections in a link group.",
            "Set sysctl net.smc.smcr_max_conns_per_lgr to the same value, 16 to 255, on both hosts."),
    /** The hosts could not agree on the number of links in a link group. */
    MAXLINKERR(0x0303000b, "The hosts could not agree on the number of links in a link group.",
            "Set sysctl net.smc.smcr_max_links_per_lgr to the same value on both hosts."),
    /** The hosts could not agree on vendor options (Alibaba Cloud kernel). */
    VENDORERR(0x0303000c, "The hosts could not agree on vendor options (Alibaba Cloud kernel).",
            "Use the same kernel release on both hosts, or switch the vendor options off on both."),
    /** The hosts have no mode in common: one offers SMC-R only, the other SMC-D only. */
    MODEUNSUPP(0x03040000, "The hosts have no mode in common: one offers SMC-R only, the other SMC-D only.",
            "Give both hosts a device of the same kind."),
    /** The peer's receive buffer carries an eye catcher, which this kernel does not support. */
    RMBE_EC(0x03050000, "The peer's receive buffer carries an eye catcher, which this kernel does not support.",
            "Report it with both kernels' versions; the connection stays on TCP."),
    /** The program set a socket option that SMC cannot carry, such as TCP Fast Open, before the connection. */
    OPTUNSUPP(0x03060000, "The program set a socket option that SMC cannot carry, such as TCP Fast Open, before the connection.",
            "Do not set TCP_FASTOPEN, TCP_FASTOPEN_CONNECT, TCP_FASTOPEN_KEY, TCP_FASTOPEN_NO_COOKIE or TCP_ULP on this socket; if the program needs it, leave it on TCP by a rule."),
    /** The hosts are in different subnets, which SMC version 1 cannot cross. */
    DIFFPREFIX(0x03070000, "The hosts are in different subnets, which SMC version 1 cannot cross.",
            "Use SMC version 2 with one UEID on both hosts, or put both addresses into one subnet."),
    /** The VLAN of the network device could not be found out. */
    GETVLANERR(0x03080000, "The VLAN of the network device could not be found out.",
            "Check the VLAN configuration of the interface that the route uses."),
    /** The VLAN could not be registered with the ISM device. */
    ISMVLANERR(0x03090000, "The VLAN could not be registered with the ISM device.",
            "Check that the ISM device allows this VLAN."),
    /** The link group has no active RDMA link. */
    NOACTLINK(0x030a0000, "The link group has no active RDMA link.",
            "Check the RDMA port's state on both hosts (smc4j linkgroups, smc4j devices) and the kernel log."),
    /** The RDMA link that the server chose is not known here. */
    NOSRVLINK(0x030b0000, "The RDMA link that the server chose is not known here.",
            "The link group changed at that moment: connect again; if it stays, look at both hosts' kernel logs."),
    /** The hosts use different versions of SMC in this link group. */
    VERSMISMAT(0x030c0000, "The hosts use different versions of SMC in this link group.",
            "Update the older kernel of the two."),
    /** The SMC-D device has no further shared memory buffer to give. */
    MAX_DMB(0x030d0000, "The SMC-D device has no further shared memory buffer to give.",
            "Close unused connections, or spread the load: each connection needs one buffer at each end."),
    /** There is no route from the RDMA device to the peer. */
    NOROUTE(0x030e0000, "There is no route from the RDMA device to the peer.",
            "Check the IP route between the RDMA devices of the two hosts (SMC-Rv2 follows IP routing)."),
    /** One host reaches the other directly, the other only through a gateway. */
    NOINDIRECT(0x030f0000, "One host reaches the other directly, the other only through a gateway.",
            "Make the routes between the RDMA devices alike in both directions."),
    /** The two hosts' views of a link group differ: one thinks it is new, the other not. */
    SYNCERR(0x04000000, "The two hosts' views of a link group differ: one thinks it is new, the other not.",
            "Connect again; if it stays, the hosts have lost touch: look at the kernel logs."),
    /** The peer declined; the peer's diagnosis says why. */
    PEERDECL(0x05000000, "The peer declined; the peer's diagnosis says why.",
            "Read the peer's diagnosis and mend it on the peer's host."),
    /** An internal error of the kernel's SMC code. */
    INTERR(0x09990000, "An internal error of the kernel's SMC code.",
            "Look at the kernel log and report it with the kernel's version."),
    /** The peer's remote key could not be stored. */
    ERR_RTOK(0x09990001, "The peer's remote key could not be stored.",
            "Too many buffers in this link group: close connections or lower their number; look at the kernel log."),
    /** The RDMA queue pair could not be made ready. */
    ERR_RDYLNK(0x09990002, "The RDMA queue pair could not be made ready.",
            "Check the RDMA device and its driver (kernel log), and the GID of the port."),
    /** A buffer could not be registered with the RDMA device. */
    ERR_REGBUF(0x09990003, "A buffer could not be registered with the RDMA device.",
            "Check the memlock limit and the RDMA device's limits on memory regions."),
    /** The credits for the link's messages could not be announced (Alibaba Cloud kernel). */
    CREDITSERR(0x09990004, "The credits for the link's messages could not be announced (Alibaba Cloud kernel).",
            "Use the same kernel release on both hosts, and look at the kernel log."),
    /** A code this library does not know, or a reason that could not be asked for. */
    UNKNOWN(-1, "The kernel's reason is not known: a code newer than this library, or smc_diag cannot be asked.",
            "Load the module smc_diag (modprobe smc_diag); for an unknown code look it up in net/smc/smc_clc.h of the kernel.");

    /** {@link #values()} copies; this is asked for each socket of a listing. */
    private static final FallbackReason[] ALL = values();

    private final int code;
    private final String meaning;
    private final String advice;

    FallbackReason(int code, String meaning, String advice) {
        this.code = code;
        this.meaning = meaning;
        this.advice = advice;
    }

    /** The kernel's number; 0 for {@link #NONE}, -1 for {@link #UNKNOWN}. */
    public int code() {
        return code;
    }

    /** One sentence: what happened. */
    public String meaning() {
        return meaning;
    }

    /** One sentence: what to do. */
    public String advice() {
        return advice;
    }

    /** The reason for the kernel's number; {@link #UNKNOWN} for one this library does not know. */
    public static FallbackReason of(int code) {
        for (FallbackReason r : ALL) {
            if (r.code == code) {
                return r;
            }
        }
        return UNKNOWN;
    }

    /** {@code "PEERNOSMC (0x03010000)"}, also for codes this library does not know. */
    public static String describe(int code) {
        return String.format("%s (0x%08x)", of(code), code);
    }
}
