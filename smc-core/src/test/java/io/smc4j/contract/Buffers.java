package io.smc4j.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.smc4j.diag.SmcConnection;
import io.smc4j.diag.SmcConnections;
import io.smc4j.internal.Linux;
import io.smc4j.internal.Natives;
import java.io.IOException;
import java.util.List;

/** What the kernel says of a connection's buffers. */
public final class Buffers {

    private Buffers() {
    }

    /** Asserts by smc_diag that the connection is over {@code mode} (SMC_D or SMC_R), and the sizes of its buffers in bytes. */
    public static void assertSizes(int fd, String mode, int send, int receive, int peerReceive) throws IOException {
        SmcConnection connection = SmcConnections.of(fd);
        assertEquals(mode, connection.mode().name(), connection::describe);
        SmcConnection.Buffers buffers = connection.buffers().orElseThrow();
        assertSize(receive, buffers.receiveSize(), "receive buffer of " + connection.describe());
        assertSize(peerReceive, buffers.peerReceiveSize(), "peer's receive buffer of " + connection.describe());
        // Loopback SMC-D writes straight into the peer's buffer and has no other (smcd_buf_attach).
        assertSize(mode.equals("SMC_D") ? peerReceive : send, buffers.sendSize(), "send buffer of " + connection.describe());
    }

    /** SMC-D takes its header ({@code struct smcd_cdc_msg}) out of the buffer. */
    private static void assertSize(int asked, long actual, String what) {
        assertEquals(asked, actual > asked - 128 && actual <= asked ? asked : actual, what);
    }

    /** SO_SNDBUF, SO_RCVBUF, and which of them were set, which has to be none: the kernel goes on tuning both. */
    public static List<Long> tuned(int fd) {
        List<Long> values = List.of(Natives.calls().getsockopt(fd, Linux.SOL_SOCKET, Linux.SO_SNDBUF),
                Natives.calls().getsockopt(fd, Linux.SOL_SOCKET, Linux.SO_RCVBUF), Natives.calls().getsockopt(fd, Linux.SOL_SOCKET, Linux.SO_BUF_LOCK));
        assertEquals(0, values.get(2), "sizes were set: " + values);
        return values;
    }
}
