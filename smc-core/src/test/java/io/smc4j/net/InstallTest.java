package io.smc4j.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.smc4j.internal.Linux;
import io.smc4j.internal.Natives;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The factories for a whole JVM, each case in a JVM of its own; MPTCP stands in for AF_SMC, so that every connection tells by SO_PROTOCOL which way it went. */
class InstallTest {

    @BeforeEach
    void natives() {
        assumeTrue(Natives.isLoaded(), () -> "no native library: " + Natives.failure());
        long fd = Natives.calls().socket(Linux.AF_INET, Linux.SOCK_STREAM, Linux.IPPROTO_MPTCP);
        assumeTrue(fd >= 0, () -> "this kernel has no multipath TCP to stand in for AF_SMC: " + fd);
        Natives.calls().close((int) fd);
    }

    @Test
    void everySocketAndListener() throws Exception {
        Jvm.run(List.of("-Dsmc.short.round-trips=0"), Everything.class).ok();
    }

    @Test
    void noProxyRulesSocksOut() throws Exception {
        Jvm.run(List.of("-DsocksProxyHost=127.0.0.1", "-DsocksProxyPort=1"), Socks5.class, "direct").ok();
    }

    @Test
    void socksProxiesAreTheJdks() throws Exception {
        Jvm.run(List.of(), Socks5.class, "proxied").ok();
    }

    @Test
    void factoryOfAnotherLibrary() throws Exception {
        for (String which : List.of("Socket", "ServerSocket")) {
            String output = Jvm.run(List.of(), Taken.class, which).ok();
            assertTrue(output.contains("java.net sockets stay TCP: " + which + ".set"), output);
        }
    }

    private static long protocol(Socket socket) {
        return Natives.calls().getsockopt(JdkSockets.fd(socket), Linux.SOL_SOCKET, Linux.SO_PROTOCOL);
    }

    private static void exchange(Socket a, Socket b) throws IOException {
        a.getOutputStream().write("word".getBytes(StandardCharsets.US_ASCII));
        assertEquals("word", new String(b.getInputStream().readNBytes(4), StandardCharsets.US_ASCII));
    }

    private static InetSocketAddress loopback(int port) {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    }

    /** Sockets by every constructor, accepted by listeners of every kind. */
    static final class Everything {

        static final class Named extends Socket {
        }

        static final class Empty extends Socket {
            Empty() throws IOException {
                super((java.net.SocketImpl) null);
            }
        }

        /** As RMI's and many servers' listeners. */
        static final class Listener extends ServerSocket {
            private final Socket next;

            Listener(Socket next) throws IOException {
                super(0, 50, InetAddress.getLoopbackAddress());
                this.next = next;
            }

            @Override
            public Socket accept() throws IOException {
                implAccept(next);
                return next;
            }
        }

        public static void main(String[] arguments) throws Exception {
            SmcSockets.setFactories(MptcpSockets.engine(10_000));
            assertTrue(SmcSockets.isInstalled());
            try (ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
                check(new Socket(server.getInetAddress(), server.getLocalPort()), server.accept());
                check(new Socket("127.0.0.1", server.getLocalPort(), InetAddress.getLoopbackAddress(), 0), server.accept());
                Socket direct = new Socket(Proxy.NO_PROXY);
                direct.connect(server.getLocalSocketAddress());
                check(direct, server.accept());
                Socket named = new Named();
                named.connect(server.getLocalSocketAddress());
                check(named, server.accept());
                Socket used = new Named();
                used.setSoTimeout(4321);
                for (Socket next : new Socket[] {new Named(), new Empty(), used}) {
                    try (Listener listener = new Listener(next)) {
                        Socket client = new Socket();
                        client.connect(listener.getLocalSocketAddress());
                        Socket end = listener.accept();
                        assertEquals(next == used ? 4321 : 0, end.getSoTimeout());
                        check(client, end);
                    }
                }
            }
        }

        private static void check(Socket client, Socket end) throws IOException {
            assertEquals(Linux.IPPROTO_MPTCP, protocol(client));
            assertEquals(Linux.IPPROTO_MPTCP, protocol(end));
            exchange(client, end);
            exchange(end, client);
            client.close();
            assertEquals(-1, end.getInputStream().read());
            end.close();
        }
    }

    /** A SOCKS 5 proxy of one connection, and a client that goes through it because the system property, or the socket's own proxy, says so. */
    static final class Socks5 {

        public static void main(String[] arguments) throws Exception {
            SmcSockets.setFactories(MptcpSockets.engine(10_000));
            try (ServerSocket target = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
                if (arguments[0].equals("direct")) { // the proxy of the system properties does not answer
                    Socket socket = new Socket(Proxy.NO_PROXY);
                    socket.connect(target.getLocalSocketAddress());
                    assertEquals(Linux.IPPROTO_MPTCP, protocol(socket));
                    exchange(socket, target.accept());
                    return;
                }
                proxied(target, true);
                proxied(target, false);
            }
        }

        private static void proxied(ServerSocket target, boolean byProperty) throws Exception {
            try (ServerSocket proxy = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
                Thread thread = new Thread(() -> serve(proxy));
                thread.start();
                Socket socket;
                if (byProperty) {
                    System.setProperty("socksProxyHost", "127.0.0.1");
                    System.setProperty("socksProxyPort", String.valueOf(proxy.getLocalPort()));
                    System.setProperty("socksNonProxyHosts", "");
                    socket = new Socket();
                } else {
                    System.clearProperty("socksProxyHost");
                    socket = new Socket(new Proxy(Proxy.Type.SOCKS, loopback(proxy.getLocalPort())));
                }
                socket.connect(target.getLocalSocketAddress());
                System.clearProperty("socksProxyHost");
                assertEquals(Linux.IPPROTO_TCP, protocol(socket), "the way to the proxy");
                socket.getOutputStream().write('q');
                assertEquals('p', socket.getInputStream().read(), "the proxy answers, not the target");
                socket.close();
                thread.join(10_000);
            }
        }

        private static void serve(ServerSocket proxy) {
            try (Socket client = proxy.accept()) {
                InputStream in = client.getInputStream();
                OutputStream out = client.getOutputStream();
                in.readNBytes(1);
                in.readNBytes(in.read());
                out.write(new byte[] {5, 0});
                in.readNBytes(10); // CONNECT to an IPv4 address
                out.write(new byte[] {5, 0, 0, 1, 127, 0, 0, 1, 0, 1});
                in.read();
                out.write('p');
            } catch (IOException e) {
                e.printStackTrace();
            }
        }
    }

    /** Another library was first: java.net stays as that left it, and says so. */
    static final class Taken {

        @SuppressWarnings("deprecation")
        public static void main(String[] arguments) throws Exception {
            if (arguments[0].equals("Socket")) {
                Socket.setSocketImplFactory(() -> JdkSockets.withSocks(JdkSockets.platform(false)));
            } else {
                ServerSocket.setSocketFactory(() -> JdkSockets.platform(true));
            }
            SmcSockets.setFactories(MptcpSockets.engine(10_000));
            assertTrue(!SmcSockets.isInstalled());
            try (ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
                    Socket client = new Socket(server.getInetAddress(), server.getLocalPort()); Socket end = server.accept()) {
                assertEquals(Linux.IPPROTO_TCP, protocol(client));
                exchange(client, end);
            }
        }
    }
}
