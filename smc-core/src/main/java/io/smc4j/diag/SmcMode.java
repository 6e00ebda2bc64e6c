package io.smc4j.diag;

/** What carries a connection's data. */
public enum SmcMode {
    /** SMC over RDMA. */
    SMC_R,
    /** SMC over shared memory: an ISM device, a virtual one, or loopback-ism. */
    SMC_D,
    /**
     * SMC, but which of the two could not be asked (no {@code smc_diag}) nor concluded (there are devices of both kinds). Never a guess.
     */
    SMC,
    /** TCP: plain, or after a fallback, which the {@link FallbackReason} tells. */
    TCP,
    /** Nothing yet, or no more: the socket is not connected, it listens, or it is closed. */
    NONE;

    /** Whether the data goes over SMC. */
    public boolean isSmc() {
        return this == SMC_R || this == SMC_D || this == SMC;
    }
}
