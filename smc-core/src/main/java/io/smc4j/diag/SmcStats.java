package io.smc4j.diag;

import io.smc4j.internal.MalformedNetlinkException;
import io.smc4j.internal.NetlinkAttributes;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * The kernel's SMC counters of this network namespace since it was made (commands GET_STATS and GET_FBACK_STATS, Linux 5.14 and later).
 * The two are asked one after the other, not at one moment.
 *
 * <p>Thread-safety: immutable.
 *
 * @param smcd counters of SMC-D
 * @param smcr counters of SMC-R
 * @param clientHandshakeErrors handshakes that failed with an error, as client
 * @param serverHandshakeErrors handshakes that failed with an error, as server
 * @param clientFallbacks connections that fell back to TCP, as client
 * @param serverFallbacks connections that fell back to TCP, as server
 * @param fallbacks the fallbacks by side and reason
 */
public record SmcStats(Technology smcd, Technology smcr, long clientHandshakeErrors, long serverHandshakeErrors, long clientFallbacks,
        long serverFallbacks, List<Fallback> fallbacks) {

    /** Upper bounds of the histograms' classes in bytes; the last class has none. */
    public static final List<Long> HISTOGRAM_BOUNDS = List.of(8_192L, 16_384L, 32_768L, 65_536L, 131_072L, 262_144L, 524_288L, 1_048_576L,
            Long.MAX_VALUE);

    /**
     * Fallbacks with one reason. The kernel keeps the first 36 reasons of each side.
     *
     * @param server whether this host was the server of the connections
     * @param reason the reason
     * @param code the kernel's number of the reason
     * @param count how often, modulo 65,536
     */
    public record Fallback(boolean server, FallbackReason reason, int code, int count) {
    }

    /**
     * Buffer events of one direction.
     *
     * @param tooSmallAtPeer writes that did not fit into the peer's buffer
     * @param tooSmall writes that did not fit into the own buffer
     * @param fullAtPeer writes that found the peer's buffer full
     * @param full writes that found the own buffer full
     * @param reused buffers taken from a link group's free ones
     * @param allocated buffers allocated anew
     * @param downgraded buffers smaller than asked for
     */
    public record BufferEvents(long tooSmallAtPeer, long tooSmall, long fullAtPeer, long full, long reused, long allocated, long downgraded) {
    }

    /**
     * Counters of one technology. Histograms count by the classes of {@link #HISTOGRAM_BOUNDS}.
     *
     * @param txBufferSizes send buffers by size
     * @param rxBufferSizes receive buffers by size
     * @param txSizes send calls by bytes
     * @param rxSizes receive calls by bytes
     * @param txBuffers events of send buffers
     * @param rxBuffers events of receive buffers
     * @param clientV1 connections made as client with version 1
     * @param clientV2 connections made as client with version 2
     * @param serverV1 connections accepted with version 1
     * @param serverV2 connections accepted with version 2
     * @param sendfiles calls of sendfile; 0 in kernels since 6.6, which count them as sends
     * @param splices calls of splice
     * @param corks sends that waited for more (TCP_CORK, MSG_MORE)
     * @param noDelays sends with TCP_NODELAY
     * @param urgents sends of urgent data
     * @param rxBytes bytes received
     * @param txBytes bytes sent
     * @param rxCalls receive calls
     * @param txCalls send calls
     * @param rxBufferBytes memory of receive buffers in use, in bytes; 0 before Linux 6.12
     * @param txBufferBytes memory of send buffers in use, in bytes; 0 before Linux 6.12
     */
    public record Technology(List<Long> txBufferSizes, List<Long> rxBufferSizes, List<Long> txSizes, List<Long> rxSizes,
            BufferEvents txBuffers, BufferEvents rxBuffers, long clientV1, long clientV2, long serverV1, long serverV2, long sendfiles,
            long splices, long corks, long noDelays, long urgents, long rxBytes, long txBytes, long rxCalls, long txCalls, long rxBufferBytes,
            long txBufferBytes) {

        /** Copies the lists. */
        public Technology {
            txBufferSizes = List.copyOf(txBufferSizes);
            rxBufferSizes = List.copyOf(rxBufferSizes);
            txSizes = List.copyOf(txSizes);
            rxSizes = List.copyOf(rxSizes);
        }

        /** Connections made and accepted. */
        public long connections() {
            return clientV1 + clientV2 + serverV1 + serverV2;
        }
    }

    /** Copies the list. */
    public SmcStats {
        fallbacks = List.copyOf(fallbacks);
    }

    /**
     * Asks the kernel.
     *
     * @throws IOException where it cannot be asked: no native library, no AF_SMC, or a kernel before 5.14
     */
    public static SmcStats read() throws IOException {
        try (SmcGeneric netlink = new SmcGeneric()) {
            SmcStats s = netlink.dump("statistics", SmcGeneric.GET_STATS, StatsParser::new);
            return netlink.dump("fallback statistics", SmcGeneric.GET_FBACK_STATS, FallbackParser::new).onto(s);
        }
    }

    /** Takes GET_STATS' answer. */
    static final class StatsParser implements SmcGeneric.Parser<SmcStats> {
        private static final int SMC_GEN_STATS = 7;
        /** {@code SMC_NLA_STATS_*}. */
        private static final int SMCD_TECH = 1;
        private static final int SMCR_TECH = 2;
        private static final int CLNT_HS_ERR_CNT = 3;
        private static final int SRV_HS_ERR_CNT = 4;

        private SmcStats stats = empty();

        @Override
        public void take(SmcGeneric.Answer answer) throws MalformedNetlinkException {
            if (answer.attributes().has(SMC_GEN_STATS)) {
                NetlinkAttributes a = answer.attributes().nested(SMC_GEN_STATS);
                stats = new SmcStats(technology(a.nested(SMCD_TECH)), technology(a.nested(SMCR_TECH)), a.number(CLNT_HS_ERR_CNT, 0),
                        a.number(SRV_HS_ERR_CNT, 0), 0, 0, List.of());
            }
        }

        private static SmcStats empty() {
            List<Long> none = List.of(0L, 0L, 0L, 0L, 0L, 0L, 0L, 0L, 0L);
            BufferEvents events = new BufferEvents(0, 0, 0, 0, 0, 0, 0);
            Technology t = new Technology(none, none, none, none, events, events, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
            return new SmcStats(t, t, 0, 0, 0, 0, List.of());
        }

        @Override
        public SmcStats result() {
            return stats;
        }
    }

    /** {@code SMC_NLA_STATS_T_*}: 1 to 4 are histograms, 5 and 6 buffer events, then numbers in the kernel's order. */
    private static Technology technology(NetlinkAttributes a) throws MalformedNetlinkException {
        return new Technology(histogram(a.nested(1)), histogram(a.nested(2)), histogram(a.nested(3)), histogram(a.nested(4)),
                events(a.nested(5)), events(a.nested(6)), a.number(7, 0), a.number(8, 0), a.number(9, 0), a.number(10, 0), a.number(11, 0),
                a.number(12, 0), a.number(13, 0), a.number(14, 0), a.number(15, 0), a.number(16, 0), a.number(17, 0), a.number(18, 0),
                a.number(19, 0), a.number(20, 0), a.number(21, 0));
    }

    /** {@code SMC_NLA_STATS_PLOAD_8K} (1) to {@code _G_1024K} (9). */
    private static List<Long> histogram(NetlinkAttributes a) throws MalformedNetlinkException {
        List<Long> counts = new ArrayList<>(HISTOGRAM_BOUNDS.size());
        for (int i = 1; i <= HISTOGRAM_BOUNDS.size(); i++) {
            counts.add(a.number(i, 0));
        }
        return counts;
    }

    /** {@code SMC_NLA_STATS_RMB_SIZE_SM_PEER_CNT} (1) to {@code _DGRADE_CNT} (7). */
    private static BufferEvents events(NetlinkAttributes a) throws MalformedNetlinkException {
        return new BufferEvents(a.number(1, 0), a.number(2, 0), a.number(3, 0), a.number(4, 0), a.number(5, 0), a.number(6, 0), a.number(7, 0));
    }

    /** Takes GET_FBACK_STATS' answers: one for each side and reason; the first carries both totals. */
    static final class FallbackParser implements SmcGeneric.Parser<FallbackParser> {
        private static final int SMC_GEN_FBACK_STATS = 8;
        /** {@code SMC_NLA_FBACK_STATS_*}. */
        private static final int TYPE = 1;
        private static final int SRV_CNT = 2;
        private static final int CLNT_CNT = 3;
        private static final int RSN_CODE = 4;
        private static final int RSN_CNT = 5;

        private final List<Fallback> fallbacks = new ArrayList<>();
        private long server;
        private long client;

        @Override
        public void take(SmcGeneric.Answer answer) throws MalformedNetlinkException {
            NetlinkAttributes a = answer.attributes().nested(SMC_GEN_FBACK_STATS);
            server = a.number(SRV_CNT, server);
            client = a.number(CLNT_CNT, client);
            if (a.has(RSN_CODE)) {
                int code = a.integer(RSN_CODE, 0);
                fallbacks.add(new Fallback(a.flag(TYPE), FallbackReason.of(code), code, a.integer(RSN_CNT, 0)));
            }
        }

        @Override
        public FallbackParser result() {
            return this;
        }

        SmcStats onto(SmcStats s) {
            return new SmcStats(s.smcd, s.smcr, s.clientHandshakeErrors, s.serverHandshakeErrors, client, server, fallbacks);
        }
    }
}
