package io.smc4j.bench;

/**
 * Marks for the lab's instruction counter (lab/plugin/count_insns.c): where {@code -Dsmc.bench.mark} names the library that executes the marking instruction;
 * nothing without it.
 */
final class Mark {

    private static final String LIBRARY = System.getProperty("smc.bench.mark");

    static {
        if (LIBRARY != null) {
            System.load(LIBRARY);
        }
    }

    private Mark() {
    }

    /** Ends what is counted and begins anew. */
    static void set() {
        if (LIBRARY != null) {
            execute();
        }
    }

    private static native void execute();
}
