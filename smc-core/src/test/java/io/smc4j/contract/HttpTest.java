package io.smc4j.contract;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The JDK's own HTTP client and server, which open their channels by the provider. */
class HttpTest extends Contract {

    private final ExecutorService threads = Executors.newFixedThreadPool(4);
    private final ConcurrentLinkedQueue<KernelPath> paths = new ConcurrentLinkedQueue<>();
    private final HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(Duration.ofSeconds(PATIENCE_SECONDS)).build();
    private HttpServer server;
    private int port;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(loopback(0), 50);
        port = server.getAddress().getPort();
        server.setExecutor(threads);
        server.createContext("/echo", exchange -> {
            paths.add(KernelPath.between(port, exchange.getRemoteAddress().getPort())); // while the connection is in use
            byte[] body = exchange.getRequestBody().readAllBytes();
            exchange.sendResponseHeaders(200, body.length == 0 ? -1 : body.length);
            if (body.length > 0) {
                exchange.getResponseBody().write(body);
            }
            exchange.close();
        });
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
        threads.shutdownNow();
    }

    private HttpRequest request(byte[] body) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/echo")).timeout(Duration.ofSeconds(PATIENCE_SECONDS))
                .POST(HttpRequest.BodyPublishers.ofByteArray(body)).build();
    }

    private void assertPaths() {
        Set<KernelPath> seen = EnumSet.noneOf(KernelPath.class);
        seen.addAll(paths);
        assertEquals(Set.of(EXPECT.isSmc() ? EXPECT : KernelPath.TCP), seen, () -> "paths of the requests in their order: " + paths);
    }

    @Test
    void severalRequestsOverKeptConnections() throws Exception {
        for (int size : new int[] {0, 1, 1000, 1 << 20, 10}) {
            byte[] body = new byte[size];
            new Random(size).nextBytes(body);
            HttpResponse<byte[]> response = client.send(request(body), HttpResponse.BodyHandlers.ofByteArray());
            assertEquals(200, response.statusCode());
            assertArrayEquals(body, response.body());
        }
        assertPaths();
    }

    @Test
    void concurrentAsynchronousRequests() throws Exception {
        List<CompletableFuture<HttpResponse<byte[]>>> responses = new ArrayList<>();
        for (int i = 0; i < 16; i++) {
            byte[] body = new byte[2000 + i];
            responses.add(client.sendAsync(request(body), HttpResponse.BodyHandlers.ofByteArray()));
        }
        for (int i = 0; i < 16; i++) {
            HttpResponse<byte[]> response = responses.get(i).get(PATIENCE_SECONDS, TimeUnit.SECONDS);
            assertEquals(200, response.statusCode());
            assertEquals(2000 + i, response.body().length);
        }
        assertPaths();
    }

    @Test
    void refused() throws Exception {
        InetSocketAddress nobody = (InetSocketAddress) nobody();
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + nobody.getPort() + "/")).build();
        assertThrows(ConnectException.class, () -> client.send(request, HttpResponse.BodyHandlers.discarding()));
    }

    @Test
    void connectTimeout() throws Exception {
        BlackHole hole = own(new BlackHole());
        HttpClient impatient = HttpClient.newBuilder().connectTimeout(Duration.ofMillis(300)).build();
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + hole.address().getPort() + "/")).build();
        assertThrows(java.net.http.HttpConnectTimeoutException.class, () -> impatient.send(request, HttpResponse.BodyHandlers.discarding()));
        assertFalse(threads.isShutdown());
    }
}
