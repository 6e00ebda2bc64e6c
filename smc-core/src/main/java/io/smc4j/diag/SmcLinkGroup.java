package io.smc4j.diag;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A link group: what the connections to one peer share.
 *
 * <p>Thread-safety: immutable.
 *
 * @param kind SMC-R or SMC-D
 * @param id the group's number on this host
 * @param connections connections in the group
 * @param pnetId the physical network's name, or ""
 * @param vlan VLAN id; 0 for none
 * @param negotiated what version 2 agreed on; empty for version 1
 * @param rdma what only SMC-R has
 * @param shared what only SMC-D has
 * @param sendBufferBytes memory allocated for send buffers; 0 before Linux 6.12
 * @param receiveBufferBytes memory allocated for receive buffers; 0 before Linux 6.12
 */
public record SmcLinkGroup(SmcMode kind, long id, long connections, String pnetId, int vlan, Optional<Negotiated> negotiated,
        Optional<Rdma> rdma, Optional<Shared> shared, long sendBufferBytes, long receiveBufferBytes) {

    /** Redundancy of a link group ({@code enum smc_lgr_type}). */
    public enum Redundancy {
        /** No active link: the group ends. */
        NONE,
        /** One link. */
        SINGLE,
        /** Two links, each with its own devices at both ends. */
        SYMMETRIC,
        /** Two links that share a device at the peer. */
        ASYMMETRIC_PEER,
        /** Two links that share a device here. */
        ASYMMETRIC_LOCAL,
        /** A number this library does not know. */
        UNKNOWN
    }

    /** State of a link ({@code enum smc_link_state}). */
    public enum LinkState {
        /** Not used. */
        UNUSED,
        /** Down. */
        INACTIVE,
        /** Coming up. */
        ACTIVATING,
        /** Carries connections. */
        ACTIVE,
        /** A number this library does not know. */
        UNKNOWN
    }

    /**
     * What version 2 agreed on.
     *
     * @param version SMC's version
     * @param release the peer's release of version 2
     * @param peerOs the peer's operating system ({@code SMC_CLC_OS_*}: 1 z/OS, 2 Linux, 3 AIX)
     * @param eid the EID that both have
     * @param peerHost the peer's name of itself; whatever is not printable ASCII is {@code ?}
     */
    public record Negotiated(int version, int release, int peerOs, String eid, String peerHost) {
    }

    /**
     * What only SMC-R has.
     *
     * @param role this host's role
     * @param redundancy the group's redundancy
     * @param bufferType {@code SMC_NLA_LGR_R_BUF_TYPE}: 0 physically contiguous, 1 virtually contiguous, 2 either
     * @param direct whether the peer is reached without a gateway (version 2)
     * @param maxConnections most connections agreed on; 0 where the kernel does not say
     * @param maxLinks most links agreed on; 0 where the kernel does not say
     * @param netCookie cookie of the network namespace
     * @param links the links
     */
    public record Rdma(SmcConnection.Role role, Redundancy redundancy, int bufferType, boolean direct, int maxConnections, int maxLinks,
            long netCookie, List<Link> links) {
        /** Copies the list. */
        public Rdma {
            links = List.copyOf(links);
        }
    }

    /**
     * A link.
     *
     * @param id its number in the group
     * @param device the RDMA device's name
     * @param port the device's port
     * @param gid this host's GID
     * @param peerGid the peer's GID
     * @param connections connections on the link
     * @param netdev index of the network interface
     * @param uid the link's id on this host
     * @param peerUid the link's id at the peer
     * @param state its state
     */
    public record Link(int id, String device, int port, String gid, String peerGid, long connections, int netdev, int uid, int peerUid,
            LinkState state) {
    }

    /**
     * What only SMC-D has. Numbers are unsigned 64-bit.
     *
     * @param gid this host's GID
     * @param gidExtension its second half; 0 for ISM hardware and kernels before 6.8
     * @param peerGid the peer's GID
     * @param peerGidExtension its second half
     * @param channel the ISM channel id; 65535 for loopback-ism
     */
    public record Shared(long gid, long gidExtension, long peerGid, long peerGidExtension, int channel) {
    }

    /**
     * All link groups of this network namespace, with their links.
     *
     * @throws IOException where the kernel cannot be asked: no native library, no AF_SMC, or a kernel before 5.11
     */
    public static List<SmcLinkGroup> list() throws IOException {
        List<SmcLinkGroup> groups = new ArrayList<>();
        try (SmcGeneric netlink = new SmcGeneric()) {
            // GET_LINK_SMCR answers each group followed by its links; GET_LGR_SMCR would answer the groups alone.
            groups.addAll(netlink.dump("SMC-R link groups", SmcGeneric.GET_LINK_SMCR, LinkGroupParser::new));
            groups.addAll(netlink.dump("SMC-D link groups", SmcGeneric.GET_LGR_SMCD, LinkGroupParser::new));
        }
        return List.copyOf(groups);
    }
}
