package io.smc4j.fault;

import java.nio.ByteBuffer;

/**
 * A TCP segment in an IPv4 packet in an Ethernet frame, as bytes on the wire.
 *
 * @param source      sender's IPv4 address
 * @param destination receiver's IPv4 address
 * @param seq         sequence number
 * @param ack         acknowledgement number; counts with {@link #ACK} only
 * @param flags       the TCP flags
 * @param options     TCP options, padded to four bytes
 * @param payload     data
 */
record Segment(int source, int destination, int sourcePort, int destinationPort, int seq, int ack, int flags, byte[] options, byte[] payload) {

    static final int FIN = 1;
    static final int SYN = 2;
    static final int RST = 4;
    static final int PSH = 8;
    static final int ACK = 16;

    static final byte[] NOTHING = {};
    /** Maximum segment size 1460. */
    static final byte[] MSS = {2, 4, 0x05, (byte) 0xb4};
    /** The same and, between no-ops as Linux writes it, SMC's: kind 254, length 6, "SMCR" in EBCDIC ({@code TCPOPT_SMC_MAGIC}). */
    static final byte[] MSS_AND_SMC = {2, 4, 0x05, (byte) 0xb4, 1, 1, (byte) 254, 6, (byte) 0xe2, (byte) 0xd4, (byte) 0xc3, (byte) 0xd9};

    private static final int KIND_SMC = 254;
    private static final int ETHERNET = 14;
    private static final int IPV4 = 20;
    private static final int TCP = 20;
    private static final int ETHERTYPE_IPV4 = 0x0800;
    private static final int PROTOCOL_TCP = 6;
    private static final int WINDOW = 65_000;

    /** The TCP segment in a frame, or null where it holds something else. */
    static Segment parse(byte[] frame, int length) {
        ByteBuffer b = ByteBuffer.wrap(frame, 0, length);
        if (length < ETHERNET + IPV4 + TCP || (b.getShort(12) & 0xffff) != ETHERTYPE_IPV4 || b.get(ETHERNET + 9) != PROTOCOL_TCP) {
            return null;
        }
        int tcp = ETHERNET + (b.get(ETHERNET) & 0xf) * 4;
        int end = ETHERNET + (b.getShort(ETHERNET + 2) & 0xffff);
        int data = tcp + (b.get(tcp + 12) >> 4 & 0xf) * 4;
        if (end > length || data > end) {
            throw new AssertionError("a segment cut short: " + length + " bytes of " + end);
        }
        return new Segment(b.getInt(ETHERNET + 12), b.getInt(ETHERNET + 16), b.getShort(tcp) & 0xffff, b.getShort(tcp + 2) & 0xffff,
                b.getInt(tcp + 4), b.getInt(tcp + 8), b.get(tcp + 13), slice(b, tcp + TCP, data), slice(b, data, end));
    }

    private static byte[] slice(ByteBuffer b, int from, int to) {
        byte[] bytes = new byte[to - from];
        b.get(from, bytes);
        return bytes;
    }

    boolean has(int flag) {
        return (flags & flag) != 0;
    }

    /** Whether the options hold kind 254. */
    boolean hasSmcOption() {
        for (int i = 0; i < options.length && options[i] != 0;) {
            if ((options[i] & 0xff) == KIND_SMC) {
                return true;
            }
            i += options[i] == 1 ? 1 : Math.max(2, options[i + 1] & 0xff);
        }
        return false;
    }

    /** How far it moves the sequence number. */
    int length() {
        return payload.length + (has(SYN) ? 1 : 0) + (has(FIN) ? 1 : 0);
    }

    /** The frame, with checksums: the kernel drops a segment without. */
    byte[] frame(byte[] sourceMac, byte[] destinationMac) {
        int tcpLength = TCP + options.length + payload.length;
        ByteBuffer b = ByteBuffer.allocate(ETHERNET + IPV4 + tcpLength);
        b.put(destinationMac).put(sourceMac).putShort((short) ETHERTYPE_IPV4);
        b.put((byte) 0x45).put((byte) 0).putShort((short) (IPV4 + tcpLength)).putInt(0).put((byte) 64).put((byte) PROTOCOL_TCP).putShort((short) 0);
        b.putInt(source).putInt(destination);
        b.putShort(ETHERNET + 10, checksum(b, ETHERNET, ETHERNET + IPV4, 0));
        b.putShort((short) sourcePort).putShort((short) destinationPort).putInt(seq).putInt(ack);
        b.put((byte) ((TCP + options.length) / 4 << 4)).put((byte) flags).putShort((short) WINDOW).putInt(0);
        b.put(options).put(payload);
        int pseudoHeader = words(source) + words(destination) + PROTOCOL_TCP + tcpLength;
        b.putShort(ETHERNET + IPV4 + 16, checksum(b, ETHERNET + IPV4, b.capacity(), pseudoHeader));
        return b.array();
    }

    private static int words(int i) {
        return (i >>> 16) + (i & 0xffff);
    }

    private static short checksum(ByteBuffer b, int from, int to, int start) {
        int sum = start;
        for (int i = from; i < to; i += 2) {
            sum += (b.get(i) & 0xff) << 8 | (i + 1 < to ? b.get(i + 1) & 0xff : 0);
        }
        while (sum > 0xffff) {
            sum = words(sum);
        }
        return (short) ~sum;
    }

    @Override
    public String toString() {
        return sourcePort + ">" + destinationPort + " flags " + Integer.toHexString(flags) + " seq " + Integer.toUnsignedString(seq) + " ack "
                + Integer.toUnsignedString(ack) + (hasSmcOption() ? " option 254" : "") + " data " + payload.length;
    }
}
