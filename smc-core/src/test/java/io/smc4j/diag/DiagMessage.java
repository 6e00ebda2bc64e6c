package io.smc4j.diag;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/** Builds netlink bytes for tests, in either byte order. */
final class DiagMessage {

    final ByteOrder order;
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    DiagMessage(ByteOrder order) {
        this.order = order;
    }

    ByteBuffer buffer(int size) {
        return ByteBuffer.allocate(size).order(order);
    }

    DiagMessage raw(byte[] bytes) {
        out.writeBytes(bytes);
        return this;
    }

    DiagMessage attribute(int type, byte[] payload) {
        ByteBuffer b = buffer(4 + (payload.length + 3 & ~3));
        b.putShort((short) (4 + payload.length)).putShort((short) type).put(payload);
        return raw(b.array());
    }

    DiagMessage u8(int type, int value) {
        return attribute(type, new byte[] {(byte) value});
    }

    DiagMessage u32(int type, int value) {
        return attribute(type, buffer(4).putInt(value).array());
    }

    DiagMessage u64(int type, long value) {
        return attribute(type, buffer(8).putLong(value).array());
    }

    DiagMessage text(int type, String value) {
        return attribute(type, (value + '\0').getBytes(java.nio.charset.StandardCharsets.US_ASCII));
    }

    DiagMessage nested(int type, DiagMessage inner) {
        return attribute(type | 0x8000, inner.bytes());
    }

    byte[] bytes() {
        return out.toByteArray();
    }

    ByteBuffer payload() {
        return ByteBuffer.wrap(bytes()).order(order);
    }

    /** One netlink message around these bytes. */
    byte[] message(int type, int flags, int sequence) {
        byte[] payload = bytes();
        ByteBuffer b = buffer(16 + (payload.length + 3 & ~3));
        b.putInt(16 + payload.length).putShort((short) type).putShort((short) flags).putInt(sequence).putInt(0).put(payload);
        return b.array();
    }

    /** {@code struct smc_diag_msg} of 64 bytes. */
    static byte[] socket(ByteOrder order, int state, int mode, byte[] source, int sourcePort, byte[] target, int targetPort, long inode) {
        ByteBuffer b = ByteBuffer.allocate(64).order(order);
        b.put(0, (byte) 43).put(1, (byte) state).put(2, (byte) mode);
        b.put(4, (byte) (sourcePort >> 8)).put(5, (byte) sourcePort).put(6, (byte) (targetPort >> 8)).put(7, (byte) targetPort);
        b.duplicate().position(8).put(source);
        b.duplicate().position(24).put(target);
        b.putInt(40, 3).putInt(44, 0x11223344).putInt(48, 0x55667788).putInt(52, 1000).putLong(56, inode);
        return b.array();
    }

    static byte[] cut(byte[] bytes, int length) {
        return Arrays.copyOf(bytes, length);
    }
}
