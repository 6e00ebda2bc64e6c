package io.smc4j.cli.syn;

import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * A TCP header with its options and no data.
 * <pre>
 * source:16 destination:16 sequence:32 acknowledgement:32 offset:4 reserved:4 flags:8 window:16 checksum:16 urgent:16 options
 * </pre>
 *
 * @param sourcePort sender's port
 * @param targetPort receiver's port
 * @param sequence sequence number
 * @param acknowledgement number acknowledged
 * @param flags {@link #SYN}, {@link #RST}, {@link #ACK}
 * @param bytes the header as it is on the wire
 */
record TcpSegment(int sourcePort, int targetPort, int sequence, int acknowledgement, int flags, byte[] bytes) {

    static final int SYN = 0x02;
    static final int RST = 0x04;
    static final int ACK = 0x10;
    private static final int HEADER = 20;
    private static final int PROTOCOL = 6;

    boolean has(int flag) {
        return (flags & flag) == flag;
    }

    byte[] options() {
        return Arrays.copyOfRange(bytes, HEADER, bytes.length);
    }

    /** Makes a segment with its checksum; {@code options} has a length divisible by 4, at most 40. */
    static TcpSegment make(InetAddress source, int sourcePort, InetAddress target, int targetPort, int sequence, int acknowledgement, int flags,
            byte[] options) {
        if (options.length % 4 != 0 || options.length > 40) {
            throw new IllegalArgumentException(options.length + " bytes of options");
        }
        ByteBuffer b = ByteBuffer.allocate(HEADER + options.length);
        b.putShort((short) sourcePort).putShort((short) targetPort).putInt(sequence).putInt(acknowledgement);
        b.put((byte) ((HEADER + options.length) / 4 << 4)).put((byte) flags).putShort((short) 64240).putShort((short) 0).putShort((short) 0);
        b.put(options);
        b.putShort(16, checksum(source, target, b.array()));
        return new TcpSegment(sourcePort, targetPort, sequence, acknowledgement, flags, b.array());
    }

    /** The header at {@code offset}, or null where there is none; data behind it is left out. */
    static TcpSegment parse(byte[] packet, int offset, int length) {
        if (offset < 0 || length > packet.length || (long) length - offset < HEADER) {
            return null;
        }
        int header = (packet[offset + 12] >> 4 & 0xf) * 4;
        if (header < HEADER || header > length - offset) {
            return null;
        }
        ByteBuffer b = ByteBuffer.wrap(packet, offset, header).slice();
        return new TcpSegment(b.getShort(0) & 0xffff, b.getShort(2) & 0xffff, b.getInt(4), b.getInt(8), b.get(13) & 0xff,
                Arrays.copyOfRange(packet, offset, offset + header));
    }

    /** RFC 9293 3.1: over the pseudo header of either IP version and the segment, whose checksum field is 0. */
    private static short checksum(InetAddress source, InetAddress target, byte[] segment) {
        long sum = PROTOCOL + segment.length;
        sum += words(source.getAddress()) + words(target.getAddress()) + words(segment);
        while (sum >> 16 != 0) {
            sum = (sum & 0xffff) + (sum >> 16);
        }
        return (short) ~sum;
    }

    private static long words(byte[] bytes) {
        long sum = 0;
        for (int i = 0; i < bytes.length; i += 2) {
            sum += (bytes[i] & 0xff) << 8 | (i + 1 < bytes.length ? bytes[i + 1] & 0xff : 0);
        }
        return sum;
    }
}
