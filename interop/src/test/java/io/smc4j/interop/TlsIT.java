package io.smc4j.interop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.DataInputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.zip.CRC32;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** TLS over {@code java.net}: layered over sockets that are there, as mail and database drivers do it, and by the TLS socket factories. */
@Timeout(300)
class TlsIT {

    /** Megabytes through one connection. */
    private static final int MEGABYTES = Integer.getInteger("smc.interop.tls.mb", 100);
    private static final char[] PASSWORD = "changeit".toCharArray();

    @TempDir
    static Path directory;
    private static SSLContext context;

    @BeforeAll
    static void makeKey() throws Exception {
        Path file = directory.resolve("key.p12");
        Process keytool = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "keytool").toString(), "-J-XX:TieredStopAtLevel=1",
                "-J-XX:+UseSerialGC", "-genkeypair", "-alias", "interop", "-keyalg", "EC", "-dname", "CN=localhost", "-ext", "san=ip:127.0.0.1",
                "-storetype", "PKCS12", "-storepass", new String(PASSWORD), "-keystore", file.toString()).inheritIO().start();
        assertEquals(0, keytool.waitFor());
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(file)) {
            keys.load(in, PASSWORD);
        }
        KeyManagerFactory own = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        own.init(keys, PASSWORD);
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(keys);
        context = SSLContext.getInstance("TLS");
        context.init(own.getKeyManagers(), trust.getTrustManagers(), null);
    }

    @Test
    void layered() throws Exception {
        try (ServerSocket server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            FutureTask<Long> received = start(() -> {
                Socket plain = server.accept();
                SSLSocket tls = (SSLSocket) context.getSocketFactory().createSocket(plain, null, true);
                tls.setUseClientMode(false);
                return drain(tls);
            });
            Socket plain = new Socket(server.getInetAddress(), server.getLocalPort());
            SSLSocket tls = (SSLSocket) context.getSocketFactory().createSocket(plain, "127.0.0.1", server.getLocalPort(), true);
            long sent = send(tls, MEGABYTES, server.getLocalPort(), "TLS layered over a socket, " + MEGABYTES + " MB");
            assertEquals(sent, received.get());
        }
    }

    @Test
    void direct() throws Exception {
        try (ServerSocket server = context.getServerSocketFactory().createServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            FutureTask<Long> received = start(() -> drain((SSLSocket) server.accept()));
            SSLSocket tls = (SSLSocket) context.getSocketFactory().createSocket("127.0.0.1", server.getLocalPort());
            long sent = send(tls, 1, server.getLocalPort(), "TLS by the TLS factories, 1 MB");
            assertEquals(sent, received.get());
        }
    }

    private static FutureTask<Long> start(Callable<Long> what) {
        FutureTask<Long> task = new FutureTask<>(what);
        Thread thread = new Thread(task, "TLS server");
        thread.setDaemon(true);
        thread.start();
        return task;
    }

    /** Sends and answers the checksum; the connection is looked at while it is open, and closed. */
    private static long send(SSLSocket tls, int megabytes, int port, String what) throws Exception {
        byte[] chunk = new byte[1 << 18];
        new Random(5).nextBytes(chunk);
        CRC32 sum = new CRC32();
        try (tls) {
            tls.setSoTimeout(120_000);
            tls.startHandshake();
            assertTrue(tls.getSession().getProtocol().startsWith("TLSv1."), tls.getSession().getProtocol());
            OutputStream out = tls.getOutputStream();
            for (int i = 0; i < megabytes * 4; i++) {
                chunk[0] = (byte) i;
                sum.update(chunk);
                out.write(chunk);
            }
            Ends.check(what + ", " + tls.getSession().getProtocol(), port, 1);
            tls.shutdownOutput();
            assertEquals(sum.getValue(), new DataInputStream(tls.getInputStream()).readLong());
        }
        return sum.getValue();
    }

    /** Reads to the end, sends the checksum back. */
    private static long drain(SSLSocket tls) throws Exception {
        try (tls) {
            CRC32 sum = new CRC32();
            byte[] buffer = new byte[1 << 16];
            InputStream in = tls.getInputStream();
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                sum.update(buffer, 0, n);
            }
            tls.getOutputStream().write(java.nio.ByteBuffer.allocate(8).putLong(sum.getValue()).array());
            return sum.getValue();
        }
    }
}
