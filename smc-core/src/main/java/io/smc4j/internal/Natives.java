package io.smc4j.internal;

import io.smc4j.SmcConfig;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;

/**
 * The bridge to the kernel that this JVM uses: loaded once, on first use; a failure is kept as the cause that
 * {@link io.smc4j.SmcCapability} reports, never thrown at an application.
 *
 * <p>Thread-safety: initialised under the class initialisation lock, immutable afterwards.
 */
public final class Natives {

    private static final NativeCalls CALLS;
    private static final JdkAccess JDK;
    private static final String NAME;
    private static final Throwable FAILURE;

    static {
        NativeCalls calls = null;
        JdkAccess jdk = null;
        String name = null;
        Throwable failure = null;
        try {
            SmcConfig.EffectiveMode mode = SmcConfig.effectiveMode();
            if (mode.mode() == SmcConfig.Mode.OFF) {
                throw new UnsatisfiedLinkError("not loaded: SMC is " + mode);
            }
            String wanted = SmcConfig.nativeBackend();
            if (wanted.equals("off")) {
                throw new UnsatisfiedLinkError("off".equalsIgnoreCase(SmcConfig.get(SmcConfig.NATIVE)) ? "not loaded: " + SmcConfig.NATIVE + "=off; remove the setting to use SMC"
                        : "not loaded: the word of " + SmcConfig.NATIVE + " is none of auto, jni, jnr and off, and counts as off");
            }
            Throwable jni = null;
            if (!wanted.equals("jnr")) {
                try {
                    JniCalls loaded = NativeLibraryLoader.load();
                    calls = loaded;
                    jdk = loaded;
                    name = "jni";
                } catch (Throwable e) { // another bridge may do
                    jni = e;
                }
            }
            // A path that was named is the only one tried.
            if (calls == null && (jni == null || wanted.equals("auto") && SmcConfig.get(SmcConfig.NATIVE_PATH) == null)) {
                NativeBackend backend = backend(jni);
                calls = backend.calls();
                jdk = backend.jdk();
                name = backend.name();
            }
            failure = calls == null ? jni : null;
        } catch (Throwable e) { // whatever it is, the application goes on over TCP
            calls = null;
            failure = e;
        }
        CALLS = calls;
        JDK = calls == null ? null : jdk;
        NAME = name;
        FAILURE = failure;
    }

    /**
     * A bridge of another jar, ready.
     *
     * @param before why our own cannot be used, or null where it is not wanted
     * @throws Throwable where there is none that works: {@code before}, with what stands in the other's way
     */
    private static NativeBackend backend(Throwable before) throws Throwable {
        try {
            for (NativeBackend backend : ServiceLoader.load(NativeBackend.class, NativeBackend.class.getClassLoader())) {
                backend.load();
                return backend;
            }
        } catch (Exception | LinkageError | ServiceConfigurationError e) {
            if (before == null) {
                throw e;
            }
            Throwable both = new UnsatisfiedLinkError(before.getMessage() + "; nor does " + SmcConfig.NATIVE + "=jnr do: " + e.getMessage()).initCause(before);
            both.addSuppressed(e);
            throw both;
        }
        if (before == null) {
            throw new UnsatisfiedLinkError(SmcConfig.NATIVE + "=jnr: no smc-jnr on the class path or module path; add io.smc4j:smc-jnr or remove the setting");
        }
        throw before;
    }

    private Natives() {
    }

    /** Whether the native calls can be made. */
    public static boolean isLoaded() {
        return CALLS != null;
    }

    /** Why {@link #isLoaded()} is false; null where it is true. */
    public static Throwable failure() {
        return FAILURE;
    }

    /** The native calls, or null where {@link #isLoaded()} is false. */
    public static NativeCalls calls() {
        return CALLS;
    }

    /** What the bridge reaches in the JDK, or null where {@link #isLoaded()} is false. */
    public static JdkAccess jdk() {
        return JDK;
    }

    /** Which bridge it is, {@code jni} or {@code jnr}; null where {@link #isLoaded()} is false. */
    public static String name() {
        return NAME;
    }
}
