package io.smc4j.policy;

/**
 * What the kernel's fallback reasons mean for the next connection to the same peer. The codes are the {@code SMC_CLC_DECL_*} constants of
 * the kernel's {@code net/smc/smc_clc.h} (Linux 6.12; the last two of Anolis 5.10). The wait is in units of {@code smc.memory.retry}.
 *
 * <table>
 * <caption>Classes</caption>
 * <tr><th>class</th><th>codes</th><th>first wait</th><th>because</th></tr>
 * <tr><td>{@link #IGNORED}</td><td>03060000 OPTUNSUPP</td><td>none</td><td>an option of this one socket, nothing about the peer</td></tr>
 * <tr><td>{@link #MOMENTARY}</td><td>01010000 MEM, 0303000a MAXCONNERR, 0303000b MAXLINKERR, 030d0000 MAX_DMB, 09990000 INTERR to 0999ffff</td>
 *     <td>1/12</td><td>resources that come back by themselves</td></tr>
 * <tr><td>{@link #PEER}</td><td>03010000 PEERNOSMC, 05000000 PEERDECL, 02010000 TIMEOUT_CL, 02020000 TIMEOUT_AL, 030a0000 NOACTLINK, 030b0000
 *     NOSRVLINK, 04000000 SYNCERR, and any code not named here</td><td>1</td>
 *     <td>the peer may be restarting, or busy: a listener under SYN flood leaves the SMC option out too</td></tr>
 * <tr><td>{@link #CONFIGURATION}</td><td>03000000 CNFERR, 03020000 IPSEC, 03030000 NOSMCDEV to 0303000c VENDORERR (without the two
 *     above), 03040000 MODEUNSUPP, 03050000 RMBE_EC, 03070000 DIFFPREFIX, 03080000 GETVLANERR, 03090000 ISMVLANERR, 030c0000 VERSMISMAT,
 *     030e0000 NOROUTE, 030f0000 NOINDIRECT</td><td>5</td><td>devices, UEIDs, subnets and versions do not change from minute to minute</td></tr>
 * </table>
 */
enum DeclineReason {
    /** Says nothing about the peer. */
    IGNORED(0, 1),
    /** Comes back by itself. */
    MOMENTARY(1, 12),
    /** The state of the peer. */
    PEER(1, 1),
    /** How the two hosts are set up. */
    CONFIGURATION(5, 1);

    private final int times;
    private final int dividedBy;

    DeclineReason(int times, int dividedBy) {
        this.times = times;
        this.dividedBy = dividedBy;
    }

    /** The first wait, in the unit of {@code retry}, at least 1. */
    long firstWait(long retry) {
        return Math.max(1, retry * times / dividedBy);
    }

    static DeclineReason of(int code) {
        switch (code) {
            case 0x03060000:
                return IGNORED;
            case 0x01010000, 0x0303000a, 0x0303000b, 0x030d0000:
                return MOMENTARY;
            case 0x03000000, 0x03020000, 0x03040000, 0x03050000, 0x03070000, 0x03080000, 0x03090000, 0x030c0000, 0x030e0000, 0x030f0000:
                return CONFIGURATION;
            default:
                return switch (code >>> 16) {
                    case 0x0999 -> MOMENTARY;
                    case 0x0303 -> CONFIGURATION;
                    default -> PEER;
                };
        }
    }
}
