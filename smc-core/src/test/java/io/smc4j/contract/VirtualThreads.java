package io.smc4j.contract;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.concurrent.Callable;

/** Virtual threads of JDK 21 and later; by reflection, as the tests are compiled for 17. */
final class VirtualThreads {

    private static final int FIRST_RELEASE = 21;

    private VirtualThreads() {
    }

    /** Skips the test, and says so, where the JDK has none. */
    static void assumeThere() {
        assumeTrue(Runtime.version().feature() >= FIRST_RELEASE, () -> "virtual threads need JDK " + FIRST_RELEASE + ", this is " + Runtime.version());
    }

    static Thread unstarted(Runnable task) {
        try {
            Object builder = Thread.class.getMethod("ofVirtual").invoke(null);
            return (Thread) Class.forName("java.lang.Thread$Builder").getMethod("unstarted", Runnable.class).invoke(builder, task);
        } catch (ReflectiveOperationException e) {
            throw new AssertionError(e);
        }
    }

    static <T> Background<T> start(Callable<T> what) {
        return Background.start(what, VirtualThreads::unstarted);
    }
}
