package io.smc4j.internal;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** {@code struct sockaddr_in} and {@code sockaddr_in6} bytes, to and from {@link InetSocketAddress}. */
public final class SockAddr {

    /** {@code sizeof(struct sockaddr_in)}. */
    public static final int IN_LENGTH = 16;
    /** {@code sizeof(struct sockaddr_in6)}. */
    public static final int IN6_LENGTH = 28;

    private SockAddr() {
    }

    /** The address as the kernel takes it: IPv4 as sockaddr_in, IPv6 (with its scope) as sockaddr_in6. */
    public static byte[] of(InetSocketAddress address) {
        return of(address, address.getAddress() instanceof Inet6Address);
    }

    /** The address for a socket of the family that {@code v6} says: an AF_INET6 one takes an IPv4 address as its IPv4-mapped address. */
    public static byte[] of(InetSocketAddress address, boolean v6) {
        InetAddress ip = address.getAddress();
        if (ip == null) {
            throw new IllegalArgumentException("unresolved address");
        }
        if (!v6 && ip instanceof Inet6Address) {
            throw new IllegalArgumentException("an IPv6 address for an IPv4 socket");
        }
        ByteBuffer b = ByteBuffer.allocate(v6 ? IN6_LENGTH : IN_LENGTH).order(ByteOrder.nativeOrder());
        b.putShort((short) (v6 ? Linux.AF_INET6 : Linux.AF_INET));
        b.put((byte) (address.getPort() >> 8)).put((byte) address.getPort());
        if (ip instanceof Inet6Address) {
            b.putInt(0).put(ip.getAddress()).putInt(((Inet6Address) ip).getScopeId());
        } else if (v6) {
            b.putInt(0).position(18);
            b.putShort((short) -1).put(ip.getAddress());
        } else {
            b.put(ip.getAddress());
        }
        return b.array();
    }

    /** The address in {@code length} bytes from the kernel, or null where the family is neither AF_INET nor AF_INET6 or bytes are missing. */
    public static InetSocketAddress parse(byte[] bytes, int length) {
        if (length < 4 || length > bytes.length) {
            return null;
        }
        ByteBuffer b = ByteBuffer.wrap(bytes, 0, length).order(ByteOrder.nativeOrder());
        int family = b.getShort(0);
        int port = (b.get(2) & 0xff) << 8 | b.get(3) & 0xff;
        try {
            if (family == Linux.AF_INET && length >= 8) {
                byte[] ip = new byte[4];
                b.position(4).get(ip);
                return new InetSocketAddress(InetAddress.getByAddress(ip), port);
            }
            if (family == Linux.AF_INET6 && length >= 24) {
                byte[] ip = new byte[16];
                b.position(8).get(ip);
                int scope = length >= IN6_LENGTH ? b.getInt(24) : 0;
                return new InetSocketAddress(scope == 0 ? InetAddress.getByAddress(ip) : Inet6Address.getByAddress(null, ip, scope), port);
            }
        } catch (UnknownHostException e) {
            throw new AssertionError(e); // only for a wrong length
        }
        return null;
    }
}
