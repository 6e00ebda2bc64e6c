package io.smc4j.internal;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Field;
import java.nio.channels.spi.AsynchronousChannelProvider;

/**
 * The asynchronous provider that the JDK would use if ours were not the system default; {@link DefaultProvider} is its twin for selectors. Without the native
 * library an instance of the provider class, which has no state of its own, is made.
 */
public final class DefaultAsynchronousProvider {

    private static final String FACTORY = "sun.nio.ch.DefaultAsynchronousChannelProvider";
    private static final String LINUX = "sun.nio.ch.LinuxAsynchronousChannelProvider";

    private DefaultAsynchronousProvider() {
    }

    /** A provider of the JDK's; its channels of no group of their own share one for the whole JVM. */
    public static AsynchronousChannelProvider get() {
        JdkAccess jdk = Natives.jdk();
        MethodHandles.Lookup lookup = jdk == null ? null : jdk.trustedLookup();
        if (lookup != null) {
            try {
                return (AsynchronousChannelProvider) lookup
                        .findStatic(Class.forName(FACTORY), "create", MethodType.methodType(AsynchronousChannelProvider.class)).invokeExact();
            } catch (Error e) {
                throw e;
            } catch (Throwable e) { // a JDK of another shape
                return allocate(e);
            }
        }
        return allocate(null);
    }

    private static AsynchronousChannelProvider allocate(Throwable before) {
        try {
            // By reflection: javac warns of this class even where the warning is suppressed, and it may be absent from a jlink image.
            Class<?> unsafe = Class.forName("sun.misc.Unsafe");
            Field field = unsafe.getDeclaredField("theUnsafe");
            field.setAccessible(true);
            return (AsynchronousChannelProvider) unsafe.getMethod("allocateInstance", Class.class).invoke(field.get(null), Class.forName(LINUX));
        } catch (ReflectiveOperationException | RuntimeException e) {
            IllegalStateException failure = new IllegalStateException("smc4j: the JDK's own AsynchronousChannelProvider cannot be had from this JVM (" + e
                    + "): add the module jdk.unsupported to the image, or remove -Djava.nio.channels.spi.AsynchronousChannelProvider", e);
            if (before != null) {
                failure.addSuppressed(before);
            }
            throw failure;
        }
    }
}
