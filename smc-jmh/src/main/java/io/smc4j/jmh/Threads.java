package io.smc4j.jmh;

/** Waiting for threads. */
final class Threads {

    private Threads() {
    }

    /** Waits for a thread's end; an interruption ends the waiting and stays set. */
    static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
