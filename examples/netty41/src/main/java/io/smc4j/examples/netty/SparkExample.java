package io.smc4j.examples.netty;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.apache.spark.network.TransportContext;
import org.apache.spark.network.client.RpcResponseCallback;
import org.apache.spark.network.client.TransportClient;
import org.apache.spark.network.client.TransportClientFactory;
import org.apache.spark.network.server.OneForOneStreamManager;
import org.apache.spark.network.server.RpcHandler;
import org.apache.spark.network.server.StreamManager;
import org.apache.spark.network.server.TransportServer;
import org.apache.spark.network.util.JavaUtils;
import org.apache.spark.network.util.MapConfigProvider;
import org.apache.spark.network.util.TransportConf;

/**
 * Spark's transport (shuffle and RPC) over SMC, by {@code -Dio.netty.bootstrap.extensions=serviceload} and smc-netty on the class path: Spark's own classes,
 * unmodified. In a cluster: {@code spark.executor.extraJavaOptions}, {@code spark.driver.extraJavaOptions}, {@code spark.shuffle.io.mode=EPOLL} and
 * {@code spark.rpc.io.mode=EPOLL}. 1,000 remote calls.
 */
public final class SparkExample {

    private static final int CALLS = 1_000;
    private static final long TIMEOUT_MS = 60_000;

    private SparkExample() {
    }

    public static void main(String[] args) throws Exception {
        TransportConf conf = new TransportConf("shuffle", new MapConfigProvider(Map.of("spark.shuffle.io.mode", "EPOLL")));
        try (TransportContext context = new TransportContext(conf, new Echo());
                TransportServer server = context.createServer("127.0.0.1", 0, List.of());
                TransportClientFactory factory = context.createClientFactory();
                TransportClient client = factory.createClient("127.0.0.1", server.getPort())) {
            int answers = 0;
            for (int i = 0; i < CALLS; i++) {
                ByteBuffer answer = client.sendRpcSync(JavaUtils.stringToBytes("call " + i), TIMEOUT_MS);
                if (StandardCharsets.UTF_8.decode(answer).toString().equals("call " + i)) {
                    answers++;
                }
            }
            System.out.println(answers + " remote calls answered");
            KernelPath.print(server.getPort());
        }
    }

    /** Answers what it is told. */
    private static final class Echo extends RpcHandler {

        private final StreamManager streams = new OneForOneStreamManager();

        @Override
        public void receive(TransportClient client, ByteBuffer message, RpcResponseCallback callback) {
            ByteBuffer answer = ByteBuffer.allocate(message.remaining());
            answer.put(message).flip();
            callback.onSuccess(answer);
        }

        @Override
        public StreamManager getStreamManager() {
            return streams;
        }
    }
}
