package io.smc4j.internal;

/**
 * Another bridge to the kernel than our JNI library, found by {@link java.util.ServiceLoader}: {@code smc-jnr} has one. Its constructor does nothing; {@link #load} finds
 * out whether it works.
 */
public interface NativeBackend {

    /** The name that {@link io.smc4j.SmcConfig#NATIVE} gives it. */
    String name();

    /**
     * Makes it ready.
     *
     * @throws Exception where this machine or JDK refuses what it needs; the message names the way out
     */
    void load() throws Exception;

    /** The system calls; after {@link #load}. */
    NativeCalls calls();

    /** What it reaches in the JDK; after {@link #load}. */
    JdkAccess jdk();
}
