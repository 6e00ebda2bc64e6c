package io.smc4j.internal;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/**
 * The attributes of one netlink message or of one nested attribute.
 * <pre>
 * struct nlattr { __u16 nla_len; __u16 nla_type; };   length with this header; payload padded to 4 bytes
 * </pre>
 * Unknown attributes stay unread; of two with one type the later counts, as in the kernel's {@code nla_parse}. Every length is checked
 * against the bytes there are.
 *
 * <p>Thread-safety: none; made, read and dropped by one thread.
 */
public final class NetlinkAttributes {

    private static final int HEADER = 4;
    /** {@code ~(NLA_F_NESTED | NLA_F_NET_BYTEORDER)}. */
    private static final int TYPE_MASK = 0x3fff;
    private static final NetlinkAttributes NONE = new NetlinkAttributes(Map.of());

    private final Map<Integer, ByteBuffer> byType;

    private NetlinkAttributes(Map<Integer, ByteBuffer> byType) {
        this.byType = byType;
    }

    /** The attributes from {@code bytes}' position to its limit, in its byte order; fewer than 4 bytes at the end are padding. */
    public static NetlinkAttributes parse(ByteBuffer bytes) throws MalformedNetlinkException {
        Map<Integer, ByteBuffer> found = new HashMap<>();
        int at = bytes.position();
        while (bytes.limit() - at >= HEADER) {
            int length = bytes.getShort(at) & 0xffff;
            if (length < HEADER || length > bytes.limit() - at) {
                throw new MalformedNetlinkException("attribute of " + length + " bytes where " + (bytes.limit() - at) + " are left");
            }
            found.put(bytes.getShort(at + 2) & TYPE_MASK, slice(bytes, at + HEADER, length - HEADER));
            at += Math.min(bytes.limit() - at, length + 3 & ~3);
        }
        return new NetlinkAttributes(found);
    }

    private static ByteBuffer slice(ByteBuffer bytes, int from, int length) {
        return bytes.slice(from, length).order(bytes.order());
    }

    /** Whether there is an attribute of this type. */
    public boolean has(int type) {
        return byType.containsKey(type);
    }

    /** The payload in the message's byte order, or null. The caller checks its length. */
    public ByteBuffer bytes(int type) {
        ByteBuffer b = byType.get(type);
        return b == null ? null : b.duplicate().order(b.order());
    }

    /**
     * An unsigned number of whatever width the kernel chose: u8, u16, u32, u64 (kept in 64 bits) or the variable {@code uint}. Widths changed
     * between kernels, so the attribute's own length decides.
     *
     * @return the number, or {@code absent} where there is no such attribute
     */
    public long number(int type, long absent) throws MalformedNetlinkException {
        ByteBuffer b = byType.get(type);
        if (b == null) {
            return absent;
        }
        switch (b.limit()) {
            case 1:
                return b.get(0) & 0xff;
            case 2:
                return b.getShort(0) & 0xffff;
            case 4:
                return b.getInt(0) & 0xffffffffL;
            case 8:
                return b.getLong(0);
            default:
                throw new MalformedNetlinkException("number of " + b.limit() + " bytes in attribute " + type);
        }
    }

    /** {@link #number} as an int: for what the kernel declares as u32 or narrower. */
    public int integer(int type, int absent) throws MalformedNetlinkException {
        return (int) number(type, absent);
    }

    /** Whether the number is there and not 0. */
    public boolean flag(int type) throws MalformedNetlinkException {
        return number(type, 0) != 0;
    }

    /** The text up to the first NUL without surrounding blanks ({@link #text}), or "" where there is no such attribute. */
    public String string(int type) {
        ByteBuffer b = byType.get(type);
        return b == null ? "" : text(b, 0, b.limit());
    }

    /** The nested attributes; none where there is no such attribute. */
    public NetlinkAttributes nested(int type) throws MalformedNetlinkException {
        ByteBuffer b = byType.get(type);
        return b == null ? NONE : parse(b.duplicate().order(b.order()));
    }

    /**
     * A fixed-size text field: up to the first NUL, blanks stripped. Names that a peer chose arrive this way (its host name, its EID), so
     * whatever is not printable ASCII becomes {@code ?}: it may go to a terminal.
     */
    public static String text(ByteBuffer b, int from, int length) {
        byte[] raw = new byte[Math.max(0, Math.min(length, b.limit() - from))];
        int n = 0;
        while (n < raw.length && b.get(from + n) != 0) {
            byte c = b.get(from + n);
            raw[n++] = c >= 0x20 && c < 0x7f ? c : (byte) '?';
        }
        return new String(raw, 0, n, StandardCharsets.US_ASCII).strip();
    }
}
