package io.smc4j.cli.syn;

import io.smc4j.cli.syn.SynAnswer.Kind;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;

/** One check of a path: asks, judges, and keeps the evidence. */
public final class SynCheck {

    /**
     * What was found.
     *
     * @param host the host as it was named
     * @param address the address asked
     * @param port the port
     * @param verdict the verdict
     * @param meaning its sentence
     * @param evidence one entry for each packet sent
     * @param rule the line for the rule file, or null where none is needed
     * @param packets SYNs sent; the kernel may have added as many resets
     */
    public record Report(String host, String address, int port, SynVerdict verdict, String meaning, List<Packet> evidence, String rule,
            int packets) {
    }

    /**
     * One SYN and its answer.
     *
     * @param probe what the SYN carried
     * @param sent its TCP header, in hexadecimal
     * @param answer what came: {@code SYN_ACK}, {@code RESET} or {@code NOTHING}
     * @param received the answer's TCP header, in hexadecimal, or null
     * @param options the answer's options in words, or null
     * @param micros microseconds to the answer; -1 for none
     */
    public record Packet(String probe, String sent, String answer, String received, String options, long micros) {
    }

    private SynCheck() {
    }

    /**
     * Checks a path by raw SYNs.
     *
     * @param host the name to show and to put into the rule
     * @param target the resolved address
     * @param timeoutMillis how long to wait for each answer
     * @param gapMillis the pause between two SYNs
     * @throws SynProber.NotPermittedException without CAP_NET_RAW
     */
    public static Report run(String host, InetSocketAddress target, int timeoutMillis, int gapMillis) throws IOException {
        SynJudge judge = new SynJudge();
        List<Packet> evidence = new ArrayList<>();
        try (SynProber prober = new SynProber(target)) {
            for (SynProbe probe = judge.next(); probe != null; probe = judge.next()) {
                if (!evidence.isEmpty()) {
                    pause(gapMillis);
                }
                SynAnswer answer = prober.ask(probe, timeoutMillis);
                evidence.add(packet(answer));
                judge.note(answer);
            }
        }
        SynVerdict verdict = judge.verdict();
        String meaning = verdict.meaning();
        if (verdict == SynVerdict.SMC_PEER && judge.otherMagic() != null) {
            meaning += " (it answers with other bytes than E2D4C3D9: " + judge.otherMagic().describe() + ")";
        }
        String rule = verdict.needsRule() ? "connect " + host + " " + target.getPort() + " tcp" : null;
        return new Report(host, target.getAddress().getHostAddress(), target.getPort(), verdict, meaning, List.copyOf(evidence), rule,
                evidence.size());
    }

    private static Packet packet(SynAnswer a) {
        return new Packet(a.probe().text(), Hex.spaced(a.sent().bytes()), a.kind().name(),
                a.received() == null ? null : Hex.spaced(a.received().bytes()),
                a.kind() == Kind.SYN_ACK ? a.options().describe() : null, a.micros());
    }

    private static void pause(int millis) throws IOException {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }
}
