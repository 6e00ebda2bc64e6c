package io.smc4j.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.smc4j.diag.SmcMetrics;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.spi.SelectorProvider;
import org.junit.jupiter.api.Test;

/** One end is the JDK's own channel: the connection is TCP and everything works. */
class MixedPeersTest extends Contract {

    /** SMC's fallback puts TCP under the descriptor; MPTCP's, the stand-in's, does not show. */
    private static final KernelPath FALLEN_BACK = EXPECT == KernelPath.MPTCP ? KernelPath.MPTCP : KernelPath.TCP;

    private final SelectorProvider jdk = SelectorProviderOfTheJdk.get();

    private Pair tcp(SocketChannel client, KernelPath path, ServerSocketChannel server) throws Exception {
        assertTrue(client.connect(server.getLocalAddress()));
        SocketChannel end = own(server.accept());
        assertEquals(path, KernelPath.of(client));
        assertEquals(KernelPath.TCP, KernelPath.of(end));
        return new Pair(client, end);
    }

    @Test
    void clientOfTheProviderAndServerOfTheJdk() throws Exception {
        exchange(tcp(open(), FALLEN_BACK, own(jdk.openServerSocketChannel()).bind(loopback(0))));
    }

    @Test
    void clientOfTheJdkAndServerOfTheProvider() throws Exception {
        long before = SmcMetrics.acceptsTcp();
        exchange(tcp(own(jdk.openSocketChannel()), KernelPath.TCP, listen()));
        // counted where the listener was more than TCP; an accept of another test's cannot come between, they run one by one
        assertEquals(EXPECT == KernelPath.TCP ? 0 : 1, SmcMetrics.acceptsTcp() - before);
    }

    @Test
    void selectorConnectToAServerOfTheJdk() throws Exception {
        ServerSocketChannel server = own(jdk.openServerSocketChannel()).bind(loopback(0));
        Selector selector = selector();
        SocketChannel client = open();
        client.configureBlocking(false);
        connectWith(selector, client, server.getLocalAddress());
        SocketChannel end = own(server.accept());
        assertEquals(FALLEN_BACK, KernelPath.of(client));
        SelectionKey key = client.keyFor(selector);
        key.interestOps(SelectionKey.OP_READ);
        write(end, "data");
        awaitReady(selector, key, SelectionKey.OP_READ);
        assertEquals(4, client.read(ByteBuffer.allocate(8)));
        end.close();
        awaitReady(selector, key, SelectionKey.OP_READ);
        assertEquals(-1, client.read(ByteBuffer.allocate(8)));
    }

    @Test
    void connectionsOfTheJdkOnTheProvidersSelector() throws Exception {
        Selector selector = selector();
        ServerSocketChannel server = listen();
        server.configureBlocking(false);
        SelectionKey accept = server.register(selector, SelectionKey.OP_ACCEPT);
        SocketChannel client = own(jdk.openSocketChannel());
        client.connect(server.getLocalAddress());
        awaitReady(selector, accept, SelectionKey.OP_ACCEPT);
        SocketChannel end = own(server.accept());
        end.configureBlocking(false);
        SelectionKey key = end.register(selector, SelectionKey.OP_READ, "end");
        write(client, "x");
        awaitReady(selector, key, SelectionKey.OP_READ);
        assertEquals(1, end.read(ByteBuffer.allocate(8)));
        assertEquals("end", key.attachment());
    }
}
