package io.smc4j.cli.syn;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Map;

/**
 * {@code HOST}, {@code HOST:PORT}, {@code [IPV6]:PORT} or a URL.
 *
 * @param host a name or address, without brackets
 * @param port the port
 */
public record SynTarget(String host, int port) {

    private static final Map<String, Integer> PORTS = Map.ofEntries(Map.entry("http", 80), Map.entry("https", 443), Map.entry("ws", 80),
            Map.entry("wss", 443), Map.entry("redis", 6379), Map.entry("rediss", 6379), Map.entry("mysql", 3306),
            Map.entry("postgresql", 5432), Map.entry("postgres", 5432), Map.entry("mongodb", 27017), Map.entry("amqp", 5672),
            Map.entry("kafka", 9092), Map.entry("grpc", 443), Map.entry("tcp", 0));

    /**
     * Takes text apart.
     *
     * @param defaultPort the port where none is given and the scheme has none; 0: one must be given
     * @throws IllegalArgumentException with a message for the user
     */
    public static SynTarget parse(String text, int defaultPort) {
        String t = text.startsWith("jdbc:") ? text.substring("jdbc:".length()) : text;
        int scheme = t.indexOf("://");
        int fallback = defaultPort;
        if (scheme >= 0) {
            Integer known = PORTS.get(t.substring(0, scheme).toLowerCase(Locale.ROOT));
            fallback = known == null ? 0 : known;
        } else {
            t = "tcp://" + (bareIpv6(t) ? "[" + t + "]" : t);
        }
        try {
            URI uri = new URI(t);
            String host = uri.getHost();
            int port = uri.getPort() >= 0 ? uri.getPort() : fallback;
            if (host == null) {
                throw new IllegalArgumentException("'" + text + "' names no host: expected HOST:PORT, [IPV6]:PORT or a URL");
            }
            if (port < 1 || port > 65535) {
                throw new IllegalArgumentException("'" + text + "' names no port from 1 to 65535");
            }
            return new SynTarget(host.startsWith("[") ? host.substring(1, host.length() - 1) : host, port);
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException("'" + text + "': " + e.getReason() + ": expected HOST:PORT, [IPV6]:PORT or a URL", e);
        }
    }

    private static boolean bareIpv6(String text) {
        return !text.startsWith("[") && text.chars().filter(c -> c == ':').count() > 1;
    }
}
