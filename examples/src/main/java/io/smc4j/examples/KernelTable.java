package io.smc4j.examples;

import io.smc4j.SmcCapability;
import io.smc4j.diag.SmcConnection;
import io.smc4j.diag.SmcConnections;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The connections of this host as the kernel lists them: AF_SMC sockets from smc_diag, TCP sockets from {@code /proc/net}. What the programs at their
 * ends say or know plays no part.
 *
 * <p>Thread-safety: immutable.
 */
final class KernelTable {

    private static final String ESTABLISHED = "01";

    private final Map<Ends, SmcConnection> smc = new HashMap<>();
    private final Map<Ends, String> tcp = new HashMap<>();

    /** Both addresses of a connection, seen from one end. */
    record Ends(InetSocketAddress local, InetSocketAddress remote) {

        /** The same connection from the other end. */
        Ends swapped() {
            return new Ends(remote, local);
        }
    }

    /** Asks the kernel now. */
    KernelTable() throws IOException {
        if (SmcCapability.KERNEL.isAvailable()) {
            for (SmcConnection c : SmcConnections.list()) {
                smc.put(new Ends(c.local(), c.remote()), c);
            }
        }
        for (String file : List.of("/proc/net/tcp", "/proc/net/tcp6")) {
            if (Files.exists(Path.of(file))) {
                for (String line : Files.readAllLines(Path.of(file))) {
                    String[] f = line.trim().split("\\s+");
                    if (f[3].equals(ESTABLISHED)) {
                        tcp.put(new Ends(address(f[1]), address(f[2])), file);
                    }
                }
            }
        }
    }

    /** The AF_SMC socket with these addresses, fallen back or not. */
    Optional<SmcConnection> smc(Ends ends) {
        return Optional.ofNullable(smc.get(ends));
    }

    /** Whether there is an established TCP socket with these addresses; one of a fallback's is. */
    boolean hasTcp(Ends ends) {
        return tcp.containsKey(ends);
    }

    /** {@code 0100007F:1F90}: the address as 32-bit words of this machine's byte order, the port in hexadecimal. */
    static InetSocketAddress address(String text) throws IOException {
        int colon = text.indexOf(':');
        ByteBuffer words = ByteBuffer.wrap(HexFormat.of().parseHex(text.substring(0, colon)));
        ByteBuffer bytes = ByteBuffer.allocate(words.capacity()).order(ByteOrder.nativeOrder());
        while (words.hasRemaining()) {
            bytes.putInt(words.getInt());
        }
        return new InetSocketAddress(InetAddress.getByAddress(bytes.array()), Integer.parseInt(text.substring(colon + 1), 16));
    }
}
