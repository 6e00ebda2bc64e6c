package io.smc4j.diag;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.smc4j.Smc;
import io.smc4j.SmcCapability;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The API on a live kernel: in the lab, {@code SMC_LAB} names the devices there are. */
class DiagLabTest {

    private static String lab;

    @BeforeAll
    static void inTheLab() {
        lab = System.getenv("SMC_LAB");
        if (lab == null) {
            System.out.println("DiagLabTest skipped: not in the lab (SMC_LAB is not set)");
        }
        assumeTrue(lab != null, "not in the lab (SMC_LAB is not set)");
    }

    private static SmcMode expected() {
        return "smcd".equals(lab) ? SmcMode.SMC_D : "smcr".equals(lab) ? SmcMode.SMC_R : SmcMode.TCP;
    }

    @Test
    void bothEndsOfAPairTellTheirMode() throws Exception {
        try (SmcPair pair = new SmcPair(true, true)) {
            SmcConnection client = Smc.connection(pair.client);
            SmcConnection server = Smc.connection(pair.accepted);
            assertEquals(expected(), client.mode(), client::toString);
            assertEquals(expected(), server.mode(), server::toString);
            assertEquals(SmcConnection.Evidence.SMC_DIAG, client.evidence());
            assertEquals(pair.client.getLocalAddress(), client.local());
            assertEquals(client.local(), server.remote());
            assertEquals(client.isSmc(), client.buffers().isPresent());
            if (!client.isSmc()) {
                assertEquals(FallbackReason.NOSMCDEV, client.reason());
                assertEquals(FallbackReason.PEERDECL, server.reason());
                assertEquals(FallbackReason.NOSMCDEV, server.peerDiagnosis());
                assertTrue(client.isFallback() && server.isFallback());
            }
        }
    }

    @Test
    void aPlainServerIsPeerNoSmcAndAPlainClientIsAFallbackOfTheServer() throws Exception {
        try (SmcPair pair = new SmcPair(false, true)) {
            SmcConnection c = Smc.connection(pair.client);
            assertEquals(SmcMode.TCP, c.mode());
            assertEquals(FallbackReason.PEERNOSMC, c.reason());
            SmcConnection s = Smc.connection(pair.accepted);
            assertEquals(SmcConnection.Family.TCP, s.family());
            assertFalse(s.isFallback());
        }
        try (SmcPair pair = new SmcPair(true, false)) {
            SmcConnection s = Smc.connection(pair.accepted);
            assertTrue(s.isFallback(), s::toString);
            assertEquals(FallbackReason.PEERNOSMC, s.reason());
            assertEquals(SmcConnection.Family.TCP, Smc.connection(pair.client).family());
        }
    }

    @Test
    void plainTcpIsNoFallback() throws Exception {
        try (ServerSocketChannel server = ServerSocketChannel.open().bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
                SocketChannel client = SocketChannel.open(server.getLocalAddress())) {
            SmcConnection c = Smc.connection(client);
            assertEquals(SmcMode.TCP, c.mode());
            assertEquals(SmcConnection.Family.TCP, c.family());
            assertEquals(FallbackReason.NONE, c.reason());
        }
    }

    @Test
    void statisticsGrowByWhatATransferMoved() throws Exception {
        SmcStats before = SmcStats.read();
        int bytes = 50_000;
        try (SmcPair pair = new SmcPair(true, true)) {
            assertEquals(bytes, pair.client.write(ByteBuffer.allocate(bytes)));
            ByteBuffer in = ByteBuffer.allocate(bytes);
            while (in.hasRemaining()) {
                assertTrue(pair.accepted.read(in) > 0);
            }
        }
        SmcStats after = SmcStats.read();
        long expectedBytes = expected().isSmc() ? bytes : 0;
        assertEquals(expectedBytes, sum(after, true) - sum(before, true));
        assertEquals(expectedBytes, sum(after, false) - sum(before, false));
        if (expected().isSmc()) {
            SmcStats.Technology a = expected() == SmcMode.SMC_D ? after.smcd() : after.smcr();
            SmcStats.Technology b = expected() == SmcMode.SMC_D ? before.smcd() : before.smcr();
            assertEquals(2, a.connections() - b.connections());
            assertEquals(1, a.txSizes().get(3) - b.txSizes().get(3)); // one write of 32 to 64 KiB
        } else {
            assertEquals(1, after.clientFallbacks() - before.clientFallbacks());
            assertEquals(1, after.serverFallbacks() - before.serverFallbacks());
        }
    }

    private static long sum(SmcStats s, boolean tx) {
        return tx ? s.smcd().txBytes() + s.smcr().txBytes() : s.smcd().rxBytes() + s.smcr().rxBytes();
    }

    @Test
    void devicesAndCapabilitiesAreThoseOfTheLab() throws Exception {
        List<SmcDevice> devices = SmcDevices.list();
        assertEquals("no-device".equals(lab), devices.isEmpty(), devices::toString);
        assertTrue(devices.stream().allMatch(d -> d.kind() == expected() && d.isUsable()), devices::toString);
        assertEquals(!"no-device".equals(lab), Smc.isAvailable(), Smc::summary);
        assertTrue(SmcCapability.FAMILY.isAvailable() && SmcCapability.FAMILY_IPV6.isAvailable() && SmcCapability.SMC_DIAG.isAvailable());
        assertEquals("smcd".equals(lab), SmcCapability.SMCD_DEVICE.isAvailable());
        assertEquals("smcr".equals(lab), SmcCapability.SMCR_DEVICE.isAvailable());
        assertEquals(!"no-device".equals(lab), SmcCapability.UEID.isAvailable());
        SmcSystem system = SmcSystem.read();
        assertEquals(2, system.info().version());
        assertTrue(system.sysctls().containsKey("wmem"), system::toString);
    }

    @Test
    void linkGroupsOfAPair() throws Exception {
        try (SmcPair pair = new SmcPair(true, true)) {
            List<SmcLinkGroup> groups = SmcLinkGroup.list();
            assertEquals(expected().isSmc(), !groups.isEmpty(), groups::toString);
            assertTrue(groups.stream().allMatch(g -> g.kind() == expected()));
            if (expected() == SmcMode.SMC_R) {
                assertEquals("rxe0", groups.get(0).rdma().orElseThrow().links().get(0).device());
                assertEquals("rxe0", Smc.connection(pair.client).link().orElseThrow().device());
            }
        }
    }

    @Test
    void aThousandSocketsAreListedWithoutLossAndLeakNothing() throws Exception {
        int pairs = 250;
        List<SmcPair> open = new ArrayList<>();
        try {
            for (int i = 0; i < pairs; i++) {
                open.add(new SmcPair(true, true));
            }
            long fds = descriptors();
            List<SmcConnection> all = SmcConnections.list();
            assertTrue(all.size() >= 3 * pairs, () -> all.size() + " sockets"); // several datagrams of 32 KiB
            for (SmcPair p : open) {
                InetSocketAddress local = p.local();
                InetSocketAddress remote = p.remote();
                assertEquals(1, all.stream().filter(c -> local.equals(c.local()) && remote.equals(c.remote())).count());
            }
            assertEquals(fds, descriptors());
        } finally {
            for (SmcPair p : open) {
                p.close();
            }
        }
    }

    private static long descriptors() throws Exception {
        try (var s = Files.list(Path.of("/proc/self/fd"))) {
            return s.count();
        }
    }
}
