package io.smc4j.policy;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;

/**
 * Addresses as 128-bit numbers: IPv4 stands as its IPv4-mapped IPv6 address ({@code ::ffff:a.b.c.d}, RFC 4291 section 2.5.5.2), so that
 * both forms of an IPv4 address are the same to a rule.
 */
final class Ip {

    private static final long MAPPED = 0x0000_ffff_0000_0000L;
    private static final long MAPPED_MASK = 0xffff_ffff_0000_0000L;

    private Ip() {
    }

    /** The upper 64 bits of an address of 4 or 16 bytes. */
    static long high(byte[] address) {
        return address.length == 4 ? 0 : ByteBuffer.wrap(address).getLong(0);
    }

    /** The lower 64 bits of an address of 4 or 16 bytes. */
    static long low(byte[] address) {
        ByteBuffer bytes = ByteBuffer.wrap(address);
        return address.length == 4 ? MAPPED | bytes.getInt(0) & 0xffff_ffffL : bytes.getLong(8);
    }

    /** Whether a number is an IPv4 address. */
    static boolean isV4(long high, long low) {
        return high == 0 && (low & MAPPED_MASK) == MAPPED;
    }

    /** The IPv4 form of an IPv4-mapped IPv6 address; any other address as it is. */
    static InetAddress canonical(InetAddress address) {
        if (address instanceof Inet4Address) {
            return address;
        }
        byte[] bytes = address.getAddress();
        if (!isV4(high(bytes), low(bytes))) {
            return address;
        }
        return fromBytes(ByteBuffer.allocate(4).putInt((int) low(bytes)).array());
    }

    static InetAddress fromBytes(byte[] address) {
        try {
            return InetAddress.getByAddress(address);
        } catch (UnknownHostException e) {
            throw new AssertionError("an address of " + address.length + " bytes", e);
        }
    }

    /**
     * The address of a literal, without ever asking a name service; null where the text is none. IPv4 has all four numbers, without the
     * old short and octal forms; IPv6 has no zone.
     */
    static InetAddress literal(String text) {
        if (text.indexOf(':') >= 0) {
            return literal6(text);
        }
        String[] parts = text.split("\\.", -1);
        if (parts.length != 4) {
            return null;
        }
        byte[] bytes = new byte[4];
        for (int i = 0; i < 4; i++) {
            int value = decimal(parts[i], 255);
            if (value < 0 || parts[i].length() > 1 && parts[i].charAt(0) == '0') {
                return null;
            }
            bytes[i] = (byte) value;
        }
        return fromBytes(bytes);
    }

    private static InetAddress literal6(String text) {
        if (text.length() > 45 || !text.chars().allMatch(c -> c == ':' || c == '.' || c < 128 && Character.digit(c, 16) >= 0)) {
            return null;
        }
        try {
            return InetAddress.getByName("[" + text + "]"); // in brackets only a literal is understood, no name is looked up
        } catch (UnknownHostException e) {
            return null;
        }
    }

    /** A decimal number of ASCII digits only, from 0 to max; -1 where the text is none. */
    static int decimal(String text, int max) {
        if (text.isEmpty() || text.length() > 9) {
            return -1;
        }
        int value = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < '0' || c > '9') {
                return -1;
            }
            value = value * 10 + (c - '0');
        }
        return value <= max ? value : -1;
    }
}
