package io.smc4j.jnr;

import io.smc4j.internal.JdkAccess;
import java.io.FileDescriptor;
import java.io.IOException;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Field;
import java.lang.reflect.InvocationTargetException;
import java.net.SocketImpl;
import java.nio.channels.Channel;
import java.nio.channels.spi.SelectorProvider;

/**
 * {@link JdkAccess} without JNI: through the JDK's own trusted lookup, a private static field. It is read by reflection where {@code java.lang.invoke} is open to us, otherwise by
 * {@code sun.misc.Unsafe}, of which JDK 24 and later warn and which a later one refuses.
 */
final class LookupAccess implements JdkAccess {

    /** The switch of JEP 471 (JDK 23 and later). */
    static final String ALLOW_UNSAFE = "--sun-misc-unsafe-memory-access=allow";

    private final MethodHandles.Lookup lookup;
    private final Class<?> channel;
    private final Class<?> serverChannel;
    private final Class<?> selectable;
    private final MethodHandle descriptorFd;
    private final MethodHandle channelFd;
    private final MethodHandle serverChannelFd;
    private final MethodHandle provider;
    private final MethodHandle createImpl;
    private final MethodHandle implFd;
    private final MethodHandle kill;

    /** @throws IllegalStateException where the JDK refuses the lookup, or is of another shape */
    LookupAccess() {
        try {
            lookup = trusted();
            channel = Class.forName("sun.nio.ch.SocketChannelImpl");
            serverChannel = Class.forName("sun.nio.ch.ServerSocketChannelImpl");
            selectable = Class.forName("sun.nio.ch.SelChImpl");
            descriptorFd = lookup.findGetter(FileDescriptor.class, "fd", int.class);
            channelFd = lookup.findGetter(channel, "fdVal", int.class).asType(MethodType.methodType(int.class, Object.class));
            serverChannelFd = lookup.findGetter(serverChannel, "fdVal", int.class).asType(MethodType.methodType(int.class, Object.class));
            provider = lookup.findStatic(Class.forName("sun.nio.ch.DefaultSelectorProvider"), "get",
                    MethodType.methodType(Class.forName("sun.nio.ch.SelectorProviderImpl"))).asType(MethodType.methodType(SelectorProvider.class));
            createImpl = lookup.findStatic(SocketImpl.class, "createPlatformSocketImpl", MethodType.methodType(SocketImpl.class, boolean.class));
            implFd = lookup.findGetter(SocketImpl.class, "fd", FileDescriptor.class);
            kill = lookup.findVirtual(selectable, "kill", MethodType.methodType(void.class)).asType(MethodType.methodType(void.class, Channel.class));
        } catch (ReflectiveOperationException | RuntimeException e) {
            Throwable why = e instanceof InvocationTargetException ? e.getCause() : e;
            // jnr-ffi needs Unsafe too: to open java.lang.invoke alone is no way out where Unsafe is denied.
            throw new IllegalStateException("this JDK refuses what jnr-ffi's bridge needs of it (" + why + "); allow it with " + ALLOW_UNSAFE
                    + " (JDK 23 and later) or use our native library (smc.native=jni)", why);
        }
    }

    private static MethodHandles.Lookup trusted() throws ReflectiveOperationException {
        Field field = MethodHandles.Lookup.class.getDeclaredField("IMPL_LOOKUP");
        if (Object.class.getModule().isOpen("java.lang.invoke", LookupAccess.class.getModule())) {
            field.setAccessible(true);
            return (MethodHandles.Lookup) field.get(null);
        }
        // By reflection: javac warns of this class even where the warning is suppressed, and it may be absent from a jlink image.
        Class<?> type = Class.forName("sun.misc.Unsafe");
        Field instance = type.getDeclaredField("theUnsafe");
        instance.setAccessible(true);
        Object unsafe = instance.get(null);
        Object base = type.getMethod("staticFieldBase", Field.class).invoke(unsafe, field);
        Object offset = type.getMethod("staticFieldOffset", Field.class).invoke(unsafe, field);
        return (MethodHandles.Lookup) type.getMethod("getObject", Object.class, long.class).invoke(unsafe, base, offset);
    }

    @Override
    public int fd(FileDescriptor descriptor) {
        try {
            return descriptor == null ? -1 : (int) descriptorFd.invokeExact(descriptor);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    @Override
    public int channelFd(Object of) {
        try {
            return channel.isInstance(of) ? (int) channelFd.invokeExact(of) : serverChannel.isInstance(of) ? (int) serverChannelFd.invokeExact(of) : -1;
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    @Override
    public SelectorProvider defaultSelectorProvider() {
        try {
            return (SelectorProvider) provider.invokeExact();
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    @Override
    public SocketImpl newPlatformSocketImpl(boolean server) {
        try {
            return (SocketImpl) createImpl.invokeExact(server);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    @Override
    public void kill(Channel of) throws IOException {
        if (!selectable.isInstance(of)) {
            return;
        }
        try {
            kill.invokeExact(of);
        } catch (IOException e) {
            throw e;
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    @Override
    public FileDescriptor descriptor(SocketImpl impl) {
        try {
            return impl == null ? null : (FileDescriptor) implFd.invokeExact(impl);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    @Override
    public MethodHandles.Lookup trustedLookup() {
        return lookup;
    }

    private static RuntimeException unexpected(Throwable e) {
        if (e instanceof RuntimeException) {
            throw (RuntimeException) e;
        }
        if (e instanceof Error) {
            throw (Error) e;
        }
        return new IllegalStateException(e);
    }
}
