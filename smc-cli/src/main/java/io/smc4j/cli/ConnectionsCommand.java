package io.smc4j.cli;

import io.smc4j.diag.FallbackReason;
import io.smc4j.diag.SmcConnection;
import io.smc4j.diag.SmcConnections;
import io.smc4j.diag.SmcMode;
import io.smc4j.diag.SmcState;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code connections}: the AF_SMC sockets, with the columns of the tool smcss. */
@Command(name = "connections", mixinStandardHelpOptions = true,
        description = {"AF_SMC sockets of this network namespace, with smcss' columns and the owning process.",
            "Mode TCP carries the fallback reason and, after a slash, the peer's diagnosis."})
final class ConnectionsCommand implements Callable<Integer> {

    @Mixin
    private Output output;
    @Option(names = {"-a", "--all"}, description = "Connections and everything else: listening, not yet connected, closed.")
    private boolean all;
    @Option(names = {"-l", "--listening"}, description = "Only what listens.")
    private boolean listening;
    @Option(names = {"-D", "--smcd"}, description = "Only SMC-D, with its tokens and GIDs.")
    private boolean smcd;
    @Option(names = {"-R", "--smcr"}, description = "Only SMC-R, with its role, device and GIDs.")
    private boolean smcr;
    @Option(names = {"-d", "--debug"}, description = "Buffer sizes, cursors and flags too.")
    private boolean debug;
    @Option(names = {"-w", "--watch"}, paramLabel = "SECONDS", arity = "0..1", fallbackValue = "2",
            description = "Again every SECONDS (2), until interrupted.")
    private Integer watch;
    @Option(names = "--explain", description = "Below the table, what each fallback reason means and what to do.")
    private boolean explain;

    /**
     * A socket and who holds it.
     *
     * @param process {@code PID/name}, or null
     * @param connection the socket
     */
    record Row(String process, SmcConnection connection) {
    }

    @Override
    public Integer call() throws IOException {
        if (watch == null) {
            show();
            return SmcCli.OK;
        }
        if (watch < 1) {
            throw new IllegalArgumentException("--watch needs a number of seconds, at least 1");
        }
        try {
            while (true) {
                if (output.coloured()) {
                    output.out().print("\033[H\033[2J");
                }
                show();
                Thread.sleep(watch * 1000L);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return SmcCli.OK;
        }
    }

    private void show() throws IOException {
        List<SmcConnection> chosen = SmcConnections.list().stream().filter(this::isWanted).toList();
        Map<Long, String> owners = Processes.bySocket(chosen.stream().map(SmcConnection::inode).collect(Collectors.toSet()));
        List<Row> rows = chosen.stream().map(c -> new Row(owners.get(c.inode()), c)).toList();
        output.print(rows, () -> text(rows));
    }

    private boolean isWanted(SmcConnection c) {
        if (smcd && c.mode() != SmcMode.SMC_D || smcr && c.mode() != SmcMode.SMC_R) {
            return false;
        }
        return all || (listening ? c.state() == SmcState.LISTEN : c.mode() != SmcMode.NONE);
    }

    private String text(List<Row> rows) {
        List<List<String>> table = new ArrayList<>();
        List<String> head = new ArrayList<>(List.of("State", "UID", "Inode", "Local Address", "Peer Address", "Intf", "Mode", "Process"));
        if (debug) {
            head.addAll(List.of("Shutd", "Token", "Sndbuf", "Rcvbuf", "Peerbuf", "rxprod-Cursor", "rxcons-Cursor", "rxFlags", "txprod-Cursor",
                    "txcons-Cursor", "txFlags", "txprep-Cursor", "txsent-Cursor", "txfin-Cursor"));
        }
        if (smcr) {
            head.addAll(List.of("Role", "IB-device", "Port", "Linkid", "GID", "Peer-GID"));
        }
        if (smcd) {
            head.addAll(List.of("GID", "Token", "Peer-GID", "Peer-Token", "Linkid"));
        }
        table.add(head);
        for (Row r : rows) {
            table.add(cells(r));
        }
        String text = Text.table(table);
        return explain ? text + explanations(rows) : text;
    }

    private List<String> cells(Row r) {
        SmcConnection c = r.connection();
        List<String> cells = new ArrayList<>(List.of(c.state().label(), Text.decimal(c.uid(), 5), Text.decimal(c.inode(), 7),
                Text.address(c.local()), Text.address(c.remote()), Text.hex(Integer.toUnsignedLong(c.boundInterface()), 4), mode(c),
                r.process() == null ? "-" : r.process()));
        if (debug) {
            cells.addAll(debugCells(c));
        }
        if (smcr) {
            cells.addAll(c.link().map(l -> List.of(l.role() == SmcConnection.Role.SERVER ? "SERV" : "CLNT", l.device(),
                    Text.hex(l.port(), 2), Text.hex(l.id(), 2), l.gid(), l.peerGid())).orElse(List.of()));
        }
        if (smcd) {
            cells.addAll(c.dmb().map(d -> List.of(gid(d.gid(), d.gidExtension()), Text.hex(d.token(), 16),
                    gid(d.peerGid(), d.peerGidExtension()), Text.hex(d.peerToken(), 16), Text.hex(d.linkGroup(), 8)))
                    .orElse(List.of()));
        }
        return cells;
    }

    private static List<String> debugCells(SmcConnection c) {
        List<String> cells = new ArrayList<>();
        cells.add((c.shutdown() & 1) != 0 ? (c.shutdown() & 2) != 0 ? "RW" : "R" : (c.shutdown() & 2) != 0 ? "W" : "<->");
        c.buffers().ifPresentOrElse(b -> cells.addAll(List.of(Text.hex(b.token(), 8), Text.hex(b.sendSize(), 8),
                Text.hex(b.receiveSize(), 8), Text.hex(b.peerReceiveSize(), 8), cursor(b.rxProduced()),
                cursor(b.rxConsumed()), flags(b.rxFlags(), b.rxStateFlags()), cursor(b.txProduced()), cursor(b.txConsumed()),
                flags(b.txFlags(), b.txStateFlags()), cursor(b.txPrepared()), cursor(b.txSent()), cursor(b.txConfirmed()))),
                () -> cells.addAll(java.util.Collections.nCopies(13, "-")));
        return cells;
    }

    private static String cursor(SmcConnection.Cursor c) {
        return Text.hex(c.wrap(), 4) + ":" + Text.hex(c.count(), 8);
    }

    private static String flags(int producer, int state) {
        return Text.hex(producer, 2) + ":" + Text.hex(state, 2);
    }

    static String gid(long gid, long extension) {
        return Text.hex(gid, 16) + (extension == 0 ? "" : Text.hex(extension, 16));
    }

    /** As smcss writes it: {@code SMCR}, {@code SMCD}, {@code TCP 0x05000000/0x03030000}. */
    static String mode(SmcConnection c) {
        switch (c.mode()) {
            case SMC_R:
                return "SMCR";
            case SMC_D:
                return "SMCD";
            case TCP:
                return "TCP " + code(c.reasonCode()) + (c.peerDiagnosisCode() == 0 ? "" : "/" + code(c.peerDiagnosisCode()));
            default:
                return c.isSmc() ? "SMC" : "";
        }
    }

    private static String code(int code) {
        return "0x" + Text.hex(Integer.toUnsignedLong(code), 8);
    }

    private static String explanations(List<Row> rows) {
        StringBuilder s = new StringBuilder();
        rows.stream().map(Row::connection).filter(SmcConnection::isFallback)
                .flatMap(c -> java.util.stream.Stream.of(c.reasonCode(), c.peerDiagnosisCode())).filter(code -> code != 0).distinct().sorted()
                .forEach(code -> {
                    FallbackReason r = FallbackReason.of(code);
                    s.append('\n').append(FallbackReason.describe(code)).append("\n  ").append(r.meaning()).append("\n  ").append(r.advice())
                            .append('\n');
                });
        return s.toString();
    }
}
