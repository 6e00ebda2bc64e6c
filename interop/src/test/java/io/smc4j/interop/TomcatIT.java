package io.smc4j.interop;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.apache.catalina.Context;
import org.apache.catalina.connector.Connector;
import org.apache.catalina.servlets.DefaultServlet;
import org.apache.catalina.startup.Tomcat;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An embedded Tomcat that serves static files to clients that keep their connections: by selectors (NIO) and by asynchronous channels (NIO2). */
@Timeout(180)
class TomcatIT {

    private static final int CLIENTS = 4;
    private static final int REQUESTS = 25;
    private static final int[] SIZES = {100, 9_000, 300_000};

    /** Kept, for loggers are only weakly held: start, stop, and what Tomcat cannot clear of this JVM's other tests. */
    private static final Logger LOG = Logger.getLogger("org.apache");

    static {
        LOG.setLevel(Level.SEVERE);
    }

    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"Http11NioProtocol", "Http11Nio2Protocol"})
    void servesStaticFiles(String protocol) throws Exception {
        List<byte[]> files = new ArrayList<>();
        Path root = Files.createDirectory(directory.resolve("root"));
        for (int size : SIZES) {
            byte[] content = new byte[size];
            new Random(size).nextBytes(content);
            Files.write(root.resolve(size + ".bin"), content);
            files.add(content);
        }
        Tomcat tomcat = new Tomcat();
        tomcat.setBaseDir(directory.resolve("base").toString());
        Connector connector = new Connector("org.apache.coyote.http11." + protocol);
        connector.setPort(0);
        connector.setProperty("address", "127.0.0.1");
        connector.setProperty("maxKeepAliveRequests", "-1");
        tomcat.setConnector(connector);
        Context context = tomcat.addContext("", root.toString());
        Tomcat.addServlet(context, "default", new DefaultServlet()).addMapping("/");
        tomcat.start();
        try {
            load(connector.getLocalPort(), files, "Tomcat " + protocol);
        } finally {
            tomcat.stop();
            tomcat.destroy();
        }
    }

    /** As many connections as clients, looked at while all are open. */
    private static void load(int port, List<byte[]> files, String what) throws Exception {
        CyclicBarrier barrier = new CyclicBarrier(CLIENTS + 1);
        List<FutureTask<Void>> clients = new ArrayList<>();
        for (int i = 0; i < CLIENTS; i++) {
            FutureTask<Void> client = new FutureTask<>(() -> {
                for (int n = 0; n < REQUESTS; n++) {
                    byte[] file = files.get(n % files.size());
                    HttpURLConnection connection = (HttpURLConnection) URI.create("http://127.0.0.1:" + port + "/" + file.length + ".bin").toURL()
                            .openConnection();
                    connection.setReadTimeout(60_000);
                    assertEquals(200, connection.getResponseCode());
                    try (InputStream in = connection.getInputStream()) {
                        if (n == 2) { // all clients hold their connections now
                            barrier.await(60, TimeUnit.SECONDS);
                            barrier.await(60, TimeUnit.SECONDS);
                        }
                        assertArrayEquals(file, in.readAllBytes());
                    }
                }
                return null;
            });
            clients.add(client);
            new Thread(client, "client " + i).start();
        }
        barrier.await(60, TimeUnit.SECONDS);
        Ends.check(what, port, CLIENTS);
        barrier.await(60, TimeUnit.SECONDS);
        for (FutureTask<Void> client : clients) {
            client.get();
        }
    }
}
