package io.smc4j.net;

import io.smc4j.internal.JdkAccess;
import io.smc4j.internal.Natives;
import java.io.FileDescriptor;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.nio.channels.AsynchronousServerSocketChannel;
import java.nio.channels.AsynchronousSocketChannel;

/** The descriptors of the JDK's asynchronous channels. Thread-safe: constants only. */
final class AsynchronousFd {

    private static final MethodHandle SOCKET;
    private static final MethodHandle SERVER;
    private static final Throwable UNUSABLE;

    static {
        MethodHandle socket = null;
        MethodHandle server = null;
        Throwable unusable = null;
        try {
            JdkAccess jdk = Natives.jdk();
            MethodHandles.Lookup lookup = jdk == null ? null : jdk.trustedLookup();
            if (lookup == null) {
                throw new IllegalStateException("this JVM's asynchronous channels do not show their descriptors");
            }
            socket = field(lookup, "sun.nio.ch.AsynchronousSocketChannelImpl", AsynchronousSocketChannel.class);
            server = field(lookup, "sun.nio.ch.AsynchronousServerSocketChannelImpl", AsynchronousServerSocketChannel.class);
        } catch (ReflectiveOperationException | RuntimeException | LinkageError e) { // a JDK of another shape: asynchronous channels stay the JDK's
            unusable = e;
        }
        SOCKET = socket;
        SERVER = server;
        UNUSABLE = unusable;
    }

    private AsynchronousFd() {
    }

    private static MethodHandle field(MethodHandles.Lookup lookup, String owner, Class<?> as) throws ReflectiveOperationException {
        return lookup.findGetter(Class.forName(owner), "fd", FileDescriptor.class).asType(MethodType.methodType(FileDescriptor.class, as));
    }

    /** Why nothing here can be used in this JVM; null where it can. */
    static Throwable unusable() {
        return UNUSABLE;
    }

    /** The descriptor number of an open channel of the JDK's. */
    static int of(AsynchronousSocketChannel channel) {
        try {
            return Natives.jdk().fd((FileDescriptor) SOCKET.invokeExact(channel));
        } catch (Throwable e) {
            throw unchecked(e);
        }
    }

    /** The descriptor number of an open listener of the JDK's. */
    static int of(AsynchronousServerSocketChannel channel) {
        try {
            return Natives.jdk().fd((FileDescriptor) SERVER.invokeExact(channel));
        } catch (Throwable e) {
            throw unchecked(e);
        }
    }

    private static RuntimeException unchecked(Throwable e) {
        if (e instanceof Error) {
            throw (Error) e;
        }
        return e instanceof RuntimeException ? (RuntimeException) e : new IllegalStateException(e);
    }
}
