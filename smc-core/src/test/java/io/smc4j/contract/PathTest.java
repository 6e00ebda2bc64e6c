package io.smc4j.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.spi.SelectorProvider;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Both ends of the suite's connections are what the run expects, by the kernel's own word. */
final class PathTest extends Contract {

    @Test
    void blockingIpv4() throws Exception {
        Pair pair = pair();
        assertEquals(EXPECT, KernelPath.of(pair.client()));
        assertEquals(EXPECT, KernelPath.of(pair.server()));
        exchange(pair);
    }

    @Test
    void blockingIpv6() throws Exception {
        ServerSocketChannel server = own(ServerSocketChannel.open()).bind(loopback6(0));
        Pair pair = connect(open(), server);
        assertEquals(EXPECT == KernelPath.SMC_R ? KernelPath.TCP : EXPECT, KernelPath.of(pair.server()));
        exchange(pair);
    }

    @Test
    void nonBlockingWithASelector() throws Exception {
        ServerSocketChannel server = listen();
        Selector selector = selector();
        SocketChannel client = open();
        client.configureBlocking(false);
        connectWith(selector, client, server.getLocalAddress());
        Pair pair = accepted(client, server);
        client.keyFor(selector).cancel();
        client.configureBlocking(true);
        exchange(pair);
    }

    @Test
    void familyInet() throws Exception {
        SelectorProvider provider = SelectorProvider.provider();
        ServerSocketChannel server = own(ServerSocketChannel.open(StandardProtocolFamily.INET)).bind(loopback(0));
        exchange(connect(own(SocketChannel.open(StandardProtocolFamily.INET)), server));
        exchange(connect(own(provider.openSocketChannel(StandardProtocolFamily.INET)), server));
    }

    @Test
    void familyInet6ToAnIpv6Address() throws Exception {
        ServerSocketChannel server = own(ServerSocketChannel.open(StandardProtocolFamily.INET6)).bind(loopback6(0));
        exchange(connect(own(SocketChannel.open(StandardProtocolFamily.INET6)), server));
    }

    @Test
    void familyInet6ToAnIpv4Address() throws Exception {
        exchange(connect(own(SocketChannel.open(StandardProtocolFamily.INET6)), listen()));
    }

    /** A wildcard server is one dual-stack socket, also where SMC-Rv2 wants the client's to be IPv4. */
    @Test
    void wildcardServer() throws Exception {
        ServerSocketChannel server = own(ServerSocketChannel.open()).bind(null);
        SocketChannel client = open();
        assertTrue(client.connect(loopback(port(server))));
        SocketChannel end = own(server.accept());
        assertPath(client);
        assertEquals(EXPECT, KernelPath.of(end));
        exchange(new Pair(client, end));
    }

    @Test
    void wildcardServerOfFamilyInet() throws Exception {
        ServerSocketChannel server = own(ServerSocketChannel.open(StandardProtocolFamily.INET)).bind(new InetSocketAddress(0));
        SocketChannel client = open();
        assertTrue(client.connect(loopback(port(server))));
        exchange(accepted(client, server));
    }

    @Test
    void theKernelListsBothEndsByPort() throws Exception {
        ServerSocketChannel server = listen();
        exchange(connect(open(), server));
        List<KernelPath> expected = EXPECT.isSmc() ? List.of(EXPECT, EXPECT) : List.of();
        assertEquals(expected, KernelPath.smcConnectionsOf(port(server)));
    }
}
