package io.smc4j.cli.syn;

import io.smc4j.cli.syn.SynAnswer.Kind;
import io.smc4j.cli.syn.TcpOptions.Option;
import java.util.EnumMap;
import java.util.Map;

/**
 * Says what to send next and, once there is enough, what the answers mean. Knows no sockets.
 *
 * <p>Order: the control first; without an answer to it nothing can be said. Then SMC's option, an unknown identifier, and, where SMC's
 * SYN went unanswered, a short one and the control again, so that a path that died meanwhile is not taken for one that drops options. A SYN
 * without an answer is repeated once. At most {@value #MAX_SYNS} SYNs; each can cost a reset by the kernel, so at most 20 packets leave.
 *
 * <p>Thread-safety: none; one check, one thread.
 */
final class SynJudge {

    /** The most SYNs of one check. */
    static final int MAX_SYNS = 10;
    private static final int TRIES = 2;

    private final Map<SynProbe, SynAnswer> answers = new EnumMap<>(SynProbe.class);
    private final Map<SynProbe, Integer> tries = new EnumMap<>(SynProbe.class);
    private SynAnswer lastControl;
    private boolean controlAgain;
    private int sent;

    /** The next SYN to send, or null where the verdict is ready. */
    SynProbe next() {
        if (sent >= MAX_SYNS) {
            return null;
        }
        if (open(SynProbe.CONTROL)) {
            return SynProbe.CONTROL;
        }
        if (answers.get(SynProbe.CONTROL).kind() != Kind.SYN_ACK) {
            return null;
        }
        if (open(SynProbe.SMC)) {
            return SynProbe.SMC;
        }
        if (open(SynProbe.UNKNOWN)) {
            return SynProbe.UNKNOWN;
        }
        if (kind(SynProbe.SMC) == Kind.NOTHING || kind(SynProbe.UNKNOWN) == Kind.NOTHING) {
            if (open(SynProbe.SHORT_SMC)) {
                return SynProbe.SHORT_SMC;
            }
            if (!controlAgain) {
                return SynProbe.CONTROL;
            }
        }
        return null;
    }

    /** Whether a probe is still to be sent: never sent, or unanswered and not yet repeated. */
    private boolean open(SynProbe probe) {
        int n = tries.getOrDefault(probe, 0);
        return n == 0 || n < TRIES && kind(probe) == Kind.NOTHING;
    }

    private Kind kind(SynProbe probe) {
        SynAnswer a = answers.get(probe);
        return a == null ? null : a.kind();
    }

    /** Takes an answer in. */
    void note(SynAnswer answer) {
        sent++;
        SynProbe probe = answer.probe();
        if (probe == SynProbe.CONTROL) {
            controlAgain = lastControl != null && lastControl.kind() == Kind.SYN_ACK;
            lastControl = answer;
            if (controlAgain) {
                return;
            }
        }
        tries.merge(probe, 1, Integer::sum);
        answers.put(probe, answer);
    }

    /** What the answers mean. */
    SynVerdict verdict() {
        Kind control = kind(SynProbe.CONTROL);
        if (control != Kind.SYN_ACK) {
            return control == Kind.RESET ? SynVerdict.CLOSED : SynVerdict.NO_ANSWER;
        }
        // What the answers that did come say, whatever was lost.
        SynAnswer unknown = answers.get(SynProbe.UNKNOWN);
        if (unknown != null && unknown.options().experiments().stream().anyMatch(SynProbe.UNKNOWN::isCopy)) {
            return SynVerdict.REPLAY;
        }
        if (!answers.get(SynProbe.CONTROL).options().experiments().isEmpty()
                || unknown != null && !unknown.options().experiments().isEmpty()) {
            return SynVerdict.CONFLICT; // kind 254 without having been asked, or by another owner: a host answers only what it knows
        }
        if (lost() || malformed(SynProbe.SMC) || malformed(SynProbe.UNKNOWN)) {
            return tooLongOrBlocked();
        }
        if (kind(SynProbe.SMC) == Kind.RESET || kind(SynProbe.UNKNOWN) == Kind.RESET) {
            return kind(SynProbe.SMC) == kind(SynProbe.UNKNOWN) ? SynVerdict.BLOCKED : SynVerdict.INCONCLUSIVE;
        }
        // Some listeners (Alibaba Cloud kernels) answer with another magic than E2D4C3D9, but only when asked with that one.
        return answers.get(SynProbe.SMC).options().experiments().isEmpty() ? SynVerdict.PLAIN_PEER : SynVerdict.SMC_PEER;
    }

    private boolean lost() {
        return kind(SynProbe.SMC) == Kind.NOTHING || kind(SynProbe.UNKNOWN) == Kind.NOTHING;
    }

    private boolean malformed(SynProbe probe) {
        SynAnswer a = answers.get(probe);
        return a != null && a.options().malformed() != null;
    }

    private SynVerdict tooLongOrBlocked() {
        boolean broken = malformed(SynProbe.SMC) || malformed(SynProbe.UNKNOWN);
        if (broken) {
            return SynVerdict.OVERLENGTH;
        }
        if (!controlAgain || lastControl.kind() != Kind.SYN_ACK || kind(SynProbe.SMC) != kind(SynProbe.UNKNOWN)) {
            return SynVerdict.INCONCLUSIVE;
        }
        return kind(SynProbe.SHORT_SMC) == Kind.SYN_ACK ? SynVerdict.OVERLENGTH : SynVerdict.BLOCKED;
    }

    /** The option of the answer to SMC's SYN, where it is not SMC's own bytes; null otherwise. */
    Option otherMagic() {
        SynAnswer smc = answers.get(SynProbe.SMC);
        return smc == null ? null : smc.options().experiments().stream().filter(o -> !o.isSmc()).findFirst().orElse(null);
    }
}
