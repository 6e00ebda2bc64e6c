package io.smc4j.cli.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;

/** {@code HOST:PORT} and back. */
public final class Addresses {

    private Addresses() {
    }

    /**
     * An address of {@code HOST:PORT} or {@code [IPV6]:PORT}.
     *
     * @param least the smallest port that is allowed
     * @throws IllegalArgumentException with a message for the user
     * @throws UnknownHostException where the name has no address
     */
    public static InetSocketAddress parse(String text, int least) throws UnknownHostException {
        int colon = text.lastIndexOf(':');
        String host = colon < 0 ? "" : text.substring(0, colon);
        if (host.startsWith("[") && host.endsWith("]")) {
            host = host.substring(1, host.length() - 1);
        } else if (host.indexOf(':') >= 0) {
            host = "";
        }
        int port = -1;
        try {
            port = Integer.parseInt(text.substring(colon + 1));
        } catch (NumberFormatException e) {
            host = ""; // said below
        }
        if (host.isBlank() || port < least || port > 65_535) {
            throw new IllegalArgumentException("'" + text + "': expected HOST:PORT or [IPV6]:PORT, with a port from " + least + " to 65535");
        }
        try {
            return new InetSocketAddress(InetAddress.getByName(host), port);
        } catch (UnknownHostException e) {
            throw new UnknownHostException(host + ": no such host");
        }
    }

    /** {@code 10.0.0.1:80}, {@code [fe80::1]:80}, {@code name:80}: what was parsed, and no other name or address of it. */
    public static String text(InetSocketAddress a) {
        String host = a.getHostString();
        return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + a.getPort();
    }

    /** Where the address lies. */
    static Place place(InetAddress a) {
        if (a.isLoopbackAddress() || a.isAnyLocalAddress()) {
            return Place.LOOPBACK;
        }
        try {
            return NetworkInterface.getByInetAddress(a) == null ? Place.ELSEWHERE : Place.THIS_HOST;
        } catch (SocketException e) {
            return Place.ELSEWHERE;
        }
    }

    /** Where a server is. */
    public enum Place {
        /** A loopback address. */
        LOOPBACK,
        /** Another address of this host, or of this network namespace. */
        THIS_HOST,
        /** An address that is not of this host. */
        ELSEWHERE
    }

    /** A failure with the address in front. */
    static IOException failed(InetSocketAddress a, String what, IOException e) {
        return new IOException(text(a) + ": " + what + ": " + (e.getMessage() == null ? e.toString() : e.getMessage()), e);
    }
}
