package io.smc4j.micrometer;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.smc4j.diag.FallbackReason;
import io.smc4j.diag.SmcEvents;
import io.smc4j.diag.SmcMode;
import java.net.InetSocketAddress;
import org.junit.jupiter.api.Test;

class SmcMeterBinderTest {

    @Test
    void metersFollowTheCounters() {
        InetSocketAddress peer = new InetSocketAddress("127.0.0.1", 1);
        SimpleMeterRegistry registry = new SimpleMeterRegistry();
        new SmcMeterBinder().bindTo(registry);
        SmcEvents.connected(peer, SmcMode.SMC_R, 0, 1, true);
        SmcEvents.fallback(peer, FallbackReason.PEERNOSMC.code(), 0);
        SmcEvents.accepted();
        SmcEvents.acceptedTcp();
        SmcEvents.acceptedTcp();
        SmcEvents.drained(1, 0);
        SmcEvents.drained(1, 500);
        System.gc();
        assertEquals(1, registry.get("smc.connects").tag("mode", "SMC_R").functionCounter().count());
        assertEquals(0, registry.get("smc.connects").tag("mode", "SMC_D").functionCounter().count());
        assertEquals(1, registry.get("smc.retries").functionCounter().count());
        assertEquals(1, registry.get("smc.accepts").tag("mode", "SMC").functionCounter().count());
        assertEquals(2, registry.get("smc.accepts").tag("mode", "TCP").functionCounter().count());
        assertEquals(1, registry.get("smc.fallbacks").tag("reason", "PEERNOSMC").functionCounter().count());
        assertEquals(1, registry.get("smc.close.drains").tag("outcome", "delivered").functionCounter().count());
        assertEquals(1, registry.get("smc.close.drains").tag("outcome", "given-up").functionCounter().count());
        assertEquals(500, registry.get("smc.close.lost").functionCounter().count());
    }
}
