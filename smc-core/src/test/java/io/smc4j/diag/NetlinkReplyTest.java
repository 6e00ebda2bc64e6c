package io.smc4j.diag;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.smc4j.internal.Errno;
import io.smc4j.internal.MalformedNetlinkException;
import io.smc4j.internal.NetlinkException;
import io.smc4j.internal.NetlinkReply;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class NetlinkReplyTest {

    private static final ByteOrder ORDER = ByteOrder.nativeOrder();
    private final List<Integer> types = new ArrayList<>();
    private final NetlinkReply reply = new NetlinkReply("test", 7, (type, payload) -> types.add(type));

    private static ByteBuffer message(int type, int flags, int sequence, int... words) {
        DiagMessage m = new DiagMessage(ORDER);
        for (int w : words) {
            m.raw(m.buffer(4).putInt(w).array());
        }
        return ByteBuffer.wrap(m.message(type, flags, sequence)).order(ORDER);
    }

    @Test
    void aDumpEndsWithDone() throws Exception {
        reply.take(message(20, 2, 7, 1));
        reply.take(message(20, 2, 8, 1)); // of another request
        assertFalse(reply.isDone());
        reply.take(message(3, 2, 7, 0));
        assertTrue(reply.isDone());
        assertEquals(List.of(20), types);
        assertFalse(reply.isInterrupted());
    }

    @Test
    void anErrorCarriesItsNumber() {
        NetlinkException e = assertThrows(NetlinkException.class, () -> reply.take(message(2, 0, 7, -2, 0, 0, 0, 0)));
        assertTrue(e.is(Errno.ENOENT));
        assertEquals("test: ENOENT (No such file or directory)", e.getMessage());
    }

    @Test
    void doneMayCarryAnErrorToo() {
        assertThrows(NetlinkException.class, () -> reply.take(message(3, 2, 7, -12)));
    }

    @Test
    void anInterruptedDumpIsReported() throws Exception {
        reply.take(message(20, 2 | 0x10, 7, 1));
        reply.take(message(3, 2, 7, 0));
        assertTrue(reply.isInterrupted());
    }

    @Test
    void aSingleAnswerIsTheEnd() throws Exception {
        reply.take(message(16, 0, 7, 1));
        assertTrue(reply.isDone());
    }

    @Test
    void lengthsBeyondTheDatagram() {
        ByteBuffer b = message(20, 2, 7, 1);
        b.putInt(0, 1000);
        assertThrows(MalformedNetlinkException.class, () -> reply.take(b));
        b.putInt(0, 15);
        assertThrows(MalformedNetlinkException.class, () -> reply.take(b));
        b.putInt(0, -1);
        assertThrows(MalformedNetlinkException.class, () -> reply.take(b));
        assertThrows(MalformedNetlinkException.class, () -> reply.take(message(4, 2, 7)));
    }
}
