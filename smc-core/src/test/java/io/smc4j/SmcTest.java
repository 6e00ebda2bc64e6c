package io.smc4j;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.smc4j.diag.FallbackReason;
import io.smc4j.diag.SmcConnection;
import io.smc4j.diag.SmcFamily;
import io.smc4j.diag.SmcMode;
import io.smc4j.diag.SmcState;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import org.junit.jupiter.api.Test;

/** What the facade says on whatever machine runs the test; a host without AF_SMC has to get a clear no. */
class SmcTest {

    @Test
    void everyCapabilityHasAnAnswerWithEvidence() {
        for (SmcCapability c : SmcCapability.values()) {
            SmcUnavailableException why = c.unavailabilityCause();
            assertEquals(why == null, c.isAvailable());
            assertSame(why, c.unavailabilityCause());
            assertFalse(c.evidence().isBlank(), c.name());
            assertFalse(c.summary().contains("\n"), c.summary());
        }
        assertTrue(SmcCapability.NATIVE_LIBRARY.isAvailable(), SmcCapability.NATIVE_LIBRARY::evidence);
        assertEquals(SmcFamily.isLoaded(), SmcCapability.KERNEL.isAvailable());
    }

    @Test
    void withoutTheFamilyTheAnswerIsNoAndSaysWhy() {
        if (SmcFamily.isLoaded()) {
            System.out.println("withoutTheFamilyTheAnswerIsNoAndSaysWhy: skipped, this kernel has AF_SMC");
            return;
        }
        assertFalse(Smc.isAvailable());
        assertTrue(Smc.unavailabilityCause().getMessage().contains("modprobe smc"), Smc.unavailabilityCause().getMessage());
        assertThrows(SmcUnavailableException.class, Smc::ensureAvailability);
        for (SmcCapability c : SmcCapability.values()) {
            if (c != SmcCapability.NATIVE_LIBRARY) {
                assertFalse(c.isAvailable(), c.name());
            }
        }
    }

    @Test
    void summaryNamesEachCapability() {
        String summary = Smc.summary();
        for (SmcCapability c : SmcCapability.values()) {
            assertTrue(summary.contains(c.name()), summary);
        }
        assertTrue(summary.contains("mode "), summary);
    }

    @Test
    void aPlainTcpConnectionIsTcp() throws Exception {
        try (ServerSocketChannel server = ServerSocketChannel.open().bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
                SocketChannel client = SocketChannel.open(server.getLocalAddress())) {
            SmcConnection c = Smc.connection(client);
            assertEquals(SmcMode.TCP, c.mode());
            assertEquals(SmcState.ACTIVE, c.state());
            assertEquals(FallbackReason.NONE, c.reason());
            assertEquals(SmcConnection.Family.TCP, c.family());
            assertFalse(c.isFallback());
            assertEquals(client.getLocalAddress(), c.local());
            assertEquals(client.getRemoteAddress(), c.remote());
            assertTrue(c.inode() > 0);
        }
    }

    @Test
    void anUnconnectedAndAClosedChannel() throws Exception {
        SocketChannel channel = SocketChannel.open();
        try (channel) {
            SmcConnection c = Smc.connection(channel);
            assertEquals(SmcMode.NONE, c.mode());
            assertEquals(SmcState.INIT, c.state());
            assertNull(c.remote());
            assertNotNull(c.describe());
        }
        assertThrows(ClosedChannelException.class, () -> Smc.connection(channel));
    }
}
