package io.smc4j.examples.netty;

import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.sync.RedisCommands;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * Lettuce over SMC, by {@code -Dio.netty.bootstrap.extensions=serviceload} and smc-netty on the class path. The server is no Java program: it gets its
 * SMC sockets from a preload library (what {@code smc_run} does) named by the second argument; without one it listens on TCP, and so the
 * connection is TCP. 1,000 SETs and 1,000 GETs.
 *
 * <p>{@code LettuceExample /path/to/redis-server [preload.so]}
 */
public final class LettuceExample {

    private static final int CALLS = 1_000;

    private LettuceExample() {
    }

    public static void main(String[] args) throws Exception {
        int port;
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        Path directory = Files.createTempDirectory("smc4j-redis");
        ProcessBuilder builder = new ProcessBuilder(List.of(args[0], "--port", String.valueOf(port), "--bind", "127.0.0.1", "--save", "",
                "--appendonly", "no", "--dir", directory.toString())).redirectErrorStream(true).redirectOutput(directory.resolve("log").toFile());
        if (args.length > 1 && !args[1].isEmpty()) {
            builder.environment().putAll(Map.of("LD_PRELOAD", args[1]));
        }
        Process server = builder.start();
        try {
            awaitServer(port);
            RedisClient client = RedisClient.create(RedisURI.builder().withHost("127.0.0.1").withPort(port).withTimeout(Duration.ofSeconds(60)).build());
            try (StatefulRedisConnection<String, String> connection = client.connect()) {
                RedisCommands<String, String> redis = connection.sync();
                int answers = 0;
                for (int i = 0; i < CALLS; i++) {
                    redis.set("key" + i, "value" + i);
                }
                for (int i = 0; i < CALLS; i++) {
                    if (("value" + i).equals(redis.get("key" + i))) {
                        answers++;
                    }
                }
                System.out.println(answers + " values read back");
                KernelPath.print(port);
            } finally {
                client.shutdown(Duration.ZERO, Duration.ofSeconds(5));
            }
        } finally {
            server.destroy();
            server.waitFor();
            Files.delete(directory.resolve("log"));
            Files.delete(directory);
        }
    }

    private static void awaitServer(int port) throws InterruptedException {
        for (int i = 0; i < 600; i++) {
            try {
                new Socket("127.0.0.1", port).close();
                return;
            } catch (IOException e) {
                Thread.sleep(100);
            }
        }
        throw new IllegalStateException("redis-server does not answer on port " + port);
    }
}
