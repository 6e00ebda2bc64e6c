package io.smc4j.cli.bench;

import io.smc4j.Smc;
import io.smc4j.diag.FallbackReason;
import io.smc4j.diag.SmcConnection;
import io.smc4j.diag.SmcMode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What the kernel said of a round's connections (SO_PROTOCOL, smc_diag), the client's ends.
 *
 * @param counts connections by mode: {@code TCP}, {@code SMC_R}, {@code SMC_D}, {@code SMC} (which of the two cannot be told), {@code UNKNOWN} (the kernel could not be asked)
 * @param reasons connections by the reason of their not being SMC, where there is one
 * @param connections the mode of each, in the order of their numbers
 */
public record Modes(Map<String, Integer> counts, Map<String, Integer> reasons, List<String> connections) {

    /** The kernel could not be asked. */
    static final String UNKNOWN = "UNKNOWN";

    /** Copies, with the order of counts and reasons. */
    public Modes {
        counts = java.util.Collections.unmodifiableMap(new TreeMap<>(counts));
        reasons = java.util.Collections.unmodifiableMap(new TreeMap<>(reasons));
        connections = List.copyOf(connections);
    }

    /** Asks the kernel about each connection. */
    static Modes ask(List<LoadConnection> all) {
        Map<String, Integer> counts = new TreeMap<>();
        Map<String, Integer> reasons = new TreeMap<>();
        List<String> each = new ArrayList<>();
        for (LoadConnection c : all) {
            String mode = UNKNOWN;
            String reason = "";
            try {
                SmcConnection truth = Smc.connection(c.channel);
                mode = truth.mode().name();
                reason = truth.isFallback() ? fallback(truth) : "";
            } catch (IOException e) {
                reason = e.getMessage();
            }
            counts.merge(mode, 1, Integer::sum);
            each.add(mode);
            if (!reason.isEmpty()) {
                reasons.merge(reason, 1, Integer::sum);
            }
        }
        return new Modes(counts, reasons, each);
    }

    private static String fallback(SmcConnection c) {
        String own = c.reason() + " (0x" + String.format("%08x", c.reasonCode()) + "): " + c.reason().meaning();
        return c.peerDiagnosis() == FallbackReason.NONE ? own : own + " The peer's reason: " + c.peerDiagnosis() + ": " + c.peerDiagnosis().meaning();
    }

    /** How many are not what the side stands for. */
    int others(Side side) {
        int n = 0;
        for (Map.Entry<String, Integer> e : counts.entrySet()) {
            n += e.getKey().equals(UNKNOWN) || !side.is(SmcMode.valueOf(e.getKey())) ? e.getValue() : 0;
        }
        return n;
    }

    /**
     * Returns where all connections are what the side stands for.
     *
     * @throws NotOnSideException with counts and reasons, where they are not
     */
    void check(Side side) throws NotOnSideException {
        int others = others(side);
        if (others == 0) {
            return;
        }
        StringBuilder s = new StringBuilder("side ").append(side.word()).append(": the kernel says that ").append(others).append(" of ").append(connections.size())
                .append(" connections are not ").append(side == Side.SMC ? "SMC" : "TCP").append(" but ").append(text());
        reasons.forEach((reason, n) -> s.append("; ").append(reason));
        if (reasons.isEmpty() && side == Side.SMC && !Smc.isAvailable()) {
            s.append("; this machine has no SMC: ").append(Smc.unavailabilityCause().getMessage());
        } else if (reasons.isEmpty() && side == Side.SMC) {
            s.append("; plain TCP by a rule, a setting or what was learnt of the server: smc4j explain HOST:PORT --connect tells which");
        } else if (side == Side.TCP && !counts.containsKey(UNKNOWN)) {
            s.append("; something below the JVM makes its sockets SMC (smc_run, or sysctl net.smc.tcp2smc=1)");
        }
        throw new NotOnSideException(s.append(". --allow-fallback measures them all the same").toString());
    }

    /** {@code 64 SMC_D}. */
    String text() {
        StringBuilder s = new StringBuilder();
        counts.forEach((mode, n) -> s.append(s.length() == 0 ? "" : ", ").append(n).append(' ').append(mode));
        return s.toString();
    }
}
