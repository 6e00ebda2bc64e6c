package io.smc4j.diag;

import io.smc4j.diag.SmcConnection.Buffers;
import io.smc4j.diag.SmcConnection.Cursor;
import io.smc4j.diag.SmcConnection.Dmb;
import io.smc4j.diag.SmcConnection.Link;
import io.smc4j.diag.SmcConnection.Role;
import io.smc4j.internal.Linux;
import io.smc4j.internal.MalformedNetlinkException;
import io.smc4j.internal.NetlinkAttributes;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;

/** The request and the messages of {@code linux/smc_diag.h}, without I/O. */
final class SmcDiag {

    /** {@code SOCK_DIAG_BY_FAMILY}. */
    static final int TYPE = 20;
    /** {@code sizeof(struct smc_diag_msg)}. */
    private static final int MESSAGE = 64;
    /** {@code sizeof(struct smc_diag_req)}. */
    private static final int REQUEST = 52;
    /** CONNINFO, LGRINFO and DMBINFO, each {@code 1 << (SMC_DIAG_x - 1)}; the kernel adds SHUTDOWN and FALLBACK by itself. */
    private static final int EXTENSIONS = 0x01 | 0x02 | 0x08;

    private static final int CONNINFO = 1;
    private static final int LGRINFO = 2;
    private static final int SHUTDOWN = 3;
    private static final int DMBINFO = 4;
    private static final int FALLBACK = 5;

    private static final int MODE_SMCR = 0;
    private static final int MODE_FALLBACK_TCP = 1;
    private static final int MODE_SMCD = 2;
    /** {@code sizeof(struct smc_diag_conninfo)}. */
    private static final int CONNINFO_LENGTH = 76;
    /** {@code sizeof(struct smc_diag_lgrinfo)}. */
    private static final int LGRINFO_LENGTH = 147;
    /** {@code sizeof(struct smcd_diag_dmbinfo)} up to Linux 6.7; 56 since. */
    private static final int DMBINFO_SHORT = 40;
    private static final int DMBINFO_LENGTH = 56;

    private SmcDiag() {
    }

    /** {@code struct smc_diag_req} for all sockets of the network namespace: the kernel has no filter. */
    static ByteBuffer request() {
        return ByteBuffer.allocate(REQUEST).order(ByteOrder.nativeOrder()).put(0, (byte) Linux.AF_SMC).put(3, (byte) EXTENSIONS);
    }

    /**
     * <pre>
     * struct smc_diag_msg { __u8 family, state, mode, shutdown;                                     0
     *     struct inet_diag_sockid { __be16 sport, dport; __be32 src[4], dst[4]; __u32 if, cookie[2]; }  4
     *     __u32 uid; __aligned_u64 inode; };                                                       52, 56
     * </pre>
     *
     * @param m a message's payload from position 0
     */
    static SmcConnection parse(ByteBuffer m) throws MalformedNetlinkException {
        if (m.limit() < MESSAGE) {
            throw new MalformedNetlinkException("smc_diag message of " + m.limit() + " bytes, expected at least " + MESSAGE);
        }
        NetlinkAttributes a = NetlinkAttributes.parse(m.slice(MESSAGE, m.limit() - MESSAGE).order(m.order()));
        SmcState state = SmcState.of(m.get(1) & 0xff);
        SmcMode mode = mode(m.get(2) & 0xff, state, m.getShort(6) != 0);
        ByteBuffer fallback = a.bytes(FALLBACK);
        int reason = fallback != null && fallback.limit() >= 4 ? fallback.getInt(0) : 0;
        int diagnosis = fallback != null && fallback.limit() >= 8 ? fallback.getInt(4) : 0;
        boolean v4 = (m.getInt(12) | m.getInt(16) | m.getInt(20) | m.getInt(28) | m.getInt(32) | m.getInt(36)) == 0;
        long cookie = m.getInt(44) & 0xffffffffL | (m.getInt(48) & 0xffffffffL) << 32; // [0] is the low half on every machine
        return new SmcConnection(mode, state, FallbackReason.of(reason), reason, FallbackReason.of(diagnosis), diagnosis,
                SmcConnection.Family.SMC, SmcConnection.Evidence.SMC_DIAG, address(m, 8, 4, v4), address(m, 24, 6, v4),
                a.integer(SHUTDOWN, 0), m.getInt(40), cookie, m.getInt(52), m.getLong(56), buffers(a.bytes(CONNINFO)), link(a.bytes(LGRINFO)),
                dmb(a.bytes(DMBINFO)));
    }

    /**
     * A mode counts only with a connection: the kernel gives SMC-R as the default of sockets that have none. A socket that fell back before
     * it connected (a TCP Fast Open option) stays in state INIT: its peer's port shows that it is connected.
     */
    private static SmcMode mode(int mode, SmcState state, boolean hasPeer) {
        if (!state.hasConnection() && !(mode == MODE_FALLBACK_TCP && hasPeer)) {
            return SmcMode.NONE;
        }
        switch (mode) {
            case MODE_SMCR:
                return SmcMode.SMC_R;
            case MODE_FALLBACK_TCP:
                return SmcMode.TCP;
            case MODE_SMCD:
                return SmcMode.SMC_D;
            default:
                return SmcMode.SMC;
        }
    }

    /** The message does not tell IPv4 from IPv6: an address of which only the first 4 bytes are set is IPv4, as for smcss. */
    private static InetSocketAddress address(ByteBuffer m, int at, int portAt, boolean v4) {
        int port = (m.get(portAt) & 0xff) << 8 | m.get(portAt + 1) & 0xff;
        if (port == 0 && (m.getLong(at) | m.getLong(at + 8)) == 0) {
            return null;
        }
        byte[] ip = new byte[v4 ? 4 : 16];
        m.duplicate().position(at).get(ip);
        try {
            return new InetSocketAddress(InetAddress.getByAddress(ip), port);
        } catch (UnknownHostException e) {
            throw new AssertionError(e); // only for a wrong length
        }
    }

    private static Optional<Buffers> buffers(ByteBuffer b) {
        if (b == null || b.limit() < CONNINFO_LENGTH) {
            return Optional.empty();
        }
        return Optional.of(new Buffers(u32(b, 0), u32(b, 4), u32(b, 8), u32(b, 12), cursor(b, 16), cursor(b, 24), cursor(b, 32), cursor(b, 40),
                b.get(48) & 0xff, b.get(49) & 0xff, b.get(50) & 0xff, b.get(51) & 0xff, cursor(b, 52), cursor(b, 60), cursor(b, 68)));
    }

    private static Cursor cursor(ByteBuffer b, int at) {
        return new Cursor(b.getShort(at + 2) & 0xffff, u32(b, at + 4));
    }

    private static Optional<Link> link(ByteBuffer b) {
        if (b == null || b.limit() < LGRINFO_LENGTH) {
            return Optional.empty();
        }
        return Optional.of(new Link(b.get(0) & 0xff, NetlinkAttributes.text(b, 1, 64), b.get(65) & 0xff, NetlinkAttributes.text(b, 66, 40),
                NetlinkAttributes.text(b, 106, 40), b.get(146) == 0 ? Role.CLIENT : Role.SERVER));
    }

    private static Optional<Dmb> dmb(ByteBuffer b) {
        if (b == null || b.limit() < DMBINFO_SHORT) {
            return Optional.empty();
        }
        boolean extended = b.limit() >= DMBINFO_LENGTH;
        return Optional.of(new Dmb(u32(b, 0), b.getLong(16), extended ? b.getLong(48) : 0, b.getLong(8), extended ? b.getLong(40) : 0,
                b.getLong(24), b.getLong(32)));
    }

    private static long u32(ByteBuffer b, int at) {
        return b.getInt(at) & 0xffffffffL;
    }
}
