package io.smc4j.interop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.smc4j.Smc;
import io.smc4j.diag.SmcConnection;
import io.smc4j.diag.SmcConnections;
import io.smc4j.diag.SmcMode;
import io.smc4j.diag.SmcState;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Both ends of the connections to one port, by the kernel's word (smc_diag): of whichever process of this network namespace, and without asking the
 * sockets, the programs or what made them.
 *
 * @param clients the connecting ends
 * @param servers the accepted ends
 */
record Ends(List<SmcConnection> clients, List<SmcConnection> servers) {

    /** What connections are to be here; {@code TCP} on a machine without AF_SMC. */
    static final SmcMode EXPECTED = SmcMode.valueOf(System.getProperty("smc.interop.expect", "TCP"));

    /** All AF_SMC sockets in use that belong to connections to {@code port}, those that fell back included. */
    static Ends of(int port) throws IOException {
        List<SmcConnection> clients = new ArrayList<>();
        List<SmcConnection> servers = new ArrayList<>();
        for (SmcConnection c : SmcConnections.list()) {
            if (c.state() != SmcState.LISTEN && c.remote() != null && c.remote().getPort() == port) {
                clients.add(c);
            } else if (c.state() != SmcState.LISTEN && c.remote() != null && c.local() != null && c.local().getPort() == port) {
                servers.add(c);
            }
        }
        return new Ends(clients, servers);
    }

    /** At least {@code connections} connections to {@code port} are up, and both ends of all of them are what they are expected to be. */
    static void check(String what, int port, int connections) throws IOException {
        if (EXPECTED == SmcMode.TCP) {
            assertFalse(Smc.isAvailable(), "this machine has SMC: name what is expected in smc.interop.expect");
            System.out.println(what + ": TCP, " + Smc.unavailabilityCause().getMessage());
            return;
        }
        Ends ends = of(port);
        String all = what + ": " + ends;
        assertTrue(ends.clients.size() >= connections, all);
        assertEquals(ends.clients.size(), ends.servers.size(), all);
        for (List<SmcConnection> side : List.of(ends.clients, ends.servers)) {
            for (SmcConnection c : side) {
                assertEquals(EXPECTED, c.mode(), all);
            }
        }
        System.out.println(what + ": " + ends.clients.size() + " connections, both ends " + EXPECTED + "; " + ends.clients.get(0).describe());
    }
}
