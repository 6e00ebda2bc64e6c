package io.smc4j.examples.netty;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.util.Version;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The examples on Netty 4.1 do what they say; see {@link Expect}. */
@Timeout(value = 300, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class Examples41Test {

    @Test
    void theLineIs41() {
        String version = Version.identify().get("netty-transport-classes-epoll").artifactVersion();
        assertTrue(version.startsWith("4.1."), version);
    }

    @Test
    void vertx4() throws Exception {
        Expect.bothEnds(() -> VertxExample.main(new String[0]), "native transport: true", "1000 requests answered");
    }

    @Test
    void spark() throws Exception {
        Expect.bothEnds(() -> SparkExample.main(new String[0]), "1000 remote calls answered");
    }
}
