package io.smc4j.fault;

import java.io.ByteArrayOutputStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A server that is no SMC host, behind a middlebox: both played with raw packets at the far end of a link. Ports are given out one a test,
 * each with its behaviour. Its application answers {@code ask:} and anything by the same bytes; what else it does its
 * {@link Application} says.
 *
 * <p>Thread-safe: the link's thread and those that ask share this object's monitor.
 */
final class RawServer {

    /** What stands between. */
    enum Middlebox {
        /** Sends the SYN's unknown options back in its own SYN-ACK. */
        REPLAYS,
        /** Takes the option out: what every plain TCP server's answer looks like. */
        STRIPS,
        /** Drops a SYN that has the option. */
        DROPS,
        /** Replays, and is never heard of again. */
        VANISHES,
        /** Replays, takes the client's first data, and is never heard of again. */
        VANISHES_LATER,
        /** Nobody listens. */
        REFUSES
    }

    /** What the application does with what it does not understand. */
    enum Application {
        SILENT, TALKS_FIRST, CLOSES, RESETS
    }

    /** First bytes of a request that the application understands. */
    static final String ASK = "ask:";
    /** What a talking application sends at once: longer than the 8 bytes of an SMC message's header. */
    static final String BANNER = "220 mail.example.com ready\r\n";

    private static final int FIRST_SEQ = 0x10000;

    /** One connection as this end saw it. */
    static final class Connection {
        private final boolean option;
        private final int port;
        private final int iss;
        private final ByteArrayOutputStream received = new ByteArrayOutputStream();
        private int sent = FIRST_SEQ + 1;
        private int expected;
        private boolean established;
        private boolean finSent;
        private boolean over;

        private Connection(Segment syn) {
            option = syn.hasSmcOption();
            port = syn.sourcePort();
            iss = syn.seq();
            expected = syn.seq() + 1;
        }

        /** Whether its SYN had the SMC option. */
        boolean hadOption() {
            return option;
        }

        /** The client's port. */
        int port() {
            return port;
        }

        /** All bytes it brought. */
        synchronized String received() {
            return received.toString(StandardCharsets.ISO_8859_1);
        }
    }

    private record Behaviour(Middlebox middlebox, Application application, List<Connection> connections) {
    }

    private final RawLink link;
    private final Map<Integer, Behaviour> ports = new ConcurrentHashMap<>();
    private final Map<Integer, Connection> byPorts = new ConcurrentHashMap<>();
    private int nextPort = 5000;

    RawServer(RawLink link) {
        this.link = link;
        link.onReceive(this::received);
    }

    /** A new server's address. */
    synchronized InetSocketAddress start(Middlebox middlebox, Application application) {
        int port = nextPort++;
        ports.put(port, new Behaviour(middlebox, application, new ArrayList<>()));
        return new InetSocketAddress(link.farAddress(), port);
    }

    /** The connections that were tried so far to a server, in order; repeated SYNs are one. */
    synchronized List<Connection> connections(InetSocketAddress server) {
        return List.copyOf(ports.get(server.getPort()).connections);
    }

    private synchronized void received(Segment s) {
        Behaviour behaviour = ports.get(s.destinationPort());
        if (behaviour == null) {
            return;
        }
        int key = s.destinationPort() << 16 | s.sourcePort();
        if (s.has(Segment.SYN)) {
            Connection known = byPorts.get(key);
            if (known == null || known.iss != s.seq()) {
                known = new Connection(s);
                byPorts.put(key, known);
                behaviour.connections.add(known);
            }
            answerSyn(s, known, behaviour.middlebox);
            return;
        }
        Connection c = byPorts.get(key);
        if (c != null && !c.over) {
            boolean gone = c.option && (behaviour.middlebox == Middlebox.VANISHES
                    || behaviour.middlebox == Middlebox.VANISHES_LATER && c.received.size() > 0);
            if (!gone) {
                continued(s, c, behaviour);
            }
        }
    }

    private void answerSyn(Segment s, Connection c, Middlebox middlebox) {
        if (middlebox == Middlebox.REFUSES) {
            link.send(new Segment(link.far(), link.near(), s.destinationPort(), s.sourcePort(), 0, s.seq() + 1, Segment.RST | Segment.ACK,
                    Segment.NOTHING, Segment.NOTHING));
        } else if (middlebox != Middlebox.DROPS || !c.option) {
            byte[] options = c.option && middlebox != Middlebox.STRIPS ? Segment.MSS_AND_SMC : Segment.MSS;
            link.send(new Segment(link.far(), link.near(), s.destinationPort(), s.sourcePort(), FIRST_SEQ, s.seq() + 1,
                    Segment.SYN | Segment.ACK, options, Segment.NOTHING));
        }
    }

    private void continued(Segment s, Connection c, Behaviour behaviour) {
        if (s.has(Segment.RST)) {
            c.over = true;
            return;
        }
        if (!c.established) {
            c.established = true;
            if (behaviour.application == Application.TALKS_FIRST) {
                send(s, c, Segment.PSH, BANNER.getBytes(StandardCharsets.US_ASCII));
            }
        }
        if (s.seq() != c.expected) {
            send(s, c, 0, Segment.NOTHING); // seen before: acknowledge again
            return;
        }
        c.expected += s.length();
        if (s.payload().length > 0) {
            synchronized (c) {
                c.received.writeBytes(s.payload());
            }
            if (behaviour.middlebox != Middlebox.VANISHES_LATER || !c.option) {
                application(s, c, behaviour.application);
            } else {
                send(s, c, 0, Segment.NOTHING);
            }
        }
        if (s.has(Segment.FIN)) {
            finish(s, c);
            c.over = true;
        }
    }

    private void application(Segment s, Connection c, Application application) {
        if (c.received().startsWith(ASK)) {
            send(s, c, Segment.PSH, s.payload());
        } else if (application == Application.RESETS) {
            send(s, c, Segment.RST, Segment.NOTHING);
            c.over = true;
        } else if (application == Application.CLOSES) {
            finish(s, c);
        } else {
            send(s, c, 0, Segment.NOTHING);
        }
    }

    private void finish(Segment s, Connection c) {
        if (c.finSent) {
            send(s, c, 0, Segment.NOTHING);
        } else {
            send(s, c, Segment.FIN, Segment.NOTHING);
            c.finSent = true;
        }
    }

    private void send(Segment answered, Connection c, int flags, byte[] payload) {
        Segment s = new Segment(link.far(), link.near(), answered.destinationPort(), answered.sourcePort(), c.sent, c.expected,
                flags | Segment.ACK, Segment.NOTHING, payload);
        c.sent += s.length();
        link.send(s);
    }
}
