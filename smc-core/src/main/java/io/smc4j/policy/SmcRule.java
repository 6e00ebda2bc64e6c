package io.smc4j.policy;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.Locale;
import java.util.Objects;

/**
 * One rule: an action, the addresses and the ports it is about, and what it says. {@link SmcRuleParser} has the grammar; the text form
 * of a rule reads back as an equal one.
 *
 * <p>Thread-safety: immutable.
 *
 * @param action  what the rule is about
 * @param address {@code "*"}, a host name, an IP address, or an IP address with {@code "/prefix"}
 * @param from    first port, 0 to 65535
 * @param to      last port, {@code from} to 65535
 * @param smc     true: SMC is used; false: plain TCP
 * @param line    where it stands in its file, from 1; 0 where it stands in none
 */
public record SmcRule(Action action, String address, int from, int to, boolean smc, int line) {

    /** Highest port. */
    public static final int MAX_PORT = 65_535;

    /** What a rule can be about. */
    public enum Action {
        /** Connections to a remote address. */
        CONNECT,
        /** Listeners on a local address. */
        BIND
    }

    /** Checks every part; throws {@link IllegalArgumentException} with what was expected. */
    public SmcRule {
        Objects.requireNonNull(action, "action");
        if (!isAddress(address)) {
            throw new IllegalArgumentException("expected *, a host name, or an IP address with or without /prefix");
        }
        if (from < 0 || to > MAX_PORT || from > to) {
            throw new IllegalArgumentException("expected ports from 0 to " + MAX_PORT + ", the lower one first");
        }
        if (line < 0) {
            throw new IllegalArgumentException("line " + line);
        }
    }

    private static boolean isAddress(String text) {
        if (text.equals("*")) {
            return true;
        }
        int slash = text.indexOf('/');
        String host = slash < 0 ? text : text.substring(0, slash);
        InetAddress address = Ip.literal(host);
        if (slash >= 0) {
            return address != null && prefixBits(host, address, text.substring(slash + 1)) >= 0;
        }
        return address != null || isHostName(host);
    }

    /**
     * The length of a prefix counted in 128 bits ({@link Ip}), -1 where the text is none. A literal in IPv6 form counts its prefix in 128
     * bits even where it is an IPv4-mapped one, and then has to cover the whole mapping.
     */
    static int prefixBits(String literal, InetAddress address, String prefix) {
        boolean v4 = address instanceof Inet4Address;
        if (v4 && literal.indexOf(':') < 0) {
            int bits = Ip.decimal(prefix, 32);
            return bits < 0 ? -1 : bits + 96;
        }
        int bits = Ip.decimal(prefix, 128);
        return v4 && bits < 96 ? -1 : bits;
    }

    /** A host name (RFC 1123, and "_" as in service names); what looks like a number is not one, so that a mistyped address is no name. */
    private static boolean isHostName(String text) {
        if (text.isEmpty() || text.length() > 253) {
            return false;
        }
        String[] labels = (text.endsWith(".") ? text.substring(0, text.length() - 1) : text).split("\\.", -1);
        for (String label : labels) {
            if (label.isEmpty() || label.length() > 63 || label.startsWith("-") || label.endsWith("-") || !label.chars().allMatch(SmcRule::isNameCharacter)) {
                return false;
            }
        }
        return !labels[labels.length - 1].chars().allMatch(c -> c >= '0' && c <= '9');
    }

    private static boolean isNameCharacter(int c) {
        return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '-' || c == '_';
    }

    /** The rule as a line of a file. */
    @Override
    public String toString() {
        String ports = from == 0 && to == MAX_PORT ? "*" : from == to ? Integer.toString(from) : from + "-" + (to == MAX_PORT ? "*" : Integer.toString(to));
        return action.name().toLowerCase(Locale.ROOT) + " " + address + " " + ports + (smc ? " smc" : " tcp");
    }
}
