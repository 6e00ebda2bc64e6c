package io.smc4j.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.smc4j.SmcConfig.EffectiveMode;
import io.smc4j.SmcConfig.Mode;
import io.smc4j.policy.PeerState.Kind;
import io.smc4j.policy.SmcDecision.Source;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Times are in nanoseconds of a clock that the test moves: first wait 1,200, longest 9,600, expiry 50,000. */
class PeerMemoryTest {

    private static final PeerMemory.Limits LIMITS = new PeerMemory.Limits(32, 1_200, 9_600, 50_000, 25, 3);
    private static final InetSocketAddress PEER = peer(1);

    private final AtomicLong clock = new AtomicLong(Long.MAX_VALUE - 3);
    private final PeerMemory memory = new PeerMemory(LIMITS, clock::get);

    @Test
    void nothingIsKnownAtFirst() {
        assertSame(PeerMemory.UNKNOWN, memory.lookup(PEER));
        assertEquals(List.of(), memory.snapshot());
    }

    @Test
    void brokenPeerIsTcpUntilOneTrialAndTheWaitDoublesToItsBound() {
        memory.broken(PEER);
        for (long wait : new long[] {1_200, 2_400, 4_800, 9_600, 9_600, 9_600}) {
            assertTcp(PEER);
            pass(wait - 1);
            assertTcp(PEER);
            pass(1);
            assertTrial(PEER);
            assertTcp(PEER); // one at a time
            memory.broken(PEER);
        }
        assertEquals(7, memory.snapshot().get(0).times());
        assertEquals(Kind.BROKEN, memory.snapshot().get(0).kind());
    }

    @Test
    void trialThatSucceedsEndsIt() {
        memory.broken(PEER);
        pass(1_200);
        assertTrial(PEER);
        memory.succeeded(PEER);
        assertSame(PeerMemory.UNKNOWN, memory.lookup(PEER));
        memory.broken(PEER);
        assertEquals(1, memory.snapshot().get(0).times(), "back-off starts anew");
    }

    @Test
    void trialThatNeverReportsGivesWayAfterAnotherWait() {
        memory.broken(PEER);
        pass(1_200);
        assertTrial(PEER);
        pass(1_199);
        assertTcp(PEER);
        pass(1);
        assertTrial(PEER);
    }

    @Test
    void inconclusiveTrialLetsTheNextOneTry() {
        memory.inconclusive(PEER); // unknown: nothing happens
        memory.broken(PEER);
        memory.inconclusive(PEER); // no trial under way: the wait stays
        assertTcp(PEER);
        pass(1_200);
        assertTrial(PEER);
        memory.inconclusive(PEER);
        assertTrial(PEER);
    }

    @Test
    void failuresThatWereUnderWayTogetherCountOnce() {
        for (int i = 0; i < 64; i++) {
            memory.broken(PEER);
        }
        assertEquals(1, memory.snapshot().get(0).times());
        pass(1_200);
        assertTrial(PEER);
    }

    @ParameterizedTest
    @CsvSource({
        "03010000, 1200", "05000000, 1200", "02010000, 1200", "02020000, 1200", "04000000, 1200", "030a0000, 1200", "12345678, 1200", "00000000, 1200",
        "01010000, 100", "0303000a, 100", "0303000b, 100", "030d0000, 100", "09990000, 100", "09990003, 100",
        "03000000, 6000", "03020000, 6000", "03030000, 6000", "03030008, 6000", "0303000c, 6000", "03040000, 6000", "03070000, 6000", "030c0000, 6000",
        "03060000, 0"})
    void reasonSetsTheFirstWait(String code, long wait) {
        memory.declined(PEER, Integer.parseUnsignedInt(code, 16));
        if (wait == 0) {
            assertSame(PeerMemory.UNKNOWN, memory.lookup(PEER));
            return;
        }
        PeerState state = memory.snapshot().get(0);
        assertEquals(Duration.ofNanos(wait), state.retryIn());
        assertEquals(Kind.DECLINED, state.kind());
        assertEquals(Integer.parseUnsignedInt(code, 16), state.reasonCode());
        assertTrue(memory.lookup(PEER).why().contains("0x" + code), memory.lookup(PEER).why());
        pass(wait);
        assertTrial(PEER);
    }

    @Test
    void shortPeerIsLearnedAfterThreeInARowAndALongOneClears() {
        memory.closed(PEER, 24);
        memory.closed(PEER, 0);
        assertSame(PeerMemory.UNKNOWN, memory.lookup(PEER));
        assertEquals(Kind.COUNTING, memory.snapshot().get(0).kind());
        memory.closed(PEER, 25);
        assertEquals(List.of(), memory.snapshot());
        memory.closed(PEER, 1);
        memory.closed(PEER, 1);
        assertSame(PeerMemory.UNKNOWN, memory.lookup(PEER));
        memory.closed(PEER, 1);
        assertTcp(PEER);
        assertEquals(Kind.SHORT, memory.snapshot().get(0).kind());
    }

    @Test
    void shortPeerIsTriedAgainAndStaysShortUntilAConnectionLasts() {
        learnShort();
        pass(1_200);
        assertTrial(PEER);
        memory.succeeded(PEER); // it connects, as it did before; that was never the question
        assertTcp(PEER);
        memory.closed(PEER, 1);
        pass(2_399);
        assertTcp(PEER);
        pass(1);
        assertTrial(PEER);
        memory.closed(PEER, 25);
        assertSame(PeerMemory.UNKNOWN, memory.lookup(PEER));
    }

    @Test
    void shortConnectionsThatWereUnderWayDoNotDoubleTheWait() {
        learnShort();
        for (int i = 0; i < 10; i++) {
            memory.closed(PEER, 1);
        }
        pass(1_200);
        assertTrial(PEER);
    }

    @Test
    void thresholdOfZeroMakesNoneShort() {
        PeerMemory none = new PeerMemory(new PeerMemory.Limits(32, 1_200, 9_600, 50_000, 0, 1), clock::get);
        none.closed(PEER, 0);
        assertEquals(List.of(), none.snapshot());
    }

    @Test
    void silenceMakesForgotten() {
        memory.broken(PEER);
        learnShort(peer(2));
        memory.closed(peer(3), 1);
        pass(1_200 + 50_000);
        assertTrial(PEER);
        pass(1);
        assertSame(PeerMemory.UNKNOWN, memory.lookup(PEER));
        assertSame(PeerMemory.UNKNOWN, memory.lookup(peer(2)));
        memory.closed(peer(3), 1);
        memory.closed(peer(3), 1);
        assertSame(PeerMemory.UNKNOWN, memory.lookup(peer(3)), "the first of the three is forgotten");
    }

    @Test
    void leastRecentlyUsedGo() {
        for (int i = 0; i < 32; i++) {
            pass(1);
            memory.broken(peer(i));
        }
        pass(1);
        assertTcp(peer(0)); // used now
        pass(1);
        memory.broken(peer(100));
        List<InetSocketAddress> known = memory.snapshot().stream().map(PeerState::peer).toList();
        assertEquals(30, known.size(), "a 16th of the places is free again, and one is taken");
        assertTrue(known.contains(peer(0)) && known.contains(peer(100)), known.toString());
        assertFalse(known.contains(peer(1)) || known.contains(peer(2)) || known.contains(peer(3)), known.toString());
    }

    @Test
    void sizeOfZeroRemembersNothing() {
        PeerMemory none = new PeerMemory(new PeerMemory.Limits(0, 1_200, 9_600, 50_000, 25, 1), clock::get);
        none.broken(PEER);
        none.closed(PEER, 0);
        assertEquals(List.of(), none.snapshot());
    }

    @Test
    void forgetAndClear() {
        memory.broken(PEER);
        memory.broken(peer(2));
        assertTrue(memory.forget(PEER));
        assertFalse(memory.forget(PEER));
        assertEquals(1, memory.snapshot().size());
        memory.clear();
        assertEquals(List.of(), memory.snapshot());
    }

    @Test
    void snapshotIsImmutable() {
        memory.broken(PEER);
        List<PeerState> snapshot = memory.snapshot();
        assertThrows(UnsupportedOperationException.class, snapshot::clear);
    }

    @Test
    void peersAreAddressAndPortWhateverTheyAreCalled() throws UnknownHostException {
        memory.broken(new InetSocketAddress(InetAddress.getByAddress("db.example", new byte[] {10, 0, 0, 1}), 1));
        assertTcp(PEER);
        byte[] mapped = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, -1, -1, 10, 0, 0, 1};
        assertTcp(new InetSocketAddress(Inet6Address.getByAddress(null, mapped, 0), 1));
        assertSame(PeerMemory.UNKNOWN, memory.lookup(peer(2)));
        assertEquals("/10.0.0.1:1", memory.snapshot().get(0).peer().toString(), "a host name is not kept");
    }

    @Test
    void unresolvedPeersAreNotRemembered() {
        InetSocketAddress unresolved = InetSocketAddress.createUnresolved("db.example", 80);
        memory.broken(unresolved);
        assertSame(PeerMemory.UNKNOWN, memory.lookup(unresolved));
        assertFalse(memory.forget(unresolved));
    }

    @Test
    void deciderAsksThePolicyFirstAndInRequireThePolicyAlone() {
        memory.broken(PEER);
        SmcRule tcpAt2 = new SmcRule(SmcRule.Action.CONNECT, "*", 2, 2, false, 0);
        SmcPolicy auto = SmcPolicy.of(List.of(tcpAt2), true);
        ConnectDecider decider = new ConnectDecider(() -> auto, memory);
        assertEquals(Source.MEMORY, decider.decide(PEER).source());
        assertFalse(decider.decide(PEER).smc());
        assertEquals(Source.RULE, decider.decide(peer(2)).source());
        assertEquals(Source.DEFAULT, decider.decide(peer(3)).source());
        assertTrue(decider.decideBind(null).smc());
        SmcPolicy require = SmcPolicy.of(new EffectiveMode(Mode.REQUIRE, "test"), List.of(tcpAt2), true, null, false, InetAddress::getAllByName);
        ConnectDecider strict = new ConnectDecider(() -> require, memory);
        assertTrue(strict.decide(PEER).smc());
        assertFalse(strict.decide(peer(2)).smc());
    }

    @Test
    void manyThreads() throws InterruptedException {
        PeerMemory busy = new PeerMemory(LIMITS, clock::get);
        AtomicInteger failures = new AtomicInteger();
        List<Thread> threads = new ArrayList<>();
        CountDownLatch start = new CountDownLatch(1);
        for (int t = 0; t < 6; t++) {
            int seed = t;
            Thread thread = new Thread(() -> {
                try {
                    start.await();
                    java.util.Random random = new java.util.Random(seed);
                    for (int i = 0; i < 20_000; i++) {
                        anything(busy, random);
                        if (busy.size() > LIMITS.peers() + 12) {
                            failures.incrementAndGet(); // each of 6 threads may be about one that it adds and one that it removes
                        }
                        if (i % 256 == 0) {
                            busy.snapshot();
                        }
                    }
                } catch (InterruptedException | RuntimeException e) {
                    failures.incrementAndGet();
                }
            });
            thread.start();
            threads.add(thread);
        }
        start.countDown();
        for (Thread thread : threads) {
            thread.join(60_000);
            assertFalse(thread.isAlive());
        }
        assertEquals(0, failures.get());
        assertTrue(busy.snapshot().size() <= LIMITS.peers(), busy.snapshot().size() + " peers");
    }

    @Test
    void oneTrialAtATimeAmongManyThreads() throws InterruptedException {
        for (int round = 0; round < 200; round++) {
            PeerMemory busy = new PeerMemory(LIMITS, clock::get);
            busy.broken(PEER);
            pass(1_200);
            AtomicInteger trials = new AtomicInteger();
            List<Thread> threads = new ArrayList<>();
            for (int t = 0; t < 4; t++) {
                Thread thread = new Thread(() -> trials.addAndGet(busy.lookup(PEER).smc() ? 1 : 0));
                thread.start();
                threads.add(thread);
            }
            for (Thread thread : threads) {
                thread.join(60_000);
            }
            assertEquals(1, trials.get());
        }
    }

    private void anything(PeerMemory busy, java.util.Random random) {
        InetSocketAddress peer = peer(random.nextInt(100));
        switch (random.nextInt(8)) {
            case 0 -> busy.broken(peer);
            case 1 -> busy.declined(peer, 0x05000000);
            case 2 -> busy.closed(peer, random.nextInt(50));
            case 3 -> busy.succeeded(peer);
            case 4 -> busy.inconclusive(peer);
            case 5 -> clock.addAndGet(random.nextInt(500));
            default -> assertNotNull(busy.lookup(peer).why());
        }
    }

    private void learnShort() {
        learnShort(PEER);
    }

    private void learnShort(InetSocketAddress peer) {
        for (int i = 0; i < 3; i++) {
            memory.closed(peer, 1);
        }
    }

    private void pass(long nanos) {
        clock.addAndGet(nanos);
    }

    private void assertTcp(InetSocketAddress peer) {
        SmcDecision decision = memory.lookup(peer);
        assertFalse(decision.smc(), decision.toString());
        assertEquals(Source.MEMORY, decision.source());
    }

    private void assertTrial(InetSocketAddress peer) {
        SmcDecision decision = memory.lookup(peer);
        assertTrue(decision.smc() && decision != PeerMemory.UNKNOWN, decision.toString());
    }

    static InetSocketAddress peer(int port) {
        return new InetSocketAddress(Ip.fromBytes(new byte[] {10, 0, 0, 1}), port);
    }
}
