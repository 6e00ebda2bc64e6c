package io.smc4j.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrowsExactly;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.SocketException;
import java.net.SocketOption;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.DatagramChannel;
import java.nio.channels.NetworkChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import jdk.net.ExtendedSocketOptions;
import org.junit.jupiter.api.Test;

/** Socket options before and after connect. */
class OptionsTest extends Contract {

    /** Values that differ from the defaults. */
    private static Map<SocketOption<?>, Object> values() {
        Map<SocketOption<?>, Object> values = new LinkedHashMap<>();
        values.put(StandardSocketOptions.TCP_NODELAY, true);
        values.put(StandardSocketOptions.SO_KEEPALIVE, true);
        values.put(StandardSocketOptions.SO_REUSEADDR, true);
        values.put(StandardSocketOptions.SO_LINGER, 7);
        values.put(StandardSocketOptions.IP_TOS, 0x10);
        values.put(ExtendedSocketOptions.TCP_KEEPIDLE, 123);
        values.put(ExtendedSocketOptions.TCP_KEEPINTERVAL, 45);
        values.put(ExtendedSocketOptions.TCP_KEEPCOUNT, 6);
        return values;
    }

    @SuppressWarnings("unchecked")
    private static void setAll(NetworkChannel channel, Map<SocketOption<?>, Object> values) throws IOException {
        for (Map.Entry<SocketOption<?>, Object> e : values.entrySet()) {
            assertSame(channel, channel.setOption((SocketOption<Object>) e.getKey(), e.getValue()));
        }
    }

    private static void assertAll(NetworkChannel channel, Map<SocketOption<?>, Object> values) throws IOException {
        for (Map.Entry<SocketOption<?>, Object> e : values.entrySet()) {
            assertEquals(e.getValue(), channel.getOption(e.getKey()), () -> e.getKey() + " of " + channel);
        }
    }

    @Test
    void setBeforeConnect() throws Exception {
        SocketChannel client = open();
        setAll(client, values());
        assertAll(client, values());
        Pair pair = connect(client, listen());
        assertAll(client, values());
        exchange(pair);
    }

    @Test
    void setBeforeAConnectToAServerOfTheJdk() throws Exception {
        ServerSocketChannel server = own(SelectorProviderOfTheJdk.get().openServerSocketChannel()).bind(loopback(0));
        for (boolean blocking : new boolean[] {true, false}) {
            SocketChannel client = open();
            client.configureBlocking(blocking);
            setAll(client, values());
            if (blocking) {
                client.connect(server.getLocalAddress());
            } else {
                connectWith(selector(), client, server.getLocalAddress());
            }
            assertAll(client, values());
            own(server.accept());
        }
    }

    @Test
    void setBeforeANonBlockingConnect() throws Exception {
        ServerSocketChannel server = listen();
        SocketChannel client = open();
        client.configureBlocking(false);
        setAll(client, values());
        connectWith(selector(), client, server.getLocalAddress());
        assertAll(client, values());
        accepted(client, server);
    }

    @Test
    void setWhileANonBlockingConnectIsUnderWay() throws Exception {
        ServerSocketChannel server = listen();
        SocketChannel client = open();
        client.configureBlocking(false);
        Map<SocketOption<?>, Object> values = values();
        values.remove(StandardSocketOptions.SO_REUSEADDR); // MPTCP refuses it by now
        client.connect(server.getLocalAddress());
        setAll(client, values);
        assertAll(client, values);
        while (!client.finishConnect()) {
            Thread.onSpinWait();
        }
        assertAll(client, values);
        accepted(client, server);
    }

    @Test
    void setBeforeAnIpv6Connect() throws Exception {
        ServerSocketChannel server = own(ServerSocketChannel.open()).bind(loopback6(0));
        SocketChannel client = open();
        Map<SocketOption<?>, Object> values = values();
        if (KnownDifference.MPTCP_LACKS_OPTIONS.applies()) {
            values.remove(StandardSocketOptions.IP_TOS); // with it the channel would connect over TCP
        }
        setAll(client, values);
        Pair pair = connect(client, server);
        assertAll(client, values);
        exchange(pair);
    }

    @Test
    void setAfterConnect() throws Exception {
        Pair pair = pair();
        for (SocketChannel end : List.of(pair.client(), pair.server())) {
            Map<SocketOption<?>, Object> values = values();
            if (KnownDifference.MPTCP_LACKS_OPTIONS.applies()) {
                values.remove(StandardSocketOptions.SO_REUSEADDR);
                assertThrowsExactly(SocketException.class, () -> end.setOption(StandardSocketOptions.SO_REUSEADDR, true));
            }
            setAll(end, values);
            assertAll(end, values);
        }
        exchange(pair);
    }

    @Test
    void clearedAgain() throws Exception {
        SocketChannel client = open();
        setAll(client, values());
        client.setOption(StandardSocketOptions.TCP_NODELAY, false).setOption(StandardSocketOptions.SO_KEEPALIVE, false)
                .setOption(StandardSocketOptions.SO_LINGER, -1);
        connect(client, listen());
        assertEquals(false, client.getOption(StandardSocketOptions.TCP_NODELAY));
        assertEquals(false, client.getOption(StandardSocketOptions.SO_KEEPALIVE));
        assertEquals(-1, client.getOption(StandardSocketOptions.SO_LINGER));
    }

    @Test
    void defaultsAreTheJdks() throws Exception {
        SocketChannel ours = open();
        SocketChannel jdk = own(SelectorProviderOfTheJdk.get().openSocketChannel());
        for (SocketOption<?> option : jdk.supportedOptions()) {
            assertEquals(jdk.getOption(option), ours.getOption(option), option.name());
        }
        ServerSocketChannel ourServer = own(ServerSocketChannel.open());
        ServerSocketChannel jdkServer = own(SelectorProviderOfTheJdk.get().openServerSocketChannel());
        for (SocketOption<?> option : jdkServer.supportedOptions()) {
            assertEquals(jdkServer.getOption(option), ourServer.getOption(option), option.name());
        }
    }

    @Test
    void everySupportedOptionCanBeReadOnAConnection() throws Exception {
        Pair pair = pair();
        for (SocketOption<?> option : pair.client().supportedOptions()) {
            for (SocketChannel end : List.of(pair.client(), pair.server())) {
                if (option == ExtendedSocketOptions.TCP_QUICKACK && KnownDifference.MPTCP_LACKS_OPTIONS.applies()) {
                    assertThrowsExactly(SocketException.class, () -> end.getOption(option));
                } else {
                    assertTrue(end.getOption(option) != null, option.name());
                }
            }
        }
    }

    @Test
    void quickAckAfterConnect() throws Exception {
        Pair pair = pair();
        if (KnownDifference.MPTCP_LACKS_OPTIONS.applies()) {
            assertThrowsExactly(UnsupportedOperationException.class, () -> pair.client().setOption(ExtendedSocketOptions.TCP_QUICKACK, false));
        } else {
            pair.client().setOption(ExtendedSocketOptions.TCP_QUICKACK, false);
            assertEquals(false, pair.client().getOption(ExtendedSocketOptions.TCP_QUICKACK));
        }
        exchange(pair);
    }

    /** The kernel may round sizes up, it must not give less. */
    @Test
    void bufferSizesSetBeforeConnect() throws Exception {
        ServerSocketChannel server = listen();
        SocketChannel client = open();
        client.setOption(StandardSocketOptions.SO_SNDBUF, 100_000).setOption(StandardSocketOptions.SO_RCVBUF, 90_000);
        Pair pair = connect(client, server);
        int send = client.getOption(StandardSocketOptions.SO_SNDBUF);
        assertEquals(!KnownDifference.SEND_BUFFER_IS_THE_PEERS.applies(), send >= 100_000, () -> "SO_SNDBUF " + send);
        int receive = client.getOption(StandardSocketOptions.SO_RCVBUF);
        assertTrue(receive >= 90_000, () -> "SO_RCVBUF " + receive);
        assertTrue(send < 10 * 100_000 && receive < 10 * 90_000, () -> "SO_SNDBUF " + send + ", SO_RCVBUF " + receive);
        exchange(pair);
    }

    @Test
    void bufferSizesSetAfterConnectAreAccepted() throws Exception {
        Pair pair = pair();
        pair.client().setOption(StandardSocketOptions.SO_SNDBUF, 64 * 1024).setOption(StandardSocketOptions.SO_RCVBUF, 64 * 1024);
        exchange(pair);
    }

    @Test
    void receiveBufferOfTheServerIsInherited() throws Exception {
        ServerSocketChannel server = own(ServerSocketChannel.open()).setOption(StandardSocketOptions.SO_RCVBUF, 70_000);
        assertTrue(server.getOption(StandardSocketOptions.SO_RCVBUF) >= 70_000);
        server.bind(loopback(0));
        Pair pair = connect(open(), server);
        assertTrue(pair.server().getOption(StandardSocketOptions.SO_RCVBUF) >= 70_000);
        exchange(pair);
    }

    @Test
    void serverOptionsSurviveBind() throws Exception {
        ServerSocketChannel server = own(ServerSocketChannel.open());
        assertSame(server, server.setOption(StandardSocketOptions.SO_REUSEADDR, false));
        server.bind(loopback(0));
        assertEquals(false, server.getOption(StandardSocketOptions.SO_REUSEADDR));
        exchange(connect(open(), server));
    }

    @Test
    void serversShareAPort() throws Exception {
        ServerSocketChannel server = own(ServerSocketChannel.open()).setOption(StandardSocketOptions.SO_REUSEPORT, true).bind(loopback(0));
        ServerSocketChannel twin = own(ServerSocketChannel.open()).setOption(StandardSocketOptions.SO_REUSEPORT, true);
        twin.bind(server.getLocalAddress());
        assertEquals(server.getLocalAddress(), twin.getLocalAddress());
        assertEquals(true, twin.getOption(StandardSocketOptions.SO_REUSEPORT));
        server.close();
        SocketChannel client = open();
        client.connect(twin.getLocalAddress());
        SocketChannel end = own(twin.accept());
        assertEquals(KnownDifference.NO_REUSEPORT.applies() ? KernelPath.TCP : EXPECT, KernelPath.of(end));
        exchange(new Pair(client, end));
    }

    @Test
    void reusePortOfAClient() throws Exception {
        ServerSocketChannel server = listen();
        SocketChannel client = open().setOption(StandardSocketOptions.SO_REUSEPORT, true);
        client.connect(server.getLocalAddress());
        SocketChannel end = own(server.accept());
        assertEquals(true, client.getOption(StandardSocketOptions.SO_REUSEPORT));
        assertEquals(KnownDifference.NO_REUSEPORT.applies() ? KernelPath.TCP : EXPECT, KernelPath.of(client));
        exchange(new Pair(client, end));
        Pair pair = pair();
        if (KnownDifference.NO_REUSEPORT.applies() || KnownDifference.MPTCP_LACKS_OPTIONS.applies()) {
            assertThrowsExactly(SocketException.class, () -> pair.client().setOption(StandardSocketOptions.SO_REUSEPORT, true));
        } else {
            pair.client().setOption(StandardSocketOptions.SO_REUSEPORT, true);
            assertEquals(true, pair.client().getOption(StandardSocketOptions.SO_REUSEPORT));
        }
        exchange(pair);
    }

    @Test
    void unsupportedAndWrong() throws Exception {
        SocketChannel client = open();
        assertThrowsExactly(UnsupportedOperationException.class, () -> client.setOption(StandardSocketOptions.SO_BROADCAST, true));
        assertThrowsExactly(UnsupportedOperationException.class, () -> client.getOption(StandardSocketOptions.IP_MULTICAST_TTL));
        assertThrowsExactly(NullPointerException.class, () -> client.setOption(null, true));
        assertThrowsExactly(NullPointerException.class, () -> client.getOption(null));
        assertThrowsExactly(IllegalArgumentException.class, () -> client.setOption(StandardSocketOptions.SO_SNDBUF, -1));
        ServerSocketChannel server = own(ServerSocketChannel.open());
        assertThrowsExactly(UnsupportedOperationException.class, () -> server.setOption(StandardSocketOptions.TCP_NODELAY, true));
        assertThrowsExactly(NullPointerException.class, () -> server.getOption(null));
    }

    @Test
    void closed() throws Exception {
        SocketChannel client = open();
        client.close();
        assertThrowsExactly(ClosedChannelException.class, () -> client.setOption(StandardSocketOptions.TCP_NODELAY, true));
        assertThrowsExactly(ClosedChannelException.class, () -> client.getOption(StandardSocketOptions.TCP_NODELAY));
        ServerSocketChannel server = listen();
        server.close();
        assertThrowsExactly(ClosedChannelException.class, () -> server.getOption(StandardSocketOptions.SO_RCVBUF));
    }

    @Test
    void supportedOptionsAreTheJdks() throws Exception {
        var jdk = SelectorProviderOfTheJdk.get();
        assertEquals(own(jdk.openSocketChannel()).supportedOptions(), open().supportedOptions());
        assertEquals(own(jdk.openServerSocketChannel()).supportedOptions(), own(ServerSocketChannel.open()).supportedOptions());
        assertEquals(own(jdk.openDatagramChannel()).supportedOptions(), own(DatagramChannel.open()).supportedOptions());
        assertEquals(open().supportedOptions(), pair().server().supportedOptions());
        assertEquals(open().supportedOptions(), pair().client().supportedOptions());
        SocketChannel closed = open();
        closed.close();
        assertEquals(open().supportedOptions(), closed.supportedOptions());
    }

    /** A close with SO_LINGER 0 resets a TCP connection. */
    @Test
    void lingerZero() throws Exception {
        Pair pair = pair();
        pair.client().setOption(StandardSocketOptions.SO_LINGER, 0);
        pair.client().close();
        Background<Integer> read = Background.start(() -> pair.server().read(ByteBuffer.allocate(1)));
        if (KnownDifference.LINGER_ZERO_IS_NO_RESET.applies()) {
            assertEquals(-1, read.result());
        } else {
            read.failure(SocketException.class);
        }
    }

    @Test
    void lingerWaitsForTheDataAndDeliversIt() throws Exception {
        Pair pair = pair();
        pair.client().setOption(StandardSocketOptions.SO_LINGER, 5);
        write(pair.client(), "data");
        pair.client().close();
        assertEquals("data", read(pair.server(), 4));
        assertEquals(-1, pair.server().read(ByteBuffer.allocate(1)));
    }
}
