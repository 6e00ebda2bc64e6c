package io.smc4j.cli;

import io.smc4j.diag.SmcConnection;
import io.smc4j.diag.SmcLinkGroup;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code linkgroups}. */
@Command(name = "linkgroups", mixinStandardHelpOptions = true,
        description = "Link groups: what the connections to one peer share. SMC-R's with their links.")
final class LinkGroupsCommand implements Callable<Integer> {

    @Mixin
    private Output output;

    @Override
    public Integer call() throws IOException {
        List<SmcLinkGroup> groups = SmcLinkGroup.list();
        List<List<String>> table = new ArrayList<>();
        table.add(List.of("LG-ID", "Kind", "Role", "Type", "Conns", "VLAN", "PNET-ID", "Peer", "EID", "Link", "State", "Device", "GID",
                "Peer-GID"));
        for (SmcLinkGroup g : groups) {
            rows(g, table);
        }
        output.print(groups, groups.isEmpty() ? "no link groups\n" : Text.table(table));
        return SmcCli.OK;
    }

    private static void rows(SmcLinkGroup g, List<List<String>> table) {
        String peer = g.negotiated().map(SmcLinkGroup.Negotiated::peerHost).orElse("");
        String eid = g.negotiated().map(SmcLinkGroup.Negotiated::eid).orElse("");
        String id = String.format("%08x", g.id());
        g.shared().ifPresent(d -> table.add(List.of(id, "SMC-D", "", "", "" + g.connections(), "" + g.vlan(), g.pnetId(), peer, eid, "", "",
                String.format("CHID %04x", d.channel()), ConnectionsCommand.gid(d.gid(), d.gidExtension()),
                ConnectionsCommand.gid(d.peerGid(), d.peerGidExtension()))));
        g.rdma().ifPresent(r -> {
            String role = r.role() == SmcConnection.Role.SERVER ? "SERV" : "CLNT";
            if (r.links().isEmpty()) {
                table.add(List.of(id, "SMC-R", role, r.redundancy().name(), "" + g.connections(), "" + g.vlan(), g.pnetId(), peer, eid, "", "", "",
                        "", ""));
            }
            for (SmcLinkGroup.Link l : r.links()) {
                table.add(List.of(id, "SMC-R", role, r.redundancy().name(), "" + g.connections(), "" + g.vlan(), g.pnetId(), peer, eid,
                        String.format("%02x", l.id()), l.state().name(), l.device() + "/" + l.port(), l.gid(), l.peerGid()));
            }
        });
    }
}
