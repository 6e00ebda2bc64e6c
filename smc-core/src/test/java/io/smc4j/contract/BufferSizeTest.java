package io.smc4j.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.smc4j.SmcConfig;
import io.smc4j.diag.SmcConnections;
import io.smc4j.engine.SmcEngine;
import io.smc4j.internal.Natives;
import io.smc4j.internal.SocketFamily;
import io.smc4j.net.MptcpSockets;
import io.smc4j.nio.StandInProvider;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.AsynchronousServerSocketChannel;
import java.nio.channels.AsynchronousSocketChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** {@code smc.buffer.bytes}: what buffers the kernel says that connections have, with engines of the tests' own. */
@ResourceLock(Resources.SYSTEM_PROPERTIES)
class BufferSizeTest extends Contract {

    private static final int CLIENTS = 128 << 10;
    private static final int SERVERS = 256 << 10;
    /** A family whose sockets open and cannot connect to an internet address: AF_UNIX. */
    private static final SocketFamily BROKEN = new SocketFamily("broken", 1, 0, 1, 0);

    /** A client with both sizes and a listener with SO_RCVBUF set by the program; 0: not set. */
    private record Sizes(int client, int listener) {

        static final Sizes NONE = new Sizes(0, 0);
    }

    /** The descriptors of a connection's two ends; the test closes the objects. */
    private record Ends(int client, int server) {
    }

    /** What a program makes connections with. */
    enum Api {
        CHANNEL {
            @Override
            Ends connect(BufferSizeTest test, SmcEngine clients, SmcEngine servers, Sizes sizes) throws Exception {
                return test.channels(clients, servers, sizes, true);
            }
        },
        NON_BLOCKING_CHANNEL {
            @Override
            Ends connect(BufferSizeTest test, SmcEngine clients, SmcEngine servers, Sizes sizes) throws Exception {
                return test.channels(clients, servers, sizes, false);
            }
        },
        SOCKET {
            @Override
            Ends connect(BufferSizeTest test, SmcEngine clients, SmcEngine servers, Sizes sizes) throws Exception {
                return test.sockets(clients, servers, sizes);
            }
        },
        ASYNCHRONOUS_CHANNEL {
            @Override
            Ends connect(BufferSizeTest test, SmcEngine clients, SmcEngine servers, Sizes sizes) throws Exception {
                return test.asynchronousChannels(clients, servers, sizes);
            }
        };

        /** Connects; null in the place of an engine stands for the JDK's own. */
        abstract Ends connect(BufferSizeTest test, SmcEngine clients, SmcEngine servers, Sizes sizes) throws Exception;
    }

    @BeforeEach
    void natives() {
        assumeTrue(Natives.isLoaded(), "no native library: the buffers of a connection cannot be told");
    }

    private static void assumeSmc() {
        assumeTrue(EXPECT.isSmc(), "only AF_SMC sockets have buffers of their own");
    }

    /** An engine that was made with the setting, and that takes SMC for every address, or for none. */
    private static SmcEngine engine(SocketFamily family, int bytes, boolean smc) {
        System.setProperty(SmcConfig.BUFFER_BYTES, String.valueOf(bytes));
        try {
            return StandInProvider.engine(family, smc);
        } finally {
            System.clearProperty(SmcConfig.BUFFER_BYTES);
        }
    }

    private static SmcEngine smc(int bytes) {
        return engine(SocketFamily.SMC, bytes, true);
    }

    private Ends channels(SmcEngine clients, SmcEngine servers, Sizes sizes, boolean blocking) throws Exception {
        ServerSocketChannel listener = own(servers == null ? SelectorProviderOfTheJdk.get().openServerSocketChannel()
                : StandInProvider.of(servers).openServerSocketChannel());
        SocketChannel client = own(clients == null ? SelectorProviderOfTheJdk.get().openSocketChannel() : StandInProvider.of(clients).openSocketChannel());
        if (sizes.listener > 0) {
            listener.setOption(StandardSocketOptions.SO_RCVBUF, sizes.listener);
        }
        listener.bind(loopback(0));
        if (sizes.client > 0) {
            client.bind(loopback(0)); // the option wins where it comes after the bind, too
            client.setOption(StandardSocketOptions.SO_SNDBUF, sizes.client).setOption(StandardSocketOptions.SO_RCVBUF, sizes.client);
        }
        if (blocking) {
            client.connect(listener.getLocalAddress());
        } else {
            client.configureBlocking(false);
            client.connect(listener.getLocalAddress());
            for (long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS); !client.finishConnect();) {
                Thread.sleep(1);
                assertEquals(true, System.nanoTime() < end, "no connection");
            }
        }
        return new Ends(KernelPath.fd(client), KernelPath.fd(own(listener.accept())));
    }

    private Ends sockets(SmcEngine clients, SmcEngine servers, Sizes sizes) throws Exception {
        ServerSocket listener = own(servers == null ? new ServerSocket() : MptcpSockets.newServerSocket(servers));
        Socket client = own(clients == null ? new Socket() : MptcpSockets.newSocket(clients));
        if (sizes.listener > 0) {
            listener.setReceiveBufferSize(sizes.listener);
        }
        listener.bind(loopback(0));
        if (sizes.client > 0) {
            client.setSendBufferSize(sizes.client);
            client.setReceiveBufferSize(sizes.client);
        }
        client.connect(listener.getLocalSocketAddress());
        return new Ends(MptcpSockets.fd(client), MptcpSockets.fd(own(listener.accept())));
    }

    private Ends asynchronousChannels(SmcEngine clients, SmcEngine servers, Sizes sizes) throws Exception {
        AsynchronousServerSocketChannel listener = own((servers == null ? MptcpSockets.jdkAsynchronous() : MptcpSockets.asynchronous(servers))
                .openAsynchronousServerSocketChannel(null));
        AsynchronousSocketChannel client = own((clients == null ? MptcpSockets.jdkAsynchronous() : MptcpSockets.asynchronous(clients))
                .openAsynchronousSocketChannel(null));
        if (sizes.listener > 0) {
            listener.setOption(StandardSocketOptions.SO_RCVBUF, sizes.listener);
        }
        SocketAddress address = listener.bind(loopback(0)).getLocalAddress();
        if (sizes.client > 0) {
            client.setOption(StandardSocketOptions.SO_SNDBUF, sizes.client).setOption(StandardSocketOptions.SO_RCVBUF, sizes.client);
        }
        client.connect(address).get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        return new Ends(MptcpSockets.fd(client), MptcpSockets.fd(own(listener.accept().get(PATIENCE_SECONDS, TimeUnit.SECONDS))));
    }

    private static void assertBuffers(int fd, int send, int receive, int peerReceive) throws IOException {
        Buffers.assertSizes(fd, EXPECT.name(), send, receive, peerReceive);
    }

    @ParameterizedTest
    @EnumSource
    void bothEndsHaveTheSizeAskedFor(Api api) throws Exception {
        assumeSmc();
        Ends ends = api.connect(this, smc(CLIENTS), smc(SERVERS), Sizes.NONE);
        assertBuffers(ends.client, CLIENTS, CLIENTS, SERVERS);
        assertBuffers(ends.server, SERVERS, SERVERS, CLIENTS);
    }

    @ParameterizedTest
    @EnumSource
    void theProgramsOwnOptionWins(Api api) throws Exception {
        assumeSmc();
        Ends ends = api.connect(this, smc(CLIENTS), smc(SERVERS), new Sizes(32 << 10, 64 << 10));
        assertBuffers(ends.client, 32 << 10, 32 << 10, 64 << 10);
        assertBuffers(ends.server, SERVERS, 64 << 10, 32 << 10);
    }

    @ParameterizedTest
    @EnumSource
    void withoutTheSettingTheSizesAreTheKernels(Api api) throws Exception {
        assumeSmc();
        int send = number("/proc/sys/net/smc/wmem");
        int receive = number("/proc/sys/net/smc/rmem");
        assertNotEquals(CLIENTS, receive);
        Ends ends = api.connect(this, smc(0), smc(0), Sizes.NONE);
        assertBuffers(ends.client, send, receive, receive);
        assertBuffers(ends.server, send, receive, receive);
    }

    /** Nothing fails where the kernel gives less. */
    @Test
    void theKernelsLimitHolds() throws Exception {
        assumeSmc();
        int asked = 1 << 20;
        int send = Math.min(asked, number("/proc/sys/net/core/wmem_max"));
        int receive = Math.min(asked, number("/proc/sys/net/core/rmem_max"));
        Ends ends = channels(smc(asked), smc(asked), Sizes.NONE, true);
        assertBuffers(ends.client, powerOfTwo(send), powerOfTwo(receive), powerOfTwo(receive));
        assertBuffers(ends.server, powerOfTwo(send), powerOfTwo(receive), powerOfTwo(receive));
    }

    private static int powerOfTwo(int atLeast) {
        int highest = Integer.highestOneBit(atLeast);
        return highest == atLeast ? atLeast : highest << 1;
    }

    private static int number(String file) throws IOException {
        try (BufferedReader lines = Files.newBufferedReader(Path.of(file))) { // at once: a second read of such a file finds its end
            return Integer.parseInt(lines.readLine().strip());
        }
    }

    /** A TCP connection whose sizes were set would not tune them any more; the kernel's fallback must not be one. */
    @ParameterizedTest
    @EnumSource
    void aFallbackOfTheKernelsTunesItsBuffers(Api api) throws Exception {
        assumeSmc();
        Ends plain = api.connect(this, smc(0), null, Sizes.NONE);
        Ends ends = api.connect(this, smc(CLIENTS), null, Sizes.NONE);
        assertEquals("TCP", SmcConnections.of(ends.client).mode().name());
        assertEquals(Buffers.tuned(plain.client), Buffers.tuned(ends.client));
        assertEquals(Buffers.tuned(plain.server), Buffers.tuned(ends.server));
    }

    @ParameterizedTest
    @EnumSource
    void tcpByRuleHasTheJdksSizes(Api api) throws Exception {
        SmcEngine tcp = engine(SocketFamily.SMC, CLIENTS, false);
        assertPlain(api.connect(this, null, null, Sizes.NONE), api.connect(this, tcp, tcp, Sizes.NONE));
    }

    @ParameterizedTest
    @EnumSource
    void aRetryOverTcpHasTheJdksSizes(Api api) throws Exception {
        SmcEngine broken = engine(BROKEN, CLIENTS, true);
        assertPlain(api.connect(this, null, null, Sizes.NONE), api.connect(this, broken, null, Sizes.NONE));
        assertEquals(1, broken.decider().memory().snapshot().size(), "SMC was not tried");
    }

    private static void assertPlain(Ends jdk, Ends ours) throws IOException {
        for (int fd : List.of(ours.client, ours.server)) {
            assertEquals(KernelPath.TCP, KernelPath.ofDescriptor(fd));
        }
        assertEquals(Buffers.tuned(jdk.client), Buffers.tuned(ours.client));
        assertEquals(Buffers.tuned(jdk.server), Buffers.tuned(ours.server));
    }
}
