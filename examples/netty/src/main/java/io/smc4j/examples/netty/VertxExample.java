package io.smc4j.examples.netty;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Vert.x 4 or 5 over SMC, by {@code -Dio.netty.bootstrap.extensions=serviceload} and smc-netty on the class path: nothing here knows of SMC but the
 * lines that ask the kernel. Vert.x has to prefer its native transport, epoll. 1,000 requests on one kept connection.
 */
public final class VertxExample {

    private static final int REQUESTS = 1_000;

    private VertxExample() {
    }

    public static void main(String[] args) throws Exception {
        Vertx vertx = Vertx.vertx(new VertxOptions().setPreferNativeTransport(true));
        try {
            System.out.println("native transport: " + vertx.isNativeTransportEnabled());
            HttpServer server = get(vertx.createHttpServer()
                    .requestHandler(request -> request.response().end("hello " + request.path().substring(1))).listen(0, "127.0.0.1"));
            HttpClient client = vertx.createHttpClient();
            int answers = 0;
            for (int i = 0; i < REQUESTS; i++) {
                String answer = get(client.request(HttpMethod.GET, server.actualPort(), "127.0.0.1", "/" + i)
                        .compose(request -> request.send().compose(HttpClientResponse::body))).toString();
                if (answer.equals("hello " + i)) {
                    answers++;
                }
            }
            System.out.println(answers + " requests answered");
            KernelPath.print(server.actualPort());
        } finally {
            get(vertx.close());
        }
    }

    private static <T> T get(Future<T> future) throws InterruptedException, ExecutionException, TimeoutException {
        return future.toCompletionStage().toCompletableFuture().get(60, TimeUnit.SECONDS);
    }
}
