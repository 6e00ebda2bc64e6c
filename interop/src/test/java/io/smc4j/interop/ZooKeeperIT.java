package io.smc4j.interop;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.Watcher;
import org.apache.zookeeper.ZooDefs;
import org.apache.zookeeper.ZooKeeper;
import org.apache.zookeeper.server.NIOServerCnxnFactory;
import org.apache.zookeeper.server.ServerCnxnFactory;
import org.apache.zookeeper.server.ZooKeeperServer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A ZooKeeper server and its client. */
@Timeout(120)
class ZooKeeperIT {

    private static final int NODES = 100;

    @TempDir
    Path directory;

    @Test
    void nodesAndWatches() throws Exception {
        System.setProperty("zookeeper.forceSync", "no"); // the disk is not what is tested
        ServerCnxnFactory factory = new NIOServerCnxnFactory();
        factory.configure(new InetSocketAddress("127.0.0.1", 0), 20);
        ZooKeeperServer server = new ZooKeeperServer(directory.resolve("data").toFile(), directory.resolve("log").toFile(), 2000);
        factory.startup(server);
        CountDownLatch connected = new CountDownLatch(1);
        ZooKeeper client = new ZooKeeper("127.0.0.1:" + factory.getLocalPort(), 60_000, e -> {
            if (e.getState() == Watcher.Event.KeeperState.SyncConnected) {
                connected.countDown();
            }
        });
        try {
            assertTrue(connected.await(60, TimeUnit.SECONDS), "no connection");
            BlockingQueue<String> events = new LinkedBlockingQueue<>();
            for (int i = 0; i < NODES; i++) {
                String path = "/node" + i;
                byte[] data = new byte[i * 100];
                client.create(path, data, ZooDefs.Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
                assertArrayEquals(data, client.getData(path, e -> events.add(e.getPath()), null));
            }
            for (int i = 0; i < NODES; i++) {
                client.setData("/node" + i, "x".getBytes(StandardCharsets.UTF_8), -1);
                assertEquals("/node" + i, events.poll(60, TimeUnit.SECONDS));
            }
            Ends.check("ZooKeeper", factory.getLocalPort(), 1);
        } finally {
            client.close();
            factory.shutdown();
        }
    }
}
