package io.smc4j.netty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.unix.UnixChannel;
import io.smc4j.diag.SmcConnections;
import io.smc4j.engine.CloseGuard;
import io.smc4j.engine.SmcEngine;
import io.smc4j.internal.Linux;
import io.smc4j.internal.Natives;
import io.smc4j.internal.SocketFamily;
import io.smc4j.policy.ConnectDecider;
import io.smc4j.policy.PeerMemory;
import io.smc4j.policy.SmcPolicy;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * What the tests run on. {@code -Dsmc.netty.expect} says which path connections are to take: SMC_D or SMC_R in the lab; MPTCP, the default, puts
 * multipath TCP under the channels, so that everything is moved for real on a machine without AF_SMC.
 */
final class Net {

    static final String EXPECT = System.getProperty("smc.netty.expect", "MPTCP");
    static final boolean MPTCP = EXPECT.equals("MPTCP");
    /** How long anything may take before a test gives up on it; the lab is slow. */
    static final int WAIT_S = 60;

    private static final SocketFamily FAMILY = MPTCP ? SocketFamily.MPTCP : SocketFamily.SMC;

    private Net() {
    }

    /** An engine of its own memory, for the family under test; everything SMC by policy. */
    static SmcEngine engine(long patienceMillis) {
        return engine(FAMILY, patienceMillis, false);
    }

    static SmcEngine engine(SocketFamily family, long patienceMillis, boolean required) {
        return engine(family, patienceMillis, required, new CloseGuard(Natives.calls(), 30_000));
    }

    /** An engine that remembers nothing of the connections of {@code other}, with its guard: each guard adds a hook, a thread, to the JVM's exit. */
    static SmcEngine forgetful(SmcEngine other) {
        return engine(FAMILY, 30_000, false, other.closeGuard());
    }

    private static SmcEngine engine(SocketFamily family, long patienceMillis, boolean required, CloseGuard guard) {
        SmcPolicy all = SmcPolicy.of(List.of(), true);
        return new SmcEngine(Natives.calls(), Natives.jdk(), family, new ConnectDecider(() -> all, new PeerMemory()), guard, patienceMillis, required);
    }

    static Bootstrap client(EventLoopGroup group, SmcEngine engine) {
        return new Bootstrap().group(group).channelFactory(() -> SmcNetty.install(new EpollSocketChannel(), engine));
    }

    static ServerBootstrap server(EventLoopGroup group, SmcEngine engine) {
        return server(engine).group(group);
    }

    static ServerBootstrap server(SmcEngine engine) {
        return new ServerBootstrap().channelFactory(() -> SmcNetty.install(new EpollServerSocketChannel(), engine));
    }

    static Channel listen(ServerBootstrap server, ChannelHandler child) {
        return server.childHandler(child).bind(new InetSocketAddress("127.0.0.1", 0)).syncUninterruptibly().channel();
    }

    static int fd(Channel channel) {
        return ((UnixChannel) channel).fd().intValue();
    }

    /** The path of a connected channel by the kernel's word: MPTCP, TCP, SMC_D, SMC_R. */
    static String path(Channel channel) throws IOException {
        int fd = fd(channel);
        long protocol = Natives.calls().getsockopt(fd, Linux.SOL_SOCKET, Linux.SO_PROTOCOL);
        if (protocol == Linux.IPPROTO_MPTCP) {
            return "MPTCP";
        }
        return SmcConnections.of(fd).mode().name();
    }

    /** Fails unless the connection takes the path that the run is about. */
    static void assertPath(Channel channel) throws IOException {
        assertEquals(EXPECT, path(channel), "path of " + channel);
    }

    static void assertTcp(Channel channel) throws IOException {
        assertEquals("TCP", path(channel), "path of " + channel);
    }

    static boolean isSmcEvent(SmcConnectionEvent event) {
        assertTrue(event != null, "no SmcConnectionEvent");
        return event.isSmc();
    }

    /** Number of open descriptors of this process. */
    static int descriptors() throws IOException {
        int n = 0;
        try (DirectoryStream<Path> fds = Files.newDirectoryStream(Path.of("/proc/self/fd"))) {
            for (Path ignored : fds) {
                n++;
            }
        }
        return n;
    }
}
