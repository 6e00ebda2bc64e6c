package io.smc4j.fault;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.socket.DuplexChannel;
import io.smc4j.SmcConfig;
import io.smc4j.diag.SmcMode;
import io.smc4j.fault.RawServer.Application;
import io.smc4j.fault.RawServer.Middlebox;
import io.smc4j.netty.SmcNetty;
import io.smc4j.policy.PeerState;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The middleboxes of smc-core's MiddleboxTest, met by Netty channels: the first connect works in time, the second one does without SMC, on the connection
 * that the program gets nothing travels but the program's bytes, and the pipeline sees one connect.
 */
@InLab
class NettyMiddleboxTest {

    /** What the library may take beyond its patience; bounds here are to tell a wait of the kernel's, 6 s, from none. */
    private static final long GRACE_MS = 2_000;
    private static final int WAIT_S = 30;

    private static RawLink link;
    private static RawServer server;
    private static EventLoopGroup group;

    @BeforeAll
    static void startServer() throws Exception {
        link = new RawLink(7);
        if ("smcr".equals(Guest.MODE)) {
            Guest.ip("rdma link add rxe-" + link.device() + " type rxe netdev " + link.device());
        }
        server = new RawServer(link);
        group = SmcNetty.newEventLoopGroup(1);
        assertTrue(SmcNetty.isAvailable(), () -> "" + SmcNetty.unavailabilityCause());
        // classes are loaded once, and not on the clock
        works(server.start(Middlebox.REPLAYS, Application.SILENT), Application.SILENT, PeerState.Kind.BROKEN, Long.MAX_VALUE);
    }

    @AfterAll
    static void stopServer() throws Exception {
        group.shutdownGracefully(0, 5, TimeUnit.SECONDS).sync();
        link.close();
    }

    static Stream<Arguments> broken() {
        return Stream.of(
                Arguments.of(Middlebox.REPLAYS, Application.SILENT),
                Arguments.of(Middlebox.REPLAYS, Application.TALKS_FIRST),
                Arguments.of(Middlebox.REPLAYS, Application.CLOSES),
                Arguments.of(Middlebox.REPLAYS, Application.RESETS),
                Arguments.of(Middlebox.DROPS, Application.SILENT),
                Arguments.of(Middlebox.VANISHES, Application.SILENT),
                Arguments.of(Middlebox.VANISHES_LATER, Application.SILENT));
    }

    @ParameterizedTest
    @MethodSource("broken")
    void brokenMiddlebox(Middlebox middlebox, Application application) throws Exception {
        InetSocketAddress to = server.start(middlebox, application);
        works(to, application, PeerState.Kind.BROKEN, SmcConfig.connectPatienceMs() + GRACE_MS);
        assertEquals(3, server.connections(to).size(), "with SMC, then TCP; the second connect TCP");
    }

    @ParameterizedTest
    @MethodSource("strips")
    void optionStrippedFromTheAnswer(Application application) throws Exception {
        InetSocketAddress to = server.start(Middlebox.STRIPS, application);
        works(to, application, PeerState.Kind.DECLINED, GRACE_MS);
        assertEquals(2, server.connections(to).size(), "the first connect needed no second attempt");
    }

    static Stream<Application> strips() {
        return Stream.of(Application.SILENT, Application.TALKS_FIRST);
    }

    @Test
    void refused() throws Exception {
        InetSocketAddress to = server.start(Middlebox.REFUSES, Application.SILENT);
        ChannelFuture connect = bootstrap(new Talker()).connect(to).await();
        assertTrue(connect.cause() instanceof ConnectException, () -> "" + connect.cause());
        assertEquals(1, server.connections(to).size(), "refused is TCP's answer: no second attempt");
    }

    /** A machine has an SMC device, but not on the way to this peer: then the kernel puts a DECLINE in front of the program's bytes. */
    @Test
    void noDeviceTowardsThisPeer() throws Exception {
        if (!"smcr".equals(Guest.MODE)) {
            System.out.println("noDeviceTowardsThisPeer: loopback-ism reaches everywhere, runs over SMC-R");
            return;
        }
        try (RawLink bare = new RawLink(8)) {
            RawServer bareServer = new RawServer(bare);
            InetSocketAddress to = bareServer.start(Middlebox.REPLAYS, Application.SILENT);
            conversation(to, Application.SILENT, "ask:1");
            assertEquals("ask:1", Encounter.last(bareServer.connections(to)).received(), "all that the application got");
            assertEquals(PeerState.Kind.DECLINED, Encounter.learnt(to));
        }
    }

    private static void works(InetSocketAddress to, Application application, PeerState.Kind kind, long maxMillis) throws Exception {
        Encounter.works(server, to, application, NettyMiddleboxTest::conversation, kind, maxMillis);
    }

    private static Bootstrap bootstrap(Talker talker) {
        return new Bootstrap().group(group).channelFactory(SmcNetty.clientChannels()).option(ChannelOption.ALLOW_HALF_CLOSURE, true).handler(talker);
    }

    /** Connects, says {@code text}, hears it back, ends; answers how long the connect took in milliseconds. */
    private static long conversation(InetSocketAddress to, Application application, String text) throws Exception {
        Talker talker = new Talker();
        long start = System.nanoTime();
        Channel channel = bootstrap(talker).connect(to).sync().channel();
        long took = Guest.millisSince(start);
        assertEquals(SmcMode.TCP, SmcNetty.connection(channel).mode());
        String heard = application == Application.TALKS_FIRST ? RawServer.BANNER : "";
        talker.await(heard);
        channel.writeAndFlush(Unpooled.copiedBuffer(text, StandardCharsets.US_ASCII)).sync();
        talker.await(heard + text);
        ((DuplexChannel) channel).shutdownOutput().sync();
        talker.ended.get(WAIT_S, TimeUnit.SECONDS);
        assertEquals(heard + text, talker.received(), "nothing follows");
        assertEquals(1, talker.actives, "the program sees one connect");
        channel.close().sync();
        return took;
    }

    /** What the program's end of the pipeline sees. */
    private static final class Talker extends ChannelInboundHandlerAdapter {

        private final StringBuilder received = new StringBuilder();
        private final CompletableFuture<Void> ended = new CompletableFuture<>();
        private volatile int actives;

        @Override
        public void channelActive(ChannelHandlerContext ctx) {
            actives++;
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object msg) {
            ByteBuf buffer = (ByteBuf) msg;
            synchronized (received) {
                received.append(buffer.toString(StandardCharsets.US_ASCII));
                received.notifyAll();
            }
            buffer.release();
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
            if (event.getClass().getSimpleName().equals("ChannelInputShutdownEvent")) {
                ended.complete(null);
            }
        }

        @Override
        public void channelInactive(ChannelHandlerContext ctx) {
            ended.complete(null);
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            ended.completeExceptionally(cause);
        }

        String received() {
            synchronized (received) {
                return received.toString();
            }
        }

        void await(String expected) throws InterruptedException {
            long start = System.nanoTime();
            synchronized (received) {
                while (received.length() < expected.length() && Guest.millisSince(start) < TimeUnit.SECONDS.toMillis(WAIT_S)) {
                    received.wait(100);
                }
            }
            assertEquals(expected, received());
        }
    }
}
