package io.smc4j.examples.netty;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The examples do what they say; see {@link Expect}. */
@Timeout(value = 300, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ExamplesTest {

    /** The one program of Debian's redis-tools that is the server, too, where it is called so. */
    private static final Path REDIS = Path.of("/usr/bin/redis-check-rdb");

    @Test
    void grpc() throws Exception {
        Expect.bothEnds(() -> GrpcExample.main(new String[0]), "1000 unary calls answered", "1000 streaming calls answered");
    }

    @Test
    void reactorNetty() throws Exception {
        Expect.bothEnds(() -> ReactorNettyExample.main(new String[0]), "1000 requests answered");
    }

    @Test
    void vertx5() throws Exception {
        Expect.bothEnds(() -> VertxExample.main(new String[0]), "native transport: true", "1000 requests answered");
    }

    @Test
    void lettuce(@TempDir Path directory) throws Exception {
        assumeTrue(Files.isExecutable(REDIS), "no Redis server: apt-get install redis-tools");
        Path server = Files.createSymbolicLink(directory.resolve("redis-server"), REDIS);
        String preload = System.getProperty("smc.preload", "");
        // without the preload library the server is plain TCP, and the client's SMC falls back
        String path = preload.isEmpty() ? "TCP" : Expect.PATH;
        Expect.ends(path, path, () -> LettuceExample.main(new String[] {server.toString(), preload}), "1000 values read back");
    }
}
