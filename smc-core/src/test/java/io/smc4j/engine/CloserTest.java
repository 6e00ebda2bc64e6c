package io.smc4j.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class CloserTest {

    private static final long LONG_MS = 60_000;

    private final Closer closer = new Closer("closer-test");
    private final BlockingQueue<String> finished = new LinkedBlockingQueue<>();

    private final class Recorded implements Closer.Task {
        final String name;
        final AtomicBoolean ready = new AtomicBoolean();

        Recorded(String name) {
            this.name = name;
        }

        @Override
        public boolean ready() {
            return ready.get();
        }

        @Override
        public void finish(boolean inTime) {
            finished.add(name + (inTime ? "" : " late"));
        }
    }

    private String next() throws InterruptedException {
        return finished.poll(LONG_MS, TimeUnit.MILLISECONDS);
    }

    @Test
    void finishesEachTaskWhenItIsReadyAndNotBefore() throws Exception {
        Recorded first = new Recorded("first");
        Recorded second = new Recorded("second");
        closer.add(first, LONG_MS);
        closer.add(second, LONG_MS);
        second.ready.set(true);
        assertEquals("second", next());
        assertFalse(closer.await(1));
        first.ready.set(true);
        assertEquals("first", next());
        assertTrue(closer.await(LONG_MS));
    }

    @Test
    void finishesWhatNeverGetsReadyWhenItsTimeIsUp() throws Exception {
        closer.add(new Recorded("stuck"), 20);
        assertEquals("stuck late", next());
    }

    @Test
    void goesOnAfterATaskThatThrowsAndAfterAnIdleTime() throws Exception {
        closer.add(new Closer.Task() {
            @Override
            public boolean ready() {
                return true;
            }

            @Override
            public void finish(boolean inTime) {
                throw new IllegalStateException("as a broken task would");
            }
        }, LONG_MS);
        assertTrue(closer.await(LONG_MS));
        Recorded after = new Recorded("after");
        after.ready.set(true);
        closer.add(after, LONG_MS);
        assertEquals("after", next());
        assertTrue(closer.await(LONG_MS));
    }

    @Test
    void holdsNoMoreThanItsBound() throws Exception {
        List<Recorded> tasks = new ArrayList<>();
        for (int i = 0; i <= Closer.MAX_TASKS; i++) {
            tasks.add(new Recorded("t" + i));
        }
        tasks.forEach(t -> closer.add(t, LONG_MS));
        assertEquals("t0 late", next());
        tasks.forEach(t -> t.ready.set(true));
        assertTrue(closer.await(LONG_MS));
        assertEquals(Closer.MAX_TASKS, finished.size());
    }
}
