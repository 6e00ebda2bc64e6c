package io.smc4j.diag;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteOrder;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The parsers on a real kernel's answers: one SMC pair that moved 40,100 bytes, and a client of a plain TCP server. */
class CapturedDumpTest {

    private static List<SmcConnection> sockets(String mode) throws IOException {
        List<SmcConnection> all = Dumps.sockets(Dumps.bytes(mode, "diag"), ByteOrder.LITTLE_ENDIAN);
        assertEquals(4, all.size());
        return all;
    }

    @Test
    void smcd() throws Exception {
        List<SmcConnection> pair = sockets("smcd").stream().filter(SmcConnection::isSmc).toList();
        assertEquals(2, pair.size());
        SmcConnection reader = pair.get(0);
        SmcConnection writer = pair.get(1);
        assertEquals(SmcMode.SMC_D, reader.mode());
        assertEquals(reader.local(), writer.remote());
        assertEquals(40_100, reader.buffers().orElseThrow().rxProduced().count());
        assertEquals(40_100, writer.buffers().orElseThrow().txSent().count());
        assertEquals(65_504, writer.buffers().orElseThrow().peerReceiveSize());
        SmcConnection.Dmb dmb = reader.dmb().orElseThrow();
        assertEquals(dmb.token(), writer.dmb().orElseThrow().peerToken());
        assertEquals(dmb.gid(), dmb.peerGid());
        assertTrue(dmb.gidExtension() != 0);
        List<SmcLinkGroup> groups = Dumps.read("smcd", "lgr-smcd", new LinkGroupParser());
        assertEquals(2, groups.size());
        assertEquals(0xffff, groups.get(0).shared().orElseThrow().channel());
        assertEquals("SMC4J-LAB", groups.get(0).negotiated().orElseThrow().eid());
        assertEquals(dmb.gid(), groups.get(0).shared().orElseThrow().gid());
        assertTrue(Dumps.read("smcd", "sys-info", new SmcSystem.InfoParser()).ismV2());
        assertEquals(List.of("SMC4J-LAB"), Dumps.read("smcd", "ueid", new SmcSystem.UeidParser()));
        assertEquals(List.of(), Dumps.read("smcd", "dev-smcd", new SmcDevices.DeviceParser())); // loopback-ism is not listed
        SmcStats.Technology t = Dumps.read("smcd", "stats", new SmcStats.StatsParser()).smcd();
        assertEquals(40_100, t.txBytes());
        assertEquals(100, t.rxBytes());
        assertEquals(2, t.txCalls());
        assertEquals(List.of(1L, 0L, 0L, 1L, 0L, 0L, 0L, 0L, 0L), t.txSizes());
        assertEquals(2, t.connections());
        assertEquals(131_072, t.rxBufferBytes());
    }

    @Test
    void smcr() throws Exception {
        List<SmcConnection> pair = sockets("smcr").stream().filter(SmcConnection::isSmc).toList();
        assertEquals(2, pair.size());
        assertEquals(SmcMode.SMC_R, pair.get(0).mode());
        String gid = "0000:0000:0000:0000:0000:ffff:7f00:0001";
        assertEquals(new SmcConnection.Link(1, "rxe0", 1, gid, gid, SmcConnection.Role.SERVER), pair.get(0).link().orElseThrow());
        assertEquals(SmcConnection.Role.CLIENT, pair.get(1).link().orElseThrow().role());
        List<SmcLinkGroup> groups = Dumps.read("smcr", "link-smcr", new LinkGroupParser());
        assertEquals(2, groups.size());
        SmcLinkGroup.Rdma rdma = groups.get(1).rdma().orElseThrow();
        assertEquals(SmcLinkGroup.Redundancy.SINGLE, rdma.redundancy());
        assertEquals(255, rdma.maxConnections());
        assertEquals(1, rdma.links().size());
        assertEquals("rxe0", rdma.links().get(0).device());
        assertEquals(SmcLinkGroup.LinkState.ACTIVE, rdma.links().get(0).state());
        assertEquals(0, Dumps.read("smcr", "lgr-smcr", new LinkGroupParser()).get(0).rdma().orElseThrow().links().size());
        List<SmcDevice> devices = Dumps.read("smcr", "dev-smcr", new SmcDevices.DeviceParser());
        assertEquals(1, devices.size());
        assertEquals("rxe0", devices.get(0).name());
        assertTrue(devices.get(0).isUsable());
        assertFalse(Dumps.read("smcr", "sys-info", new SmcSystem.InfoParser()).ismV2());
        assertEquals(40_100, Dumps.read("smcr", "stats", new SmcStats.StatsParser()).smcr().txBytes());
    }

    @Test
    void fallback() throws Exception {
        List<SmcConnection> all = sockets("no-device");
        assertEquals(FallbackReason.PEERNOSMC, all.get(0).reason());
        assertEquals(FallbackReason.PEERDECL, all.get(1).reason());
        assertEquals(FallbackReason.NOSMCDEV, all.get(1).peerDiagnosis());
        assertEquals(FallbackReason.NOSMCDEV, all.get(2).reason());
        assertTrue(all.get(0).isFallback() && all.get(1).isFallback() && all.get(2).isFallback());
        assertEquals(SmcState.LISTEN, all.get(3).state());
        SmcStats.FallbackParser f = Dumps.read("no-device", "fback-stats", new SmcStats.FallbackParser());
        SmcStats s = f.onto(new SmcStats.StatsParser().result());
        assertEquals(2, s.clientFallbacks());
        assertEquals(1, s.serverFallbacks());
        assertEquals(new SmcStats.Fallback(true, FallbackReason.PEERDECL, 0x05000000, 1), s.fallbacks().get(0));
        assertEquals(3, s.fallbacks().size());
    }
}
