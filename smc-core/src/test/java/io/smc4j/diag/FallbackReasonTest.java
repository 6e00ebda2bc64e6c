package io.smc4j.diag;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class FallbackReasonTest {

    @Test
    void codesAreUniqueAndFoundAgain() {
        Set<Integer> seen = new HashSet<>();
        for (FallbackReason r : FallbackReason.values()) {
            assertTrue(seen.add(r.code()), r.name());
            assertEquals(r, FallbackReason.of(r.code()));
        }
        // smc_clc.h of Linux 6.12 has 36, the Alibaba Cloud kernel 2 more; NONE and UNKNOWN are ours
        assertEquals(36 + 2 + 2, seen.size());
        assertEquals(FallbackReason.UNKNOWN, FallbackReason.of(0x12345678));
    }

    @Test
    void everyReasonHasASentenceOfMeaningAndOneOfAdvice() {
        for (FallbackReason r : FallbackReason.values()) {
            assertTrue(r.meaning().length() > 10 && r.meaning().endsWith("."), r.name());
            assertTrue(r.advice().length() > 10 && (r.advice().endsWith(".") || r.advice().endsWith(").")), r.name());
        }
    }
}
