package io.smc4j.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.fail;

import java.util.Arrays;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;

/** Something that another thread does while the test goes on; waits are bounded by {@link Contract#PATIENCE_SECONDS}. */
final class Background<T> {

    private final FutureTask<T> task;
    private final Thread thread;

    private Background(FutureTask<T> task, Thread thread) {
        this.task = task;
        this.thread = thread;
    }

    static <T> Background<T> start(Callable<T> what) {
        return start(what, Thread::new);
    }

    /** Runs {@code what} on a thread that {@code unstarted} makes. */
    static <T> Background<T> start(Callable<T> what, Function<Runnable, Thread> unstarted) {
        FutureTask<T> task = new FutureTask<>(what);
        Thread thread = unstarted.apply(task);
        thread.setDaemon(true);
        thread.start();
        return new Background<>(task, thread);
    }

    Thread thread() {
        return thread;
    }

    boolean isDone() {
        return task.isDone();
    }

    /** What it answered; its exception is thrown as it is. */
    T result() throws Exception {
        try {
            return task.get(Contract.PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof Exception cause) {
                throw cause;
            }
            throw (Error) e.getCause();
        } catch (TimeoutException e) {
            return fail("still running: " + Arrays.toString(thread.getStackTrace()));
        }
    }

    /** Asserts that it ended with exactly this exception, and answers it. */
    <E extends Throwable> E failure(Class<E> exactly) {
        Throwable thrown = assertThrows(Throwable.class, this::result);
        if (thrown.getClass() != exactly) {
            assertEquals(exactly, thrown.getClass(), () -> "thrown: " + thrown + " at " + Arrays.toString(thrown.getStackTrace()));
        }
        return exactly.cast(thrown);
    }

    /** Asserts that it ended with this exception or a subclass. */
    <E extends Throwable> E failureOf(Class<E> family) {
        return assertThrows(family, this::result);
    }

    /** Waits until the thread stands in a system call of a channel or is parked, twice at the same place. */
    Background<T> awaitBlocked() throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(Contract.PATIENCE_SECONDS);
        StackTraceElement[] before = {};
        while (System.nanoTime() < end) {
            if (task.isDone()) {
                fail("ended before it blocked: " + task);
            }
            StackTraceElement[] now = thread.getStackTrace();
            if (isBlocked(now) && Arrays.equals(before, now)) {
                return this;
            }
            before = now;
            Thread.sleep(20);
        }
        return fail("never blocked: " + Arrays.toString(thread.getStackTrace()));
    }

    private boolean isBlocked(StackTraceElement[] stack) {
        Thread.State state = thread.getState();
        if (state == Thread.State.WAITING || state == Thread.State.TIMED_WAITING) {
            return true;
        }
        return stack.length > 0 && stack[0].isNativeMethod() && stack[0].getClassName().startsWith("sun.nio.ch.");
    }
}
