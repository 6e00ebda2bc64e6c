package io.smc4j.net;

import io.smc4j.internal.JdkAccess;
import io.smc4j.internal.Natives;
import java.io.FileDescriptor;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketImpl;
import java.net.SocketOption;
import java.util.Set;

/**
 * The methods of {@link SocketImpl} that only subclasses may call, called on the JDK's own implementation. They are method handles, so that no native
 * frame stands below a call that blocks: a virtual thread stays free to leave its carrier.
 *
 * <p>Thread-safe: no state but constants. To be used only where {@link #unusable()} is null.
 */
final class JdkSockets {

    private static final String NIO_IMPL = "sun.nio.ch.NioSocketImpl";

    private static final MethodHandle CREATE;
    private static final MethodHandle CONNECT;
    private static final MethodHandle BIND;
    private static final MethodHandle LISTEN;
    private static final MethodHandle ACCEPT;
    private static final MethodHandle INPUT;
    private static final MethodHandle OUTPUT;
    private static final MethodHandle AVAILABLE;
    private static final MethodHandle CLOSE;
    private static final MethodHandle SHUTDOWN_INPUT;
    private static final MethodHandle SHUTDOWN_OUTPUT;
    private static final MethodHandle URGENT;
    private static final MethodHandle OPTIONS;
    private static final MethodHandle SET_OPTION;
    private static final MethodHandle GET_OPTION;
    private static final MethodHandle ADDRESS;
    private static final MethodHandle PORT;
    private static final MethodHandle LOCAL_PORT;
    private static final MethodHandle SOCKS;
    private static final MethodHandle SOCKET_IMPL;
    private static final MethodHandle GET_DESCRIPTOR;
    private static final Throwable UNUSABLE;

    static {
        MethodHandle[] h = new MethodHandle[21];
        Throwable unusable = null;
        try {
            find(h);
        } catch (ReflectiveOperationException | RuntimeException | LinkageError e) { // a JDK of another shape: java.net stays the JDK's
            unusable = e;
        }
        CREATE = h[0];
        CONNECT = h[1];
        BIND = h[2];
        LISTEN = h[3];
        ACCEPT = h[4];
        INPUT = h[5];
        OUTPUT = h[6];
        AVAILABLE = h[7];
        CLOSE = h[8];
        SHUTDOWN_INPUT = h[9];
        SHUTDOWN_OUTPUT = h[10];
        URGENT = h[11];
        OPTIONS = h[12];
        SET_OPTION = h[13];
        GET_OPTION = h[14];
        ADDRESS = h[15];
        PORT = h[16];
        LOCAL_PORT = h[17];
        SOCKS = h[18];
        SOCKET_IMPL = h[19];
        GET_DESCRIPTOR = h[20];
        UNUSABLE = unusable;
    }

    private JdkSockets() {
    }

    private static void find(MethodHandle[] h) throws ReflectiveOperationException {
        JdkAccess jdk = Natives.jdk();
        if (jdk == null) {
            throw new IllegalStateException("no native library: " + Natives.failure().getMessage());
        }
        MethodHandles.Lookup lookup = jdk.trustedLookup();
        SocketImpl probe = jdk.newPlatformSocketImpl(false);
        if (lookup == null || probe == null || !probe.getClass().getName().equals(NIO_IMPL)) {
            throw new IllegalStateException("this JVM's sockets are not a " + NIO_IMPL + " that can be reached");
        }
        int n = 0;
        h[n++] = method(lookup, "create", void.class, boolean.class);
        h[n++] = method(lookup, "connect", void.class, SocketAddress.class, int.class);
        h[n++] = method(lookup, "bind", void.class, InetAddress.class, int.class);
        h[n++] = method(lookup, "listen", void.class, int.class);
        h[n++] = method(lookup, "accept", void.class, SocketImpl.class);
        h[n++] = method(lookup, "getInputStream", InputStream.class);
        h[n++] = method(lookup, "getOutputStream", OutputStream.class);
        h[n++] = method(lookup, "available", int.class);
        h[n++] = method(lookup, "close", void.class);
        h[n++] = method(lookup, "shutdownInput", void.class);
        h[n++] = method(lookup, "shutdownOutput", void.class);
        h[n++] = method(lookup, "sendUrgentData", void.class, int.class);
        h[n++] = method(lookup, "supportedOptions", Set.class);
        h[n++] = method(lookup, "setOption", void.class, SocketOption.class, Object.class);
        h[n++] = method(lookup, "getOption", Object.class, SocketOption.class);
        h[n++] = method(lookup, "getInetAddress", InetAddress.class);
        h[n++] = method(lookup, "getPort", int.class);
        h[n++] = method(lookup, "getLocalPort", int.class);
        // What `new Socket()` has in the JDK: SOCKS where the ProxySelector says so, the platform's implementation otherwise.
        h[n++] = lookup.findConstructor(Class.forName("java.net.SocksSocketImpl"), MethodType.methodType(void.class, SocketImpl.class))
                .asType(MethodType.methodType(SocketImpl.class, SocketImpl.class));
        h[n++] = lookup.findGetter(Socket.class, "impl", SocketImpl.class);
        h[n] = method(lookup, "getFileDescriptor", FileDescriptor.class);
    }

    private static MethodHandle method(MethodHandles.Lookup lookup, String name, Class<?> result, Class<?>... parameters)
            throws ReflectiveOperationException {
        return lookup.findVirtual(SocketImpl.class, name, MethodType.methodType(result, parameters));
    }

    /** Why nothing here can be used in this JVM; null where it can. */
    static Throwable unusable() {
        return UNUSABLE;
    }

    /** The platform's implementation, not yet created. */
    static SocketImpl platform(boolean server) {
        return Natives.jdk().newPlatformSocketImpl(server);
    }

    /** The JDK's default implementation for clients around {@code platform}: it goes through a SOCKS proxy where there is one. */
    static SocketImpl withSocks(SocketImpl platform) {
        try {
            return (SocketImpl) SOCKS.invokeExact(platform);
        } catch (Throwable e) {
            throw unchecked(e);
        }
    }

    /** The descriptor number of a created or accepted platform implementation, or -1. */
    static int fd(SocketImpl platform) {
        return platform == null ? -1 : fdOf(Natives.jdk().descriptor(platform));
    }

    /** The descriptor number of a socket of the JDK's or of ours, or -1. */
    static int fd(Socket socket) {
        try {
            SocketImpl impl = (SocketImpl) SOCKET_IMPL.invokeExact(socket);
            return impl == null ? -1 : fdOf((FileDescriptor) GET_DESCRIPTOR.invokeExact(impl));
        } catch (Throwable e) {
            throw unchecked(e);
        }
    }

    private static int fdOf(FileDescriptor descriptor) {
        return descriptor == null ? -1 : Natives.jdk().fd(descriptor);
    }

    static FileDescriptor descriptor(SocketImpl platform) {
        return Natives.jdk().descriptor(platform);
    }

    static void create(SocketImpl impl, boolean stream) throws IOException {
        try {
            CREATE.invokeExact(impl, stream);
        } catch (Throwable e) {
            throw io(e);
        }
    }

    static void connect(SocketImpl impl, SocketAddress address, int timeout) throws IOException {
        try {
            CONNECT.invokeExact(impl, address, timeout);
        } catch (Throwable e) {
            throw io(e);
        }
    }

    static void bind(SocketImpl impl, InetAddress host, int port) throws IOException {
        try {
            BIND.invokeExact(impl, host, port);
        } catch (Throwable e) {
            throw io(e);
        }
    }

    static void listen(SocketImpl impl, int backlog) throws IOException {
        try {
            LISTEN.invokeExact(impl, backlog);
        } catch (Throwable e) {
            throw io(e);
        }
    }

    static void accept(SocketImpl impl, SocketImpl accepted) throws IOException {
        try {
            ACCEPT.invokeExact(impl, accepted);
        } catch (Throwable e) {
            throw io(e);
        }
    }

    static InputStream input(SocketImpl impl) throws IOException {
        try {
            return (InputStream) INPUT.invokeExact(impl);
        } catch (Throwable e) {
            throw io(e);
        }
    }

    static OutputStream output(SocketImpl impl) throws IOException {
        try {
            return (OutputStream) OUTPUT.invokeExact(impl);
        } catch (Throwable e) {
            throw io(e);
        }
    }

    static int available(SocketImpl impl) throws IOException {
        try {
            return (int) AVAILABLE.invokeExact(impl);
        } catch (Throwable e) {
            throw io(e);
        }
    }

    static void close(SocketImpl impl) throws IOException {
        try {
            CLOSE.invokeExact(impl);
        } catch (Throwable e) {
            throw io(e);
        }
    }

    static void shutdownInput(SocketImpl impl) throws IOException {
        try {
            SHUTDOWN_INPUT.invokeExact(impl);
        } catch (Throwable e) {
            throw io(e);
        }
    }

    static void shutdownOutput(SocketImpl impl) throws IOException {
        try {
            SHUTDOWN_OUTPUT.invokeExact(impl);
        } catch (Throwable e) {
            throw io(e);
        }
    }

    static void sendUrgentData(SocketImpl impl, int data) throws IOException {
        try {
            URGENT.invokeExact(impl, data);
        } catch (Throwable e) {
            throw io(e);
        }
    }

    @SuppressWarnings("unchecked")
    static Set<SocketOption<?>> supportedOptions(SocketImpl impl) {
        try {
            return (Set<SocketOption<?>>) (Set<?>) OPTIONS.invokeExact(impl);
        } catch (Throwable e) {
            throw unchecked(e);
        }
    }

    static void setOption(SocketImpl impl, SocketOption<?> name, Object value) throws IOException {
        try {
            SET_OPTION.invokeExact(impl, name, value);
        } catch (Throwable e) {
            throw io(e);
        }
    }

    static Object getOption(SocketImpl impl, SocketOption<?> name) throws IOException {
        try {
            return (Object) GET_OPTION.invokeExact(impl, name);
        } catch (Throwable e) {
            throw io(e);
        }
    }

    static InetAddress address(SocketImpl impl) {
        try {
            return (InetAddress) ADDRESS.invokeExact(impl);
        } catch (Throwable e) {
            throw unchecked(e);
        }
    }

    static int port(SocketImpl impl) {
        try {
            return (int) PORT.invokeExact(impl);
        } catch (Throwable e) {
            throw unchecked(e);
        }
    }

    static int localPort(SocketImpl impl) {
        try {
            return (int) LOCAL_PORT.invokeExact(impl);
        } catch (Throwable e) {
            throw unchecked(e);
        }
    }

    private static IOException io(Throwable e) {
        if (e instanceof IOException) {
            return (IOException) e;
        }
        throw unchecked(e);
    }

    private static RuntimeException unchecked(Throwable e) {
        if (e instanceof RuntimeException) {
            return (RuntimeException) e;
        }
        if (e instanceof Error) {
            throw (Error) e;
        }
        return new IllegalStateException(e); // none of the methods declares anything else
    }
}
