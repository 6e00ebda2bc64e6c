package io.smc4j.fault;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** A client of raw packets at the far end of a link whose SYN has the SMC option; what follows is up to the test. */
final class RawClient {

    private static final int FIRST_SEQ = 0x20000;

    private final RawLink link;
    private final int port;
    private final int serverPort;
    private final CountDownLatch answered = new CountDownLatch(1);
    private volatile Segment answer;
    private int seq = FIRST_SEQ;

    /** Sends a SYN with the option from {@code port}. One client a link at a time. */
    RawClient(RawLink link, int port, int serverPort) {
        this.link = link;
        this.port = port;
        this.serverPort = serverPort;
        link.onReceive(this::received);
        send(Segment.SYN, 0, Segment.MSS_AND_SMC, Segment.NOTHING);
    }

    private void received(Segment s) {
        if (s.destinationPort() == port && s.has(Segment.SYN | Segment.ACK) && answer == null) {
            answer = s;
            answered.countDown();
        }
    }

    /** Completes TCP's handshake; answers whether the listener took the option. */
    boolean complete() throws InterruptedException {
        assertTrue(answered.await(10, TimeUnit.SECONDS), "no answer to the SYN");
        send(Segment.ACK, answer.seq() + 1, Segment.NOTHING, Segment.NOTHING);
        return answer.hasSmcOption();
    }

    /** Sends something that is no SMC handshake. */
    void garbage(byte[] bytes) {
        send(Segment.ACK | Segment.PSH, answer.seq() + 1, Segment.NOTHING, bytes);
    }

    void reset() {
        send(Segment.RST | Segment.ACK, answer.seq() + 1, Segment.NOTHING, Segment.NOTHING);
    }

    void finish() {
        send(Segment.FIN | Segment.ACK, answer.seq() + 1, Segment.NOTHING, Segment.NOTHING);
    }

    private void send(int flags, int ack, byte[] options, byte[] payload) {
        Segment s = new Segment(link.far(), link.near(), port, serverPort, seq, ack, flags, options, payload);
        seq += s.length();
        link.send(s);
    }
}
