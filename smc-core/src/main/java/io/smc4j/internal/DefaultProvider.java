package io.smc4j.internal;

import java.lang.reflect.Field;
import java.nio.channels.spi.SelectorProvider;

/**
 * The provider that the JDK would use if ours were not the system default. No public API names it. Through the native library it comes
 * from {@code sun.nio.ch.DefaultSelectorProvider}; without it an instance of the (stateless) provider class is made, so that the switch
 * never keeps a JVM from starting.
 */
public final class DefaultProvider {

    private static final String EPOLL = "sun.nio.ch.EPollSelectorProvider";

    private DefaultProvider() {
    }

    /** The JDK's own provider. */
    public static SelectorProvider get() {
        JdkAccess jdk = Natives.jdk();
        SelectorProvider provider = jdk == null ? null : jdk.defaultSelectorProvider();
        return provider != null ? provider : allocate();
    }

    private static SelectorProvider allocate() {
        try {
            // By reflection: javac warns of this class even where the warning is suppressed, and it may be absent from a jlink image.
            Class<?> unsafe = Class.forName("sun.misc.Unsafe");
            Field field = unsafe.getDeclaredField("theUnsafe");
            field.setAccessible(true);
            Object instance = unsafe.getMethod("allocateInstance", Class.class).invoke(field.get(null), Class.forName(EPOLL));
            return (SelectorProvider) instance;
        } catch (ReflectiveOperationException | RuntimeException e) {
            throw new IllegalStateException("smc4j: the JDK's own SelectorProvider cannot be had from this JVM (" + e
                    + "): add the module jdk.unsupported to the image, or remove -Djava.nio.channels.spi.SelectorProvider", e);
        }
    }
}
