package io.smc4j.examples.netty;

import io.smc4j.diag.SmcConnection;
import io.smc4j.diag.SmcConnections;
import io.smc4j.diag.SmcMode;
import java.io.IOException;
import java.util.List;

/** What the kernel says of the connections to a port of this host; nothing of it comes from the program that made them. */
final class KernelPath {

    private KernelPath() {
    }

    /** Prints the mode of both ends: SMC_D or SMC_R, and TCP where no SMC socket of this host has the port and carries data. */
    static void print(int port) {
        System.out.println("client end: " + mode(port, false));
        System.out.println("server end: " + mode(port, true));
    }

    private static SmcMode mode(int port, boolean server) {
        try {
            List<SmcConnection> all = SmcConnections.list();
            for (SmcConnection c : all) {
                boolean here = c.remote() != null && (server ? c.local() : c.remote()).getPort() == port;
                if (here && c.isSmc()) {
                    return c.mode();
                }
            }
        } catch (IOException e) {
            System.out.println("no smc_diag (" + e.getMessage() + ")");
        }
        return SmcMode.TCP;
    }
}
