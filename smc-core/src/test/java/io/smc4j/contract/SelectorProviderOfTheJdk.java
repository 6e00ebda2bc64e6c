package io.smc4j.contract;

import io.smc4j.internal.Natives;
import java.lang.reflect.Field;
import java.nio.channels.spi.SelectorProvider;

/** The JDK's own provider, whatever the switch says: for comparisons, and for peers that know nothing of SMC. */
final class SelectorProviderOfTheJdk {

    private static final SelectorProvider PROVIDER = find();

    private SelectorProviderOfTheJdk() {
    }

    static SelectorProvider get() {
        return PROVIDER;
    }

    private static SelectorProvider find() {
        SelectorProvider current = SelectorProvider.provider();
        if (current.getClass().getName().startsWith("sun.nio.ch.")) {
            return current;
        }
        if (Natives.isLoaded()) {
            return Natives.jdk().defaultSelectorProvider();
        }
        try { // no native library: an instance without a constructor's access check
            Class<?> unsafe = Class.forName("sun.misc.Unsafe");
            Field field = unsafe.getDeclaredField("theUnsafe");
            field.setAccessible(true);
            return (SelectorProvider) unsafe.getMethod("allocateInstance", Class.class)
                    .invoke(field.get(null), Class.forName("sun.nio.ch.EPollSelectorProvider"));
        } catch (ReflectiveOperationException e) {
            throw new AssertionError(e);
        }
    }
}
