package io.smc4j.diag;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.smc4j.internal.MalformedNetlinkException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class SmcDiagTest {

    private static final byte[] LOCAL = {127, 0, 0, 1};
    private static final byte[] PEER = {127, 0, 0, 2};

    static List<ByteOrder> orders() {
        return List.of(ByteOrder.LITTLE_ENDIAN, ByteOrder.BIG_ENDIAN);
    }

    private static DiagMessage socket(ByteOrder order, int state, int mode) {
        return new DiagMessage(order).raw(DiagMessage.socket(order, state, mode, LOCAL, 4711, PEER, 80, 0x123456789L));
    }

    private static DiagMessage withFallback(DiagMessage m, int reason, int diagnosis) {
        return m.attribute(5, m.buffer(8).putInt(reason).putInt(diagnosis).array());
    }

    @ParameterizedTest
    @MethodSource("orders")
    void fallbackCarriesReasonDiagnosisAndAddresses(ByteOrder order) throws Exception {
        DiagMessage m = withFallback(socket(order, 1, 1).u8(3, 2), 0x05000000, 0x03030000);
        SmcConnection c = SmcDiag.parse(m.payload());
        assertEquals(SmcMode.TCP, c.mode());
        assertTrue(c.isFallback());
        assertEquals(FallbackReason.PEERDECL, c.reason());
        assertEquals(FallbackReason.NOSMCDEV, c.peerDiagnosis());
        assertEquals(new InetSocketAddress("127.0.0.1", 4711), c.local());
        assertEquals(new InetSocketAddress("127.0.0.2", 80), c.remote());
        assertEquals(0x123456789L, c.inode());
        assertEquals(0x5566778811223344L, c.cookie());
        assertEquals(1000, c.uid());
        assertEquals(2, c.shutdown());
        assertEquals(3, c.boundInterface());
        assertTrue(c.describe().contains("PEERDECL (0x05000000)"), c.describe());
    }

    @ParameterizedTest
    @MethodSource("orders")
    void smcrCarriesBuffersAndLink(ByteOrder order) throws Exception {
        DiagMessage m = socket(order, 1, 0);
        ByteBuffer info = m.buffer(76);
        info.putInt(0, 7).putInt(4, 65536).putInt(8, 65536).putInt(12, 131072).putShort(18, (short) 65535).putInt(20, 99).putInt(72, -1);
        ByteBuffer link = m.buffer(147);
        link.put(0, (byte) 1).position(1).put("rxe0".getBytes()).put(65, (byte) 1).put(146, (byte) 1);
        link.position(66).put("fe80::1".getBytes());
        SmcConnection c = SmcDiag.parse(withFallback(m.attribute(1, info.array()).attribute(2, link.array()), 0, 0).payload());
        assertEquals(SmcMode.SMC_R, c.mode());
        assertFalse(c.isFallback());
        assertEquals(131072, c.buffers().orElseThrow().peerReceiveSize());
        assertEquals(new SmcConnection.Cursor(65535, 99), c.buffers().orElseThrow().rxProduced());
        assertEquals(4294967295L, c.buffers().orElseThrow().txConfirmed().count());
        assertEquals(new SmcConnection.Link(1, "rxe0", 1, "fe80::1", "", SmcConnection.Role.SERVER), c.link().orElseThrow());
    }

    @ParameterizedTest
    @MethodSource("orders")
    void dmbOfOldAndNewKernels(ByteOrder order) throws Exception {
        ByteBuffer dmb = ByteBuffer.allocate(56).order(order);
        dmb.putInt(0, 1).putLong(8, 2).putLong(16, 3).putLong(24, 4).putLong(32, 5).putLong(40, 6).putLong(48, -7);
        SmcConnection now = SmcDiag.parse(socket(order, 1, 2).attribute(4, dmb.array()).payload());
        assertEquals(new SmcConnection.Dmb(1, 3, -7, 2, 6, 4, 5), now.dmb().orElseThrow());
        SmcConnection old = SmcDiag.parse(socket(order, 1, 2).attribute(4, DiagMessage.cut(dmb.array(), 40)).payload());
        assertEquals(new SmcConnection.Dmb(1, 3, 0, 2, 0, 4, 5), old.dmb().orElseThrow());
        SmcConnection tooShort = SmcDiag.parse(socket(order, 1, 2).attribute(4, DiagMessage.cut(dmb.array(), 39)).payload());
        assertTrue(tooShort.dmb().isEmpty());
    }

    @Test
    void aModeCountsOnlyWithAConnection() throws Exception {
        ByteOrder order = ByteOrder.nativeOrder();
        byte[] zero = new byte[4];
        SmcConnection listener = SmcDiag.parse(new DiagMessage(order).raw(DiagMessage.socket(order, 10, 0, zero, 80, zero, 0, 1)).payload());
        assertEquals(SmcMode.NONE, listener.mode());
        assertEquals(SmcState.LISTEN, listener.state());
        assertNull(listener.remote());
        // TCP Fast Open: fell back before connect, and the state stays INIT
        assertEquals(SmcMode.TCP, SmcDiag.parse(socket(order, 2, 1).payload()).mode());
        assertEquals(SmcMode.NONE, SmcDiag.parse(socket(order, 2, 0).payload()).mode());
    }

    @Test
    void ipv6AddressesAndUnknownCodes() throws Exception {
        ByteOrder order = ByteOrder.nativeOrder();
        byte[] loopback = InetAddress.getByName("::1").getAddress();
        DiagMessage m = new DiagMessage(order).raw(DiagMessage.socket(order, 99, 7, loopback, 1, loopback, 2, 1));
        SmcConnection c = SmcDiag.parse(withFallback(m.u32(1000, 5), 0x0a0b0c0d, 0).payload());
        assertEquals(new InetSocketAddress("::1", 1), c.local());
        assertEquals(SmcState.UNKNOWN, c.state());
        assertEquals(FallbackReason.UNKNOWN, c.reason());
        assertEquals(0x0a0b0c0d, c.reasonCode());
        assertEquals("UNKNOWN (0x0a0b0c0d)", FallbackReason.describe(c.reasonCode()));
    }

    @Test
    void everyTruncationIsRefusedOrRead() {
        ByteOrder order = ByteOrder.nativeOrder();
        byte[] whole = withFallback(socket(order, 1, 1), 0x03010000, 0).bytes();
        for (int length = 0; length < whole.length; length++) {
            ByteBuffer cut = ByteBuffer.wrap(DiagMessage.cut(whole, length)).order(order);
            if (length < 64 || length > 67 && length < whole.length) {
                assertThrows(MalformedNetlinkException.class, () -> SmcDiag.parse(cut), "length " + length);
            }
        }
    }
}
