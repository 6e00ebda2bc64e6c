package io.smc4j.diag;

import io.smc4j.diag.SmcLinkGroup.Link;
import io.smc4j.diag.SmcLinkGroup.LinkState;
import io.smc4j.diag.SmcLinkGroup.Negotiated;
import io.smc4j.diag.SmcLinkGroup.Rdma;
import io.smc4j.diag.SmcLinkGroup.Redundancy;
import io.smc4j.diag.SmcLinkGroup.Shared;
import io.smc4j.internal.MalformedNetlinkException;
import io.smc4j.internal.NetlinkAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Takes the answers of GET_LINK_SMCR (each group, then its links) and GET_LGR_SMCD.
 *
 * <p>Thread-safety: none.
 */
final class LinkGroupParser implements SmcGeneric.Parser<List<SmcLinkGroup>> {

    private static final int SMC_GEN_LGR_SMCR = 2;
    private static final int SMC_GEN_LINK_SMCR = 3;
    private static final int SMC_GEN_LGR_SMCD = 4;
    /** {@code SMC_NLA_LGR_R_*}. */
    private static final int R_ID = 1;
    private static final int R_ROLE = 2;
    private static final int R_TYPE = 3;
    private static final int R_PNETID = 4;
    private static final int R_VLAN_ID = 5;
    private static final int R_CONNS_NUM = 6;
    private static final int R_V2_COMMON = 7;
    private static final int R_V2 = 8;
    private static final int R_NET_COOKIE = 9;
    private static final int R_BUF_TYPE = 11;
    private static final int R_SNDBUF_ALLOC = 12;
    private static final int R_RMB_ALLOC = 13;
    private static final int R_V2_DIRECT = 1;
    private static final int R_V2_MAX_CONNS = 2;
    private static final int R_V2_MAX_LINKS = 3;
    /** {@code SMC_NLA_LGR_V2_*}: this enum starts at 0. */
    private static final int V2_VER = 0;
    private static final int V2_REL = 1;
    private static final int V2_OS = 2;
    private static final int V2_NEG_EID = 3;
    private static final int V2_PEER_HOST = 4;
    /** {@code SMC_NLA_LGR_D_*}. */
    private static final int D_ID = 1;
    private static final int D_GID = 2;
    private static final int D_PEER_GID = 3;
    private static final int D_VLAN_ID = 4;
    private static final int D_CONNS_NUM = 5;
    private static final int D_PNETID = 6;
    private static final int D_CHID = 7;
    private static final int D_V2_COMMON = 9;
    private static final int D_EXT_GID = 10;
    private static final int D_PEER_EXT_GID = 11;
    private static final int D_SNDBUF_ALLOC = 12;
    private static final int D_DMB_ALLOC = 13;

    private final List<SmcLinkGroup> groups = new ArrayList<>();

    @Override
    public void take(SmcGeneric.Answer answer) throws MalformedNetlinkException {
        NetlinkAttributes top = answer.attributes();
        if (top.has(SMC_GEN_LGR_SMCR)) {
            groups.add(rdma(top.nested(SMC_GEN_LGR_SMCR)));
        } else if (top.has(SMC_GEN_LINK_SMCR)) {
            addLink(link(top.nested(SMC_GEN_LINK_SMCR)));
        } else if (top.has(SMC_GEN_LGR_SMCD)) {
            groups.add(shared(top.nested(SMC_GEN_LGR_SMCD)));
        }
    }

    @Override
    public List<SmcLinkGroup> result() {
        return groups;
    }

    /** A link belongs to the group before it; one without a group (a dump cut by the kernel) has nowhere to go. */
    private void addLink(Link link) {
        if (groups.isEmpty()) {
            return;
        }
        SmcLinkGroup g = groups.get(groups.size() - 1);
        if (g.rdma().isEmpty()) {
            return;
        }
        Rdma r = g.rdma().get();
        List<Link> links = new ArrayList<>(r.links());
        links.add(link);
        Rdma more = new Rdma(r.role(), r.redundancy(), r.bufferType(), r.direct(), r.maxConnections(), r.maxLinks(), r.netCookie(), links);
        groups.set(groups.size() - 1, new SmcLinkGroup(g.kind(), g.id(), g.connections(), g.pnetId(), g.vlan(), g.negotiated(),
                Optional.of(more), g.shared(), g.sendBufferBytes(), g.receiveBufferBytes()));
    }

    private static SmcLinkGroup rdma(NetlinkAttributes a) throws MalformedNetlinkException {
        NetlinkAttributes v2 = a.nested(R_V2);
        Rdma rdma = new Rdma(a.flag(R_ROLE) ? SmcConnection.Role.SERVER : SmcConnection.Role.CLIENT,
                constant(Redundancy.values(), a.integer(R_TYPE, 0)), a.integer(R_BUF_TYPE, 0), v2.flag(R_V2_DIRECT),
                v2.integer(R_V2_MAX_CONNS, 0), v2.integer(R_V2_MAX_LINKS, 0), a.number(R_NET_COOKIE, 0), List.of());
        return new SmcLinkGroup(SmcMode.SMC_R, a.number(R_ID, 0), a.number(R_CONNS_NUM, 0), a.string(R_PNETID), a.integer(R_VLAN_ID, 0),
                negotiated(a, R_V2_COMMON), Optional.of(rdma), Optional.empty(), a.number(R_SNDBUF_ALLOC, 0), a.number(R_RMB_ALLOC, 0));
    }

    private static SmcLinkGroup shared(NetlinkAttributes a) throws MalformedNetlinkException {
        Shared shared = new Shared(a.number(D_GID, 0), a.number(D_EXT_GID, 0), a.number(D_PEER_GID, 0), a.number(D_PEER_EXT_GID, 0),
                a.integer(D_CHID, 0) & 0xffff);
        return new SmcLinkGroup(SmcMode.SMC_D, a.number(D_ID, 0), a.number(D_CONNS_NUM, 0), a.string(D_PNETID), a.integer(D_VLAN_ID, 0),
                negotiated(a, D_V2_COMMON), Optional.empty(), Optional.of(shared), a.number(D_SNDBUF_ALLOC, 0), a.number(D_DMB_ALLOC, 0));
    }

    private static Optional<Negotiated> negotiated(NetlinkAttributes a, int type) throws MalformedNetlinkException {
        if (!a.has(type)) {
            return Optional.empty();
        }
        NetlinkAttributes v2 = a.nested(type);
        return Optional.of(new Negotiated(v2.integer(V2_VER, 0), v2.integer(V2_REL, 0), v2.integer(V2_OS, 0), v2.string(V2_NEG_EID),
                v2.string(V2_PEER_HOST)));
    }

    /** {@code SMC_NLA_LINK_*}. */
    private static Link link(NetlinkAttributes a) throws MalformedNetlinkException {
        return new Link(a.integer(1, 0), a.string(2), a.integer(3, 0), a.string(4), a.string(5), a.number(6, 0), a.integer(7, 0),
                a.integer(8, 0), a.integer(9, 0), constant(LinkState.values(), a.integer(10, -1)));
    }

    /** The constant with the kernel's number; the last one, UNKNOWN, for a number beyond. */
    private static <E> E constant(E[] constants, int number) {
        int unknown = constants.length - 1;
        return constants[number >= 0 && number < unknown ? number : unknown];
    }
}
