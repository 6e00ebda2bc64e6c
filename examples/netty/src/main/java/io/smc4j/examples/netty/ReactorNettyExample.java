package io.smc4j.examples.netty;

import io.smc4j.netty.reactor.SmcLoopResources;
import java.time.Duration;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;
import reactor.netty.http.client.HttpClient;
import reactor.netty.http.server.HttpServer;

/**
 * Reactor Netty over SMC, the same way for Spring's WebClient ({@code new ReactorClientHttpConnector(client)}) and WebFlux
 * ({@code NettyReactiveWebServerFactory.addServerCustomizers(server -> server.runOn(loops))}). 1,000 requests on one kept connection.
 */
public final class ReactorNettyExample {

    private static final int REQUESTS = 1_000;

    private ReactorNettyExample() {
    }

    public static void main(String[] args) {
        SmcLoopResources loops = SmcLoopResources.create("smc");
        DisposableServer server = HttpServer.create().runOn(loops).host("127.0.0.1").port(0)
                .route(routes -> routes.get("/{name}", (request, response) -> response.sendString(Mono.just("hello " + request.param("name")))))
                .bindNow();
        HttpClient client = HttpClient.create().runOn(loops).host("127.0.0.1").port(server.port());
        int answers = 0;
        for (int i = 0; i < REQUESTS; i++) {
            String answer = client.get().uri("/" + i).responseSingle((response, body) -> body.asString()).block(Duration.ofSeconds(60));
            if (("hello " + i).equals(answer)) {
                answers++;
            }
        }
        System.out.println(answers + " requests answered");
        KernelPath.print(server.port());
        server.disposeNow();
        loops.disposeLater(Duration.ZERO, Duration.ofSeconds(2)).block(Duration.ofSeconds(30));
    }
}
