package io.smc4j.fault;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.smc4j.SmcConfig;
import io.smc4j.fault.Client.Conversation;
import io.smc4j.fault.RawServer.Application;
import io.smc4j.fault.RawServer.Middlebox;
import io.smc4j.policy.PeerState;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Middleboxes that break SMC's negotiation in TCP option 254, each met by each kind of client: the first connect works in time, the second
 * one does without SMC, and on the connection that the program gets nothing travels but the program's bytes.
 */
@InLab
class MiddleboxTest {

    /** What the library may take beyond its patience. */
    private static final long GRACE_MS = 500;

    private static RawLink link;
    private static RawServer server;

    @BeforeAll
    static void startServer() throws Exception {
        link = new RawLink(1);
        if ("smcr".equals(Guest.MODE)) {
            Guest.ip("rdma link add rxe-" + link.device() + " type rxe netdev " + link.device());
        }
        server = new RawServer(link);
        for (Client client : Client.values()) { // classes are loaded once, and not on the clock
            works(server.start(Middlebox.REPLAYS, Application.SILENT), Application.SILENT, client, PeerState.Kind.BROKEN, Long.MAX_VALUE);
        }
    }

    @AfterAll
    static void stopServer() throws Exception {
        link.close();
    }

    static Stream<Arguments> broken() {
        return Stream.of(Client.values()).flatMap(client -> Stream.of(
                Arguments.of(Middlebox.REPLAYS, Application.SILENT, client),
                Arguments.of(Middlebox.REPLAYS, Application.TALKS_FIRST, client),
                Arguments.of(Middlebox.REPLAYS, Application.CLOSES, client),
                Arguments.of(Middlebox.REPLAYS, Application.RESETS, client),
                Arguments.of(Middlebox.DROPS, Application.SILENT, client),
                Arguments.of(Middlebox.VANISHES, Application.SILENT, client),
                Arguments.of(Middlebox.VANISHES_LATER, Application.SILENT, client)));
    }

    @ParameterizedTest
    @MethodSource("broken")
    void brokenMiddlebox(Middlebox middlebox, Application application, Client client) throws Exception {
        InetSocketAddress to = server.start(middlebox, application);
        works(to, application, client, PeerState.Kind.BROKEN, SmcConfig.connectPatienceMs() + GRACE_MS);
        assertEquals(3, server.connections(to).size(), "with SMC, then TCP; the second connect TCP");
    }

    @ParameterizedTest
    @MethodSource("strips")
    void optionStrippedFromTheAnswer(Application application, Client client) throws Exception {
        InetSocketAddress to = server.start(Middlebox.STRIPS, application);
        works(to, application, client, PeerState.Kind.DECLINED, GRACE_MS);
        assertEquals(2, server.connections(to).size(), "the first connect needed no second attempt");
    }

    static Stream<Arguments> strips() {
        return Stream.of(Client.values()).flatMap(client -> Stream.of(Arguments.of(Application.SILENT, client), Arguments.of(Application.TALKS_FIRST, client)));
    }

    /** A machine has an SMC device, but not on the way to this peer: then the kernel puts a DECLINE in front of the program's bytes. */
    @Test
    void noDeviceTowardsThisPeer() throws Exception {
        if (!"smcr".equals(Guest.MODE)) {
            System.out.println("noDeviceTowardsThisPeer: loopback-ism reaches everywhere, runs over SMC-R");
            return;
        }
        try (RawLink bare = new RawLink(2)) {
            RawServer bareServer = new RawServer(bare);
            for (Client client : Client.values()) {
                InetSocketAddress to = bareServer.start(Middlebox.REPLAYS, Application.SILENT);
                try (Conversation channel = client.connect(null, to)) {
                    conversation(channel, Application.SILENT, "ask:1");
                }
                assertEquals("ask:1", Encounter.last(bareServer.connections(to)).received(), client + ": all that the application got");
                assertEquals(PeerState.Kind.DECLINED, Encounter.learnt(to));
            }
        }
    }

    /** SMC's connect may hold the port that the system gave at bind: the retry has another. */
    @ParameterizedTest
    @EnumSource
    void brokenMiddleboxAndABoundClient(Client client) throws Exception {
        for (Application application : List.of(Application.SILENT, Application.CLOSES, Application.TALKS_FIRST)) {
            InetSocketAddress to = server.start(Middlebox.REPLAYS, application);
            long start = System.nanoTime();
            try (Conversation conversation = client.connect(new InetSocketAddress(link.nearAddress(), 0), to)) {
                long took = Guest.millisSince(start);
                assertTrue(took <= SmcConfig.connectPatienceMs() + GRACE_MS, () -> "connect took " + took + " ms");
                conversation(conversation, application, "ask:1");
            }
            assertTrue(server.connections(to).get(0).hadOption(), "SMC was tried");
            assertEquals("ask:1", Encounter.last(server.connections(to)).received(), "all that the application got");
        }
    }

    /** A socket in an SMC handshake makes setsockopt wait for its end: the program must not notice. */
    @ParameterizedTest
    @EnumSource(names = {"REPLAYS", "DROPS"})
    void optionsWhileAConnectIsUnderWay(Middlebox middlebox) throws Exception {
        InetSocketAddress to = server.start(middlebox, Application.SILENT);
        try (SocketChannel channel = SocketChannel.open(); Selector selector = Selector.open()) {
            channel.configureBlocking(false);
            channel.connect(to);
            SelectionKey key = channel.register(selector, SelectionKey.OP_CONNECT);
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true).setOption(StandardSocketOptions.SO_KEEPALIVE, true);
            assertTrue(channel.getOption(StandardSocketOptions.TCP_NODELAY));
            assertThrows(IllegalArgumentException.class, () -> channel.setOption(StandardSocketOptions.SO_RCVBUF, -1));
            assertFalse(channel.finishConnect(), "the handshake lasts as long as patience, the options do not");
            while (!(selector.select(10_000) > 0 && key.isConnectable() && channel.finishConnect())) {
                selector.selectedKeys().clear();
            }
            Guest.assertTcp(channel);
            assertTrue(channel.getOption(StandardSocketOptions.TCP_NODELAY));
            assertTrue(channel.getOption(StandardSocketOptions.SO_KEEPALIVE));
        }
    }

    /** There a retry would have no port to be had: no SMC. */
    @ParameterizedTest
    @EnumSource
    void portOfTheProgramsChoice(Client client) throws Exception {
        InetSocketAddress to = server.start(Middlebox.REPLAYS, Application.SILENT);
        InetSocketAddress local = new InetSocketAddress(link.nearAddress(), 20_000 + client.ordinal());
        try (Conversation conversation = client.connect(local, to)) {
            conversation(conversation, Application.SILENT, "ask:1");
        }
        assertEquals(1, server.connections(to).size(), "one SYN");
        assertFalse(Encounter.last(server.connections(to)).hadOption(), "without SMC's option");
        assertEquals(local.getPort(), Encounter.last(server.connections(to)).port(), "from the port that was asked for");
    }

    private static void works(InetSocketAddress to, Application application, Client client, PeerState.Kind kind, long maxMillis) throws Exception {
        Encounter.works(server, to, application, (peer, app, text) -> {
            long start = System.nanoTime();
            try (Conversation conversation = client.connect(null, peer)) {
                long took = Guest.millisSince(start);
                conversation(conversation, app, text);
                return took;
            }
        }, kind, maxMillis);
    }

    private static void conversation(Conversation channel, Application application, String text) throws IOException {
        if (application == Application.TALKS_FIRST) {
            assertEquals(RawServer.BANNER, read(channel, RawServer.BANNER.length()));
        }
        channel.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII)));
        assertEquals(text, read(channel, text.length()));
        channel.shutdownOutput();
        assertEquals(-1, channel.read(ByteBuffer.allocate(1)), "nothing follows");
    }

    private static String read(Conversation channel, int length) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(length);
        while (buffer.hasRemaining()) {
            assertTrue(channel.read(buffer) >= 0, "end after " + buffer.position() + " bytes");
        }
        return new String(buffer.array(), StandardCharsets.US_ASCII);
    }
}
