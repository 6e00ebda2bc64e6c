package io.smc4j.netty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.smc4j.SmcConfig;
import io.smc4j.contract.Buffers;
import io.smc4j.engine.SmcEngine;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;

/** {@code smc.buffer.bytes} under Netty's channels, by smc_diag. */
@ResourceLock(Resources.SYSTEM_PROPERTIES)
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class BufferSizeTest {

    private static final int CLIENTS = 128 << 10;
    private static final int SERVERS = 256 << 10;
    private static EventLoopGroup group;

    @BeforeAll
    static void start() {
        group = SmcNetty.newEventLoopGroup(2);
    }

    @AfterAll
    static void stop() {
        group.shutdownGracefully(0, 5, TimeUnit.SECONDS).syncUninterruptibly();
    }

    private static SmcEngine engine(int bytes) {
        System.setProperty(SmcConfig.BUFFER_BYTES, String.valueOf(bytes));
        try {
            return Net.engine(30_000);
        } finally {
            System.clearProperty(SmcConfig.BUFFER_BYTES);
        }
    }

    private static void assertBuffers(Channel channel, int send, int receive, int peerReceive) throws Exception {
        Buffers.assertSizes(Net.fd(channel), Net.EXPECT, send, receive, peerReceive);
    }

    @Test
    void bothEndsHaveTheSizeAskedFor() throws Exception {
        assumeFalse(Net.MPTCP, "only AF_SMC sockets have buffers of their own");
        Recorder accepted = Recorder.echo();
        Channel listener = Net.listen(Net.server(group, engine(SERVERS)), accepted);
        Channel channel = Net.client(group, engine(CLIENTS)).handler(Recorder.keep()).connect(listener.localAddress()).sync().channel();
        assertBuffers(channel, CLIENTS, CLIENTS, SERVERS);
        assertBuffers(accepted.get(accepted.active).channel(), SERVERS, SERVERS, CLIENTS);
        channel.close().sync();
        listener.close().sync();
    }

    /** Also where the program asks for what TCP's default is: 64 KB of SO_RCVBUF, which the kernel doubles. */
    @Test
    void theProgramsOwnOptionWins() throws Exception {
        assumeFalse(Net.MPTCP, "only AF_SMC sockets have buffers of their own");
        Recorder accepted = Recorder.echo();
        ServerBootstrap server = Net.server(group, engine(SERVERS)).option(ChannelOption.SO_RCVBUF, 64 << 10);
        Channel listener = Net.listen(server, accepted);
        Bootstrap client = Net.client(group, engine(CLIENTS)).option(ChannelOption.SO_SNDBUF, 32 << 10).option(ChannelOption.SO_RCVBUF, 64 << 10);
        Channel channel = client.handler(Recorder.keep()).connect(listener.localAddress()).sync().channel();
        assertBuffers(channel, 32 << 10, 64 << 10, 64 << 10);
        assertBuffers(accepted.get(accepted.active).channel(), SERVERS, 64 << 10, 64 << 10);
        channel.close().sync();
        listener.close().sync();
    }

    @Test
    void tcpKeepsTheKernelsSizes() throws Exception {
        Recorder accepted = Recorder.echo();
        Channel listener = Net.listen(Net.server(group, null), accepted);
        Channel plain = Net.client(group, null).handler(Recorder.keep()).connect(listener.localAddress()).sync().channel();
        Channel channel = Net.client(group, engine(CLIENTS)).attr(SmcNetty.TRANSPORT, SmcTransport.TCP).handler(Recorder.keep())
                .connect(listener.localAddress()).sync().channel();
        Net.assertTcp(channel);
        assertEquals(Buffers.tuned(Net.fd(plain)), Buffers.tuned(Net.fd(channel)));
        for (Channel each : List.of(plain, channel, listener)) {
            each.close().sync();
        }
    }

    /** The kernel's fallback, too, goes on tuning its buffers. */
    @Test
    void aFallbackKeepsTheKernelsSizes() throws Exception {
        assumeFalse(Net.MPTCP, "MPTCP's own fallback keeps the socket's name");
        Channel listener = Net.listen(Net.server(group, null), Recorder.echo());
        Channel without = Net.client(group, engine(0)).handler(Recorder.keep()).connect(listener.localAddress()).sync().channel();
        Channel channel = Net.client(group, engine(CLIENTS)).handler(Recorder.keep()).connect(listener.localAddress()).sync().channel();
        Net.assertTcp(channel);
        assertEquals(Buffers.tuned(Net.fd(without)), Buffers.tuned(Net.fd(channel)));
        for (Channel each : List.of(without, channel, listener)) {
            each.close().sync();
        }
    }
}
