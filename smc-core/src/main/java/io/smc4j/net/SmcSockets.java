package io.smc4j.net;

import io.smc4j.Smc;
import io.smc4j.SmcUnavailableException;
import io.smc4j.diag.SmcConnection;
import io.smc4j.diag.SmcConnections;
import io.smc4j.engine.SmcEngine;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketImpl;
import java.nio.channels.SocketChannel;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.net.ServerSocketFactory;
import javax.net.SocketFactory;

/**
 * {@code java.net} over SMC: for the whole JVM with {@link #install()}, or socket by socket with {@link #newSocket()}, {@link #newServerSocket()} and the two
 * {@code javax.net} factories, which change nothing else. Policy, memory, the way back to TCP and the guards at close are those of channels. Where this
 * machine has no usable SMC every socket is the JDK's own.
 *
 * <p>The sockets are the JDK's implementation with another socket under its descriptor: exceptions, time-outs, closing from another thread, interrupts and
 * virtual threads are the JDK's. A connection through a SOCKS proxy stays TCP.
 *
 * <p>Thread-safe.
 */
public final class SmcSockets {

    /** What became of {@link #install()}. */
    private enum State { NOT_INSTALLED, INSTALLED, TAKEN }

    private static final AtomicBoolean UNUSABLE_SAID = new AtomicBoolean();
    private static volatile State state = State.NOT_INSTALLED;

    private SmcSockets() {
    }

    /**
     * Makes every {@code new Socket()} and {@code new ServerSocket()} of this JVM one of this library's from now on. Call it before the first one is made; a
     * second call changes nothing.
     *
     * @return false where java.net stays the JDK's own, and a line in the log says why: no usable SMC here, or another library has set {@link Socket}'s or
     *     {@link ServerSocket}'s factory before; the JVM takes one factory only
     * @throws SmcUnavailableException in mode {@code require}, where java.net cannot use SMC
     */
    public static boolean install() throws SmcUnavailableException {
        synchronized (SmcSockets.class) {
            if (state == State.NOT_INSTALLED) {
                SmcEngine engine = engine();
                if (engine == null) {
                    return false;
                }
                setFactories(engine);
            }
            if (state == State.TAKEN && SmcEngine.current().isRequired()) {
                throw new SmcUnavailableException("smc.mode=require: another library has set the factory of java.net's sockets before", null);
            }
            return state == State.INSTALLED;
        }
    }

    @SuppressWarnings("deprecation") // since 17, for want of uses the JDK's authors knew of
    static void setFactories(SmcEngine engine) {
        try {
            ServerSocket.setSocketFactory(() -> state == State.INSTALLED ? new SmcServerSocketImpl(engine) : JdkSockets.platform(true));
        } catch (IOException e) {
            taken("ServerSocket.setSocketFactory", e);
            return;
        }
        try {
            Socket.setSocketImplFactory(() -> client(engine));
        } catch (IOException e) {
            taken("Socket.setSocketImplFactory", e); // our listeners' factory is left to make the JDK's own, as without a factory
            return;
        }
        state = State.INSTALLED;
    }

    private static SocketImpl client(SmcEngine engine) {
        return new SmcSocketImpl(engine, Socks.isPossible() && Socks.isCallerDirect());
    }

    private static void taken(String setter, IOException e) {
        state = State.TAKEN;
        log(Level.WARNING, "java.net sockets stay TCP: " + setter + " was called before (" + e.getMessage()
                + "); channels are not concerned, and SmcSockets.newSocket() works");
    }

    /** The engine for java.net, or null where the JDK's own sockets are to be used. */
    private static SmcEngine engine() throws SmcUnavailableException {
        SmcEngine engine = SmcEngine.current();
        if (engine == null) {
            SmcEngine.checkRequired();
            return null;
        }
        Throwable unusable = JdkSockets.unusable();
        if (unusable == null) {
            return engine;
        }
        if (engine.isRequired()) {
            throw new SmcUnavailableException("smc.mode=require: java.net cannot use SMC in this JVM: " + unusable, unusable);
        }
        if (UNUSABLE_SAID.compareAndSet(false, true)) {
            log(Level.WARNING, "java.net sockets stay TCP: " + unusable);
        }
        return null;
    }

    private static void log(Level level, String line) {
        System.getLogger("io.smc4j").log(level, line);
    }

    /** Whether {@link #install()} has taken effect. */
    public static boolean isInstalled() {
        return state == State.INSTALLED;
    }

    /**
     * An unconnected socket, whether or not {@link #install()} was called.
     *
     * @throws IOException in mode {@code require}, where there is no SMC to be had
     */
    public static Socket newSocket() throws IOException {
        SmcEngine engine = engine();
        return engine == null ? new Socket() : new ImplSocket(new SmcSocketImpl(engine, false));
    }

    /**
     * An unbound listener, whether or not {@link #install()} was called; sockets it accepts are of this library too.
     *
     * @throws IOException in mode {@code require}, where there is no SMC to be had
     */
    public static ServerSocket newServerSocket() throws IOException {
        SmcEngine engine = engine();
        return engine == null ? new ServerSocket() : new ImplServerSocket(engine);
    }

    /** A factory of {@link #newSocket()}'s sockets for code that takes one: JDBC drivers, LDAP, HTTP and mail clients. */
    public static SocketFactory socketFactory() {
        return new SmcSocketFactory();
    }

    /** A factory of {@link #newServerSocket()}'s listeners for code that takes one. */
    public static ServerSocketFactory serverSocketFactory() {
        return new SmcServerSocketFactory();
    }

    /**
     * What a socket's connection uses, from the kernel's own word, for sockets of the JDK, of this library and of channels alike.
     *
     * @param socket a connected socket; one that is layered over another (TLS) has none of its own: ask for that one
     * @throws IOException where it is not open, or the kernel cannot be asked
     */
    public static SmcConnection connection(Socket socket) throws IOException {
        SocketChannel channel = socket.getChannel();
        if (channel != null) {
            return Smc.connection(channel);
        }
        if (socket.isClosed()) {
            throw new SocketException("Socket is closed");
        }
        if (JdkSockets.unusable() != null) {
            throw new IOException("no descriptor of a socket to be had in this JVM", JdkSockets.unusable());
        }
        int fd = JdkSockets.fd(socket);
        if (fd < 0) {
            throw new IOException("no descriptor known for a " + socket.getClass().getName());
        }
        return SmcConnections.of(fd);
    }

    /** A socket that has its implementation from us and not from the JVM's factory. */
    static final class ImplSocket extends Socket {

        ImplSocket(SmcSocketImpl impl) throws SocketException {
            super(impl);
        }
    }

    /** A listener that has its implementation from us and not from the JVM's factory. */
    static final class ImplServerSocket extends ServerSocket {

        private final SmcEngine engine;

        ImplServerSocket(SmcEngine engine) {
            super(new SmcServerSocketImpl(engine));
            this.engine = engine;
        }

        @Override
        public Socket accept() throws IOException {
            if (isClosed()) {
                throw new SocketException("Socket is closed");
            }
            if (!isBound()) {
                throw new SocketException("Socket is not bound yet");
            }
            Socket socket = new ImplSocket(new SmcSocketImpl(engine, true));
            implAccept(socket);
            return socket;
        }
    }
}
