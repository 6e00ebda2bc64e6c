package io.smc4j.engine;

import io.smc4j.diag.FallbackReason;
import java.util.EnumSet;
import java.util.Set;

/**
 * The kernel's word on a connect over SMC that is over.
 *
 * @param smc whether the connection is over SMC; otherwise the kernel fell back to TCP
 * @param reason why it fell back; {@link FallbackReason#NONE} where it did not, {@link FallbackReason#UNKNOWN} where there is no smc_diag to tell
 * @param reasonCode the kernel's number for it; 0 where there is none
 * @param peerDiagnosisCode the peer's own word, where it declined; otherwise 0
 */
public record SmcOutcome(boolean smc, FallbackReason reason, int reasonCode, int peerDiagnosisCode) {

    private static final SmcOutcome SMC = new SmcOutcome(true, FallbackReason.NONE, 0, 0);

    private static final Set<FallbackReason> BEFORE_PROPOSAL = EnumSet.of(FallbackReason.MEM, FallbackReason.IPSEC, FallbackReason.NOSMCDEV,
            FallbackReason.NOSMCDDEV, FallbackReason.NOSMCRDEV, FallbackReason.GETVLANERR, FallbackReason.ISMVLANERR);

    static SmcOutcome overSmc() {
        return SMC;
    }

    /**
     * Whether the kernel has put bytes of its own in front of the program's: the DECLINE that it sends where it finds, the peer's SYN-ACK having had the
     * SMC option, that it cannot even propose SMC ({@code smc_connect_decline_fallback}, {@code net/smc/af_smc.c}). Whether the peer is an SMC host that
     * takes it out or an application behind a middlebox that replays the option, nobody knows; only a fresh TCP connection is surely clean.
     * Other reasons of this host come after the peer has answered in SMC's own words.
     *
     * @return null where the stream is clean, or where there is no smc_diag to tell
     */
    public OwnDeclineException foreignBytes() {
        return !smc && BEFORE_PROPOSAL.contains(reason) ? new OwnDeclineException(reason, reasonCode) : null;
    }
}
