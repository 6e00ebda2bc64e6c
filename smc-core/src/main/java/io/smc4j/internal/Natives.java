package io.smc4j.internal;

import io.smc4j.SmcConfig;

/**
 * The bridge to the kernel that this JVM uses: loaded once, on first use; a failure is kept as the cause that
 * {@link io.smc4j.SmcCapability} reports, never thrown at an application.
 *
 * <p>Thread-safety: initialised under the class initialisation lock, immutable afterwards.
 */
public final class Natives {

    private static final JniCalls JNI;
    private static final Throwable FAILURE;

    static {
        JniCalls loaded = null;
        Throwable failure = null;
        try {
            SmcConfig.EffectiveMode mode = SmcConfig.effectiveMode();
            if (mode.mode() == SmcConfig.Mode.OFF) {
                throw new UnsatisfiedLinkError("not loaded: SMC is " + mode);
            }
            loaded = NativeLibraryLoader.load();
        } catch (Throwable e) { // whatever it is, the application goes on over TCP
            failure = e;
        }
        JNI = loaded;
        FAILURE = failure;
    }

    private Natives() {
    }

    /** Whether the native calls can be made. */
    public static boolean isLoaded() {
        return JNI != null;
    }

    /** Why {@link #isLoaded()} is false; null where it is true. */
    public static Throwable failure() {
        return FAILURE;
    }

    /** The native calls, or null where {@link #isLoaded()} is false. */
    public static NativeCalls calls() {
        return JNI;
    }

    /** What the bridge reaches in the JDK, or null where {@link #isLoaded()} is false. */
    public static JdkAccess jdk() {
        return JNI;
    }
}
