package io.smc4j.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class AsynchronousConnectTest {

    private static final int MORE = 100;

    @Test
    void moreThanThereAreThreadsForAreRefusedOrWait() throws Exception {
        CountDownLatch begun = new CountDownLatch(AsynchronousConnect.MAX_THREADS);
        CountDownLatch go = new CountDownLatch(1);
        CountDownLatch done = new CountDownLatch(AsynchronousConnect.MAX_THREADS + MORE);
        AtomicInteger atOnce = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        Runnable connect = () -> {
            most.accumulateAndGet(atOnce.incrementAndGet(), Math::max);
            begun.countDown();
            try {
                go.await();
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            } finally {
                atOnce.decrementAndGet();
                done.countDown();
            }
        };
        for (int i = 0; i < AsynchronousConnect.MAX_THREADS; i++) {
            assertTrue(AsynchronousConnect.start(connect, i % 2 == 0));
        }
        assertTrue(begun.await(30, TimeUnit.SECONDS));
        assertFalse(AsynchronousConnect.start(connect, false));
        for (int i = 0; i < MORE; i++) {
            assertTrue(AsynchronousConnect.start(connect, true));
        }
        assertEquals(AsynchronousConnect.MAX_THREADS, most.get());
        go.countDown();
        assertTrue(done.await(30, TimeUnit.SECONDS), () -> done.getCount() + " never ran");
        assertEquals(AsynchronousConnect.MAX_THREADS, most.get());
        CountDownLatch again = new CountDownLatch(1);
        assertTrue(AsynchronousConnect.start(again::countDown, true));
        assertTrue(again.await(30, TimeUnit.SECONDS), "no thread after all have ended");
    }
}
