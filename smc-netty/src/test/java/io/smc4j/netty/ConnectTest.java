package io.smc4j.netty;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.ConnectTimeoutException;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.socket.SocketChannelConfig;
import io.netty.channel.unix.IntegerUnixChannelOption;
import io.smc4j.SmcUnavailableException;
import io.smc4j.contract.BlackHole;
import io.smc4j.diag.SmcMode;
import io.smc4j.engine.SmcEngine;
import io.smc4j.internal.Linux;
import io.smc4j.internal.NativeCalls;
import io.smc4j.internal.Natives;
import io.smc4j.internal.SockAddr;
import io.smc4j.internal.SocketFamily;
import io.smc4j.policy.PeerState;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Connects over the family under test, and what becomes of them where it fails. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ConnectTest {

    private static final byte[] HELLO = "hello".getBytes(StandardCharsets.US_ASCII);
    /** A family whose sockets open and cannot connect to an internet address: AF_UNIX. */
    private static final SocketFamily BROKEN = new SocketFamily("broken", 1, 0, 1, 0);
    /** None is a default; the sizes of buffers are the family's own, and a traffic class has a test of its own. */
    private static final Map<ChannelOption<?>, Object> SET_BEFORE_CONNECT = Map.ofEntries(Map.entry(ChannelOption.SO_KEEPALIVE, true), Map.entry(ChannelOption.TCP_NODELAY, false),
            Map.entry(ChannelOption.SO_LINGER, 3), Map.entry(ChannelOption.SO_REUSEADDR, true), Map.entry(ChannelOption.ALLOW_HALF_CLOSURE, true),
            Map.entry(ChannelOption.CONNECT_TIMEOUT_MILLIS, 20_001), Map.entry(ChannelOption.MAX_MESSAGES_PER_WRITE, 3), Map.entry(EpollChannelOption.TCP_CORK, true),
            Map.entry(EpollChannelOption.TCP_NOTSENT_LOWAT, 12_345L), Map.entry(EpollChannelOption.TCP_KEEPIDLE, 77), Map.entry(EpollChannelOption.TCP_KEEPINTVL, 7),
            Map.entry(EpollChannelOption.TCP_KEEPCNT, 5), Map.entry(EpollChannelOption.TCP_USER_TIMEOUT, 4321), Map.entry(EpollChannelOption.TCP_QUICKACK, false));
    private static EventLoopGroup group;

    private final SmcEngine engine = Net.engine(30_000);

    @BeforeAll
    static void start() {
        group = SmcNetty.newEventLoopGroup(2);
    }

    @AfterAll
    static void stop() {
        group.shutdownGracefully(0, 5, TimeUnit.SECONDS).syncUninterruptibly();
    }

    private static void echo(Channel channel, Recorder recorder) throws Exception {
        channel.writeAndFlush(Unpooled.copiedBuffer(HELLO)).sync();
        assertArrayEquals(HELLO, recorder.receive(HELLO.length));
    }

    @Test
    void bothEndsAreOnThePathAndTheProgramSeesNothingOfTheMove() throws Exception {
        Recorder accepted = Recorder.echo();
        Channel listener = Net.listen(Net.server(group, engine), accepted);
        Recorder connected = Recorder.keep();
        Channel channel = Net.client(group, engine).handler(connected).connect(listener.localAddress()).sync().channel();
        echo(channel, connected);
        Net.assertPath(channel);
        Channel child = accepted.get(accepted.active).channel();
        Net.assertPath(child);

        assertTrue(Net.isSmcEvent(connected.get(connected.connection)));
        assertTrue(Net.isSmcEvent(accepted.get(accepted.connection)));
        assertEquals(List.of("registered", "active", "connection"), connected.events);
        assertEquals(List.of("registered", "active", "connection"), accepted.events);
        assertNull(channel.pipeline().get(ConnectHandler.class), "a handler without work left");
        assertInstanceOf(ConnectionHandler.class, channel.pipeline().first());
        assertEquals(listener.localAddress(), channel.remoteAddress());
        assertEquals(channel.localAddress(), child.remoteAddress());
        assertEquals(channel.remoteAddress(), child.localAddress());

        channel.close().sync();
        accepted.get(accepted.inactive);
        connected.get(connected.inactive);
        listener.close().sync();
        connected.await("unregistered");
        assertEquals(List.of("registered", "active", "connection", "inactive", "unregistered"), connected.events);
    }

    @Test
    void ipv6() throws Exception {
        assumeFalse(Boolean.getBoolean("java.net.preferIPv4Stack"), "SMC-R version 2 takes IPv4 only, and so does this JVM");
        Recorder accepted = Recorder.echo();
        Channel listener = Net.server(group, engine).childHandler(accepted).bind(new InetSocketAddress("::1", 0)).sync().channel();
        Recorder connected = Recorder.keep();
        Channel channel = Net.client(group, engine).handler(connected).connect(listener.localAddress()).sync().channel();
        echo(channel, connected);
        Net.assertPath(channel);
        Channel child = accepted.get(accepted.active).channel();
        Net.assertPath(child);
        assertEquals(channel.localAddress(), child.remoteAddress());
        assertEquals(listener.localAddress(), channel.remoteAddress());
        channel.close().sync();
        listener.close().sync();
    }

    @Test
    void aListenerForIpv6OnlyStaysOne() throws Exception {
        assumeFalse(Boolean.getBoolean("java.net.preferIPv4Stack"), "SMC-R version 2 takes IPv4 only, and so does this JVM");
        IntegerUnixChannelOption only = new IntegerUnixChannelOption("IPV6_V6ONLY", Linux.IPPROTO_IPV6, Linux.IPV6_V6ONLY);
        for (int value = 0; value <= 1; value++) {
            Channel listener = Net.server(group, engine).option(only, value).childHandler(Recorder.echo()).bind(new InetSocketAddress("::", 0)).sync().channel();
            assertFalse(engine.isTcp(Net.fd(listener)), "a TCP listener proves nothing");
            assertEquals(value, Natives.calls().getsockopt(Net.fd(listener), Linux.IPPROTO_IPV6, Linux.IPV6_V6ONLY));
            ChannelFuture ipv4 = Net.client(group, engine).handler(Recorder.keep()).connect(new InetSocketAddress("127.0.0.1", ((InetSocketAddress) listener.localAddress()).getPort())).await();
            assertEquals(value == 0, ipv4.isSuccess(), "IPV6_V6ONLY " + value + ": " + ipv4);
            ipv4.channel().close().sync();
            listener.close().sync();
        }
    }

    @Test
    void optionsOfAListenerHold() throws Exception {
        EpollServerSocketChannel listener = (EpollServerSocketChannel) Net.listen(Net.server(group, engine).option(ChannelOption.SO_REUSEADDR, false)
                .option(ChannelOption.SO_RCVBUF, 1 << 17).option(EpollChannelOption.IP_FREEBIND, true).option(EpollChannelOption.TCP_DEFER_ACCEPT, 7), Recorder.echo());
        assertFalse(engine.isTcp(Net.fd(listener)), "a TCP listener proves nothing");
        assertFalse(listener.config().isReuseAddress());
        assertTrue(listener.config().getReceiveBufferSize() >= 1 << 17, "" + listener.config().getReceiveBufferSize());
        assertTrue(listener.config().isFreeBind());
        assertEquals(7, listener.config().getTcpDeferAccept());
        listener.close().sync();
    }

    /** Kernels that refuse SO_REUSEPORT on sockets that are not of the internet family: such listeners stay TCP, and work. */
    @Test
    void listenersShareAPort() throws Exception {
        int probe = engine.openListener(false);
        boolean taken = Natives.calls().setsockopt(probe, Linux.SOL_SOCKET, Linux.SO_REUSEPORT, 1) >= 0;
        Natives.calls().close(probe);
        String path = taken ? Net.EXPECT : "TCP";
        Channel first = Net.listen(Net.server(group, engine).option(EpollChannelOption.SO_REUSEPORT, true), Recorder.echo());
        Channel second = Net.server(group, engine).option(EpollChannelOption.SO_REUSEPORT, true).childHandler(Recorder.echo()).bind(first.localAddress()).sync().channel();
        Recorder connected = Recorder.keep();
        Channel channel = Net.client(group, engine).handler(connected).connect(second.localAddress()).sync().channel();
        echo(channel, connected);
        if (!Net.MPTCP) { // MPTCP's own fallback keeps the socket's name
            assertEquals(path, Net.path(channel));
        }
        for (Channel each : List.of(channel, first, second)) {
            each.close().sync();
        }
    }

    @Test
    void aPlainServerIsServed() throws Exception {
        Recorder accepted = Recorder.echo();
        Channel listener = Net.listen(Net.server(group, null), accepted);
        Recorder connected = Recorder.keep();
        Channel channel = Net.client(group, engine).handler(connected).connect(listener.localAddress()).sync().channel();
        echo(channel, connected);
        Net.assertTcp(accepted.get(accepted.active).channel());
        if (!Net.MPTCP) { // MPTCP's own fallback keeps the socket's name
            Net.assertTcp(channel);
            assertEquals(SmcMode.TCP, connected.get(connected.connection).mode());
            assertNull(channel.pipeline().get(ConnectionHandler.class), "nothing to guard on TCP");
            assertEquals(PeerState.Kind.DECLINED, engine.decider().memory().snapshot().get(0).kind());
        }
        channel.close().sync();
        listener.close().sync();
    }

    @Test
    void aPlainClientIsServed() throws Exception {
        Recorder accepted = Recorder.echo();
        Channel listener = Net.listen(Net.server(group, engine), accepted);
        Recorder connected = Recorder.keep();
        Channel channel = Net.client(group, null).handler(connected).connect(listener.localAddress()).sync().channel();
        echo(channel, connected);
        Net.assertTcp(channel);
        if (!Net.MPTCP) {
            Net.assertTcp(accepted.get(accepted.active).channel());
            assertEquals(SmcMode.TCP, accepted.get(accepted.connection).mode());
        }
        assertFalse(connected.events.contains("connection"), "an event without a library");
        channel.close().sync();
        listener.close().sync();
    }

    @Test
    void theAttributeForcesTcp() throws Exception {
        Recorder accepted = Recorder.echo();
        Channel listener = Net.listen(Net.server(group, engine), accepted);
        Recorder connected = Recorder.keep();
        Channel channel = Net.client(group, engine).attr(SmcNetty.TRANSPORT, SmcTransport.TCP).handler(connected)
                .connect(listener.localAddress()).sync().channel();
        echo(channel, connected);
        Net.assertTcp(channel);
        SmcConnectionEvent event = connected.get(connected.connection);
        assertEquals(SmcMode.TCP, event.mode());
        assertEquals("SmcNetty.TRANSPORT is TCP", event.why());
        assertNull(channel.pipeline().get(ConnectHandler.class));
        channel.close().sync();
        listener.close().sync();
    }

    @Test
    void aBrokenFamilyIsRetriedOverTcpAndRemembered() throws Exception {
        SmcEngine broken = Net.engine(BROKEN, 30_000, false);
        Recorder accepted = Recorder.echo();
        Channel listener = Net.listen(Net.server(group, null), accepted);
        for (int i = 0; i < 2; i++) {
            Recorder connected = Recorder.keep();
            Channel channel = Net.client(group, broken).handler(connected).connect(listener.localAddress()).sync().channel();
            echo(channel, connected);
            Net.assertTcp(channel);
            SmcConnectionEvent event = connected.get(connected.connection);
            assertEquals(SmcMode.TCP, event.mode());
            assertTrue(event.why().startsWith("SMC connect failed"), event.why());
            assertEquals(List.of("registered", "active", "connection"), connected.events);
            channel.close().sync();
        }
        PeerState state = broken.decider().memory().snapshot().get(0);
        assertEquals(PeerState.Kind.BROKEN, state.kind());
        listener.close().sync();
    }

    @Test
    void whereSmcIsAskedForAFailureIsAnError() throws Exception {
        SmcEngine broken = Net.engine(BROKEN, 30_000, false);
        Channel listener = Net.listen(Net.server(group, null), Recorder.echo());
        ChannelFuture connect = Net.client(group, broken).attr(SmcNetty.TRANSPORT, SmcTransport.SMC).handler(Recorder.keep())
                .connect(listener.localAddress()).await();
        assertInstanceOf(SmcUnavailableException.class, connect.cause());
        connect.channel().closeFuture().sync();
        listener.close().sync();
    }

    @Test
    void patienceEndsOverTcp() throws Exception {
        try (BlackHole hole = new BlackHole()) {
            SmcEngine impatient = Net.engine(300);
            Recorder connected = Recorder.keep();
            ChannelFuture connect = Net.client(group, impatient).handler(connected).connect(hole.address());
            assertFalse(connect.await(1, TimeUnit.SECONDS), "connected to a black hole");
            hole.open();
            assertTrue(connect.await(Net.WAIT_S, TimeUnit.SECONDS));
            assertTrue(connect.isSuccess(), () -> "" + connect.cause());
            Net.assertTcp(connect.channel());
            assertEquals("SMC connect failed: no answer in time", connected.get(connected.connection).why());
            assertEquals(PeerState.Kind.BROKEN, impatient.decider().memory().snapshot().get(0).kind());
            connect.channel().close().sync();
        }
    }

    @Test
    void theConnectTimeoutHolds() throws Exception {
        try (BlackHole hole = new BlackHole()) {
            long start = System.nanoTime();
            ChannelFuture connect = Net.client(group, Net.engine(30_000)).option(ChannelOption.CONNECT_TIMEOUT_MILLIS, 600)
                    .handler(Recorder.keep()).connect(hole.address()).await();
            long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
            assertInstanceOf(ConnectTimeoutException.class, connect.cause());
            assertTrue(millis >= 590 && millis < 10_000, "time-out of 600 ms after " + millis);
            assertEquals(600, connect.channel().config().getConnectTimeoutMillis(), "the option as set");
        }
    }

    @Test
    void refusedIsNettysException() throws Exception {
        InetSocketAddress nobody;
        try (ServerSocket s = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            nobody = (InetSocketAddress) s.getLocalSocketAddress();
        }
        Throwable ours = Net.client(group, engine).handler(Recorder.keep()).connect(nobody).await().cause();
        Throwable plain = Net.client(group, null).handler(Recorder.keep()).connect(nobody).await().cause();
        assertInstanceOf(ConnectException.class, ours);
        assertEquals(plain.getClass(), ours.getClass());
        assertEquals(plain.getMessage(), ours.getMessage());
        assertTrue(engine.decider().memory().snapshot().isEmpty(), "nothing learnt from a refused connect");
    }

    @Test
    void closeAndCancelEndAHandshake() throws Exception {
        try (BlackHole hole = new BlackHole()) {
            ChannelFuture closed = Net.client(group, engine).handler(Recorder.keep()).connect(hole.address());
            assertFalse(closed.await(200));
            closed.channel().close().sync();
            assertTrue(closed.await(10, TimeUnit.SECONDS));
            assertInstanceOf(java.nio.channels.ClosedChannelException.class, closed.cause());

            ChannelFuture cancelled = Net.client(group, engine).handler(Recorder.keep()).connect(hole.address());
            assertFalse(cancelled.await(200));
            assertTrue(cancelled.cancel(false));
            assertTrue(cancelled.channel().closeFuture().await(10, TimeUnit.SECONDS), "a cancelled connect closes the channel");

            Channel twice = Net.client(group, engine).handler(Recorder.keep()).register().sync().channel();
            ChannelFuture first = twice.connect(hole.address());
            ChannelFuture second = twice.connect(hole.address()).await();
            assertInstanceOf(java.nio.channels.ConnectionPendingException.class, second.cause());
            assertFalse(first.isDone());
            twice.close().sync();
        }
    }

    @Test
    void optionsSetBeforeHoldAfter() throws Exception {
        Channel listener = Net.listen(Net.server(group, engine), Recorder.echo());
        EpollSocketChannel channel = (EpollSocketChannel) Net.client(group, engine).handler(Recorder.keep())
                .option(ChannelOption.SO_KEEPALIVE, true).option(ChannelOption.TCP_NODELAY, true).option(ChannelOption.SO_LINGER, 3)
                .option(EpollChannelOption.TCP_KEEPIDLE, 77).option(EpollChannelOption.TCP_KEEPINTVL, 7)
                .option(ChannelOption.SO_SNDBUF, 1 << 17).option(ChannelOption.SO_RCVBUF, 1 << 17).option(ChannelOption.IP_TOS, 0x10)
                .connect(listener.localAddress()).sync().channel();
        Net.assertPath(channel);
        SocketChannelConfig config = channel.config();
        assertTrue(config.isKeepAlive());
        assertTrue(config.isTcpNoDelay());
        assertEquals(3, config.getSoLinger());
        assertEquals(77, channel.config().getTcpKeepIdle());
        assertEquals(7, channel.config().getTcpKeepIntvl());
        if (Net.MPTCP) { // loopback SMC-D sends into the peer's receive buffer and reports that one's size
            assertTrue(config.getSendBufferSize() >= 1 << 17, "" + config.getSendBufferSize());
        }
        assertTrue(config.getReceiveBufferSize() >= 1 << 17, "" + config.getReceiveBufferSize());
        assertEquals(0x10, Natives.calls().getsockopt(Net.fd(channel), 0 /* IPPROTO_IP */, 1 /* IP_TOS */));
        channel.close().sync();
        listener.close().sync();
    }

    /** What Netty has a name for, set before connect, reads afterwards as it does without us. */
    @Test
    void everyOptionReadsAsOnPlainNetty() throws Exception {
        assumeFalse(Net.MPTCP, "multipath TCP tells few of its options");
        Map<ChannelOption<?>, Object> plain = optionsAfterConnect(null);
        assertEquals(SET_BEFORE_CONNECT.size(), plain.size(), "of the control: " + plain);
        assertEquals(plain, optionsAfterConnect(engine));
    }

    private Map<ChannelOption<?>, Object> optionsAfterConnect(SmcEngine of) throws Exception {
        Channel listener = Net.listen(Net.server(group, of), Recorder.echo());
        Bootstrap client = Net.client(group, of).handler(Recorder.keep());
        SET_BEFORE_CONNECT.forEach((option, value) -> set(client, option, value));
        Channel channel = client.connect(listener.localAddress()).sync().channel();
        if (of != null) {
            Net.assertPath(channel);
        }
        Map<ChannelOption<?>, Object> options = new HashMap<>();
        for (ChannelOption<?> option : SET_BEFORE_CONNECT.keySet()) {
            options.put(option, channel.config().getOption(option));
        }
        channel.close().sync();
        listener.close().sync();
        return options;
    }

    @SuppressWarnings("unchecked")
    private static <T> void set(Bootstrap client, ChannelOption<T> option, Object value) {
        client.option(option, (T) value);
    }

    /** Netty asks every socket of a JVM with IPv6 for IPv6's class, which the SMC socket to an IPv4 address does not have. */
    @Test
    void aTrafficClassHoldsThoughNettyCannotReadIt() throws Exception {
        Channel listener = Net.listen(Net.server(group, engine), Recorder.echo());
        EpollSocketChannel channel = (EpollSocketChannel) Net.client(group, engine).handler(Recorder.keep()).option(ChannelOption.IP_TOS, 0x10)
                .connect(listener.localAddress()).sync().channel();
        Net.assertPath(channel);
        assertEquals(0x10, Natives.calls().getsockopt(Net.fd(channel), 0 /* IPPROTO_IP */, 1 /* IP_TOS */));
        if (Boolean.getBoolean("java.net.preferIPv4Stack")) {
            assertEquals(0x10, channel.config().getTrafficClass());
            assertEquals(0x10, channel.config().getOptions().get(ChannelOption.IP_TOS));
        } else {
            assertThrows(ChannelException.class, channel.config()::getTrafficClass);
        }
        channel.close().sync();
        listener.close().sync();
    }

    /** Right after connect, on the event loop: the handshake cannot be over yet. */
    @Test
    void optionsSetDuringTheHandshakeHoldAfter() throws Exception {
        Channel listener = Net.listen(Net.server(group, engine), Recorder.echo());
        EpollSocketChannel channel = (EpollSocketChannel) Net.client(group, engine).handler(Recorder.keep())
                .option(ChannelOption.SO_KEEPALIVE, true).option(ChannelOption.TCP_NODELAY, true).register().sync().channel();
        ChannelPromise connected = channel.newPromise();
        channel.eventLoop().submit(() -> {
            channel.connect(listener.localAddress(), connected);
            assertFalse(connected.isDone(), "connected at once");
            channel.config().setKeepAlive(false).setTcpNoDelay(false).setTcpKeepCnt(5).setTcpKeepIdle(78);
        }).sync();
        connected.sync();
        Net.assertPath(channel);
        assertFalse(channel.config().isKeepAlive());
        assertFalse(channel.config().isTcpNoDelay());
        assertEquals(5, channel.config().getTcpKeepCnt());
        assertEquals(78, channel.config().getTcpKeepIdle());
        channel.close().sync();
        listener.close().sync();
    }

    /** A port that a retry over TCP would have to share is TCP's from the start, unless SMC is asked for. */
    @Test
    void aBoundClientKeepsItsPort() throws Exception {
        Channel listener = Net.listen(Net.server(group, engine), Recorder.echo());
        Channel tcp = Net.client(group, engine).handler(Recorder.keep()).bind(new InetSocketAddress("127.0.0.1", 0)).sync().channel();
        int tcpPort = ((InetSocketAddress) tcp.localAddress()).getPort();
        tcp.connect(listener.localAddress()).sync();
        Net.assertTcp(tcp);
        assertEquals(tcpPort, ((InetSocketAddress) tcp.localAddress()).getPort());
        tcp.close().sync();

        Channel bound = Net.client(group, engine).attr(SmcNetty.TRANSPORT, SmcTransport.SMC).handler(Recorder.keep()).bind(new InetSocketAddress("127.0.0.1", 0)).sync().channel();
        int port = ((InetSocketAddress) bound.localAddress()).getPort();
        bound.connect(listener.localAddress()).sync();
        Net.assertPath(bound);
        assertEquals(port, ((InetSocketAddress) bound.localAddress()).getPort());
        bound.close().sync();

        Channel local = Net.client(group, engine).handler(Recorder.keep())
                .connect(listener.localAddress(), new InetSocketAddress("127.0.0.1", 0)).sync().channel();
        Net.assertPath(local);
        local.close().sync();
        listener.close().sync();
    }

    /** {@code -Dsmc.netty.connects}: how many; far more than the default want {@code -Djunit.jupiter.execution.timeout.mode=disabled}, too. */
    @Test
    void descriptorsStayFlat() throws Exception {
        int connects = Integer.getInteger("smc.netty.connects", 500);
        Recorder recorder = Recorder.keep();
        Channel listener = Net.listen(Net.server(group, engine).childOption(ChannelOption.SO_LINGER, 0), recorder);
        oneConnect(listener);
        int before = Net.descriptors();
        long madeBefore = Net.MPTCP ? 0 : KernelCounters.made();
        for (int i = 1; i <= connects; i++) {
            oneConnect(listener);
            if (i % 1000 == 0) {
                System.out.println(i + " connects, " + Net.descriptors() + " descriptors");
            }
        }
        if (!Net.MPTCP) {
            assertEquals(connects, KernelCounters.made() - madeBefore, "made over SMC by the kernel's count");
        }
        int after = before + 100;
        for (int i = 0; i < 100 && after > before + 8; i++) {
            after = Net.descriptors();
            Thread.sleep(50);
        }
        System.out.println(before + " descriptors before and " + after + " after " + connects + " connects");
        assertTrue(after <= before + 8, before + " descriptors before and " + after + " after " + connects + " connects");
        listener.close().sync();
    }

    /** Handshakes in every state when their event loop ends: each connect gets an answer, and no socket is left. */
    @Test
    void aGroupShutDownDuringHandshakesLeavesNothing() throws Exception {
        Channel listener = Net.listen(Net.server(group, engine), Recorder.echo());
        try (BlackHole hole = new BlackHole()) {
            shutDownDuringHandshakes(listener.localAddress(), hole.address(), 0); // classes, and what they open once
            int before = Net.descriptors();
            for (int millis = 0; millis < 8; millis++) {
                shutDownDuringHandshakes(listener.localAddress(), hole.address(), millis);
            }
            long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(Net.WAIT_S); // a handshake given up holds its socket for up to 12 s
            while (Net.descriptors() > before && System.nanoTime() - end < 0) {
                Thread.sleep(50);
            }
            assertTrue(Net.descriptors() <= before, before + " descriptors before and " + Net.descriptors() + " after");
        }
        listener.close().sync();
    }

    private void shutDownDuringHandshakes(SocketAddress listener, SocketAddress hole, long afterMillis) throws Exception {
        EventLoopGroup ending = SmcNetty.newEventLoopGroup(1);
        Bootstrap client = Net.client(ending, Net.forgetful(engine)).handler(Recorder.keep());
        List<ChannelFuture> connects = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            connects.add(client.connect(listener));
        }
        connects.add(client.connect(hole));
        Thread.sleep(afterMillis);
        ending.shutdownGracefully(50, 20_000, TimeUnit.MILLISECONDS).sync(); // without a quiet period Netty 4.2 may leave channels open
        for (ChannelFuture connect : connects) {
            assertTrue(connect.await(Net.WAIT_S, TimeUnit.SECONDS), "no answer: " + connect);
            assertFalse(connect.channel().isOpen(), "open: " + connect.channel());
        }
    }

    private void oneConnect(Channel listener) throws Exception {
        Channel channel = Net.client(group, Net.forgetful(engine)).handler(Recorder.keep()).connect(listener.localAddress()).sync().channel();
        channel.close().sync();
    }

    /**
     * A server that says something and hangs up before the client's event loop has come round to its connect's end, in the same step; or that has been given up by
     * then, by a patience of half the time.
     */
    @Test
    void aPeerThatEndsAtOnceIsHeardTheFirstTime() throws Exception {
        EventLoopGroup slow = SmcNetty.newEventLoopGroup(1);
        AtomicInteger accepted = new AtomicInteger();
        Channel listener = Net.listen(Net.server(group, engine), new ChannelInboundHandlerAdapter() {
            @Override
            public boolean isSharable() {
                return true;
            }

            @Override
            public void channelActive(ChannelHandlerContext ctx) {
                byte[] number = {(byte) accepted.incrementAndGet()};
                ctx.writeAndFlush(Unpooled.wrappedBuffer(HELLO, new byte[60_000], number)).addListener(ChannelFutureListener.CLOSE);
            }
        });
        int length = HELLO.length + 60_001;
        for (long patience : new long[] {30_000, 500}) {
            accepted.set(0);
            Recorder connected = Recorder.keep();
            Channel channel = Net.client(slow, Net.engine(patience)).handler(connected).register().sync().channel();
            ChannelFuture connect = channel.eventLoop().submit(() -> {
                ChannelFuture future = channel.connect(listener.localAddress());
                Thread.sleep(1_000); // meanwhile the kernel ends the handshake, and the server the connection
                return future;
            }).get();
            assertTrue(connect.await(Net.WAIT_S, TimeUnit.SECONDS));
            assertTrue(connect.isSuccess(), () -> "" + connect.cause());
            byte[] received = connected.receive(length);
            assertArrayEquals(HELLO, Arrays.copyOf(received, HELLO.length));
            assertEquals(1, received[length - 1], "what the server said on another connection than the first");
            assertTrue(Net.isSmcEvent(connected.get(connected.connection)));
            connected.get(connected.inactive);
            assertFalse(connected.events.contains("exception"), "" + connected.events);
            assertEquals(List.of("registered", "active", "connection", "inactive"), List.copyOf(connected.events).subList(0, 4)); // more may follow meanwhile
            assertEquals(1, accepted.get(), "connections");
        }
        listener.close().sync();
        slow.shutdownGracefully(0, 5, TimeUnit.SECONDS).sync();
    }

    /** Where the datagram ports that a stand-in would use are taken, the channel takes its connection over by a second connect. */
    @Test
    void takenDatagramPortsAreNoObstacle() throws Exception {
        NativeCalls calls = Natives.calls();
        Recorder accepted = Recorder.echo();
        Channel listener = Net.listen(Net.server(group, engine), accepted);
        Channel channel = Net.client(group, engine).attr(SmcNetty.TRANSPORT, SmcTransport.SMC).handler(Recorder.keep()).bind(new InetSocketAddress("127.0.0.1", 0))
                .sync().channel();
        byte[] local = SockAddr.of((InetSocketAddress) channel.localAddress());
        int[] taken = new int[2];
        for (int i = 0; i < taken.length; i++) {
            taken[i] = calls.socket(Linux.AF_INET, Linux.SOCK_DGRAM | Linux.SOCK_CLOEXEC, i == 0 ? 17 /* UDP */ : 136 /* UDP-Lite */);
            assertTrue(taken[i] < 0 || calls.bind(taken[i], local) == 0, "a datagram port for the test");
        }
        channel.connect(listener.localAddress()).sync();
        Net.assertPath(channel);
        assertEquals(channel.localAddress(), accepted.get(accepted.active).channel().remoteAddress());
        channel.close().sync();
        for (int fd : taken) {
            calls.close(fd);
        }
        listener.close().sync();
    }

    /** As a proxy's handler: put first by the program's initializer, after the library's own handler, and connects elsewhere. */
    @Test
    void aHandlerPutFirstHasTheLastWordOnTheAddress() throws Exception {
        Recorder accepted = Recorder.echo();
        Channel proxy = Net.listen(Net.server(group, engine), accepted);
        Recorder connected = Recorder.keep();
        Channel channel;
        try (BlackHole hole = new BlackHole()) {
            channel = Net.client(group, engine).handler(new ChannelInitializer<Channel>() {
                @Override
                protected void initChannel(Channel ch) {
                    ch.pipeline().addFirst(new ChannelOutboundHandlerAdapter() {
                        @Override
                        public void connect(ChannelHandlerContext ctx, SocketAddress remote, SocketAddress local, ChannelPromise promise) {
                            ctx.connect(proxy.localAddress(), local, promise);
                        }
                    });
                    ch.pipeline().addLast(connected);
                }
            }).connect(hole.address()).sync().channel();
        }
        echo(channel, connected);
        Net.assertPath(channel);
        assertEquals(proxy.localAddress(), channel.remoteAddress());
        assertNull(channel.pipeline().get(ConnectHandler.class), "a handler without work left");
        channel.close().sync();
        proxy.close().sync();
    }

    @Test
    void failingConnectsLeakNothing() throws Exception {
        InetSocketAddress nobody;
        try (ServerSocket s = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            nobody = (InetSocketAddress) s.getLocalSocketAddress();
        }
        Net.client(group, engine).handler(Recorder.keep()).connect(nobody).await().channel().closeFuture().sync();
        int before = Net.descriptors();
        for (int i = 0; i < 300; i++) {
            Net.client(group, engine).handler(Recorder.keep()).connect(nobody).await().channel().closeFuture().sync();
        }
        int after = Net.descriptors();
        assertTrue(after <= before + 8, before + " descriptors before and " + after + " after");
    }

    @Test
    void javaNetClientsAreServed() throws Exception {
        Channel listener = Net.listen(Net.server(group, engine), Recorder.echo());
        InetSocketAddress address = (InetSocketAddress) listener.localAddress();
        try (Socket socket = new Socket(address.getAddress(), address.getPort())) {
            socket.getOutputStream().write(HELLO);
            assertArrayEquals(HELLO, socket.getInputStream().readNBytes(HELLO.length));
        }
        listener.close().sync();
    }
}
