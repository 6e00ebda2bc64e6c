package io.smc4j.fault;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.smc4j.fault.RawServer.Application;
import io.smc4j.fault.RawServer.Connection;
import io.smc4j.policy.ConnectDecider;
import io.smc4j.policy.PeerState;
import java.net.InetSocketAddress;
import java.util.List;

/** A client meets a middlebox for the first time and for the second: what has to come of it, whatever the client is made of. */
final class Encounter {

    /** Connects, says {@code text}, hears it back, ends. */
    interface Talk {
        /** How many milliseconds the connect took. */
        long with(InetSocketAddress to, Application application, String text) throws Exception;
    }

    private Encounter() {
    }

    /** The first connect works within {@code maxMillis} and teaches {@code kind}; the second one is without SMC. */
    static void works(RawServer server, InetSocketAddress to, Application application, Talk talk, PeerState.Kind kind, long maxMillis) throws Exception {
        long took = talk.with(to, application, "ask:first");
        System.out.println("first connect in " + took + " ms");
        assertTrue(took <= maxMillis, () -> "first connect took " + took + " ms");
        List<Connection> connections = server.connections(to);
        assertTrue(connections.get(0).hadOption(), "SMC was tried");
        assertEquals("ask:first", last(connections).received(), "all that the application got");
        assertEquals(kind, learnt(to));

        int before = connections.size();
        talk.with(to, application, "ask:second");
        connections = server.connections(to);
        assertEquals(before + 1, connections.size(), "the second connect is one SYN");
        assertFalse(last(connections).hadOption(), "the second connect's SYN has no option");
        assertEquals("ask:second", last(connections).received(), "all that the application got");
    }

    static PeerState.Kind learnt(InetSocketAddress peer) {
        return ConnectDecider.current().memory().snapshot().stream().filter(s -> s.peer().equals(peer)).findAny().orElseThrow().kind();
    }

    static Connection last(List<Connection> connections) {
        return connections.get(connections.size() - 1);
    }
}
