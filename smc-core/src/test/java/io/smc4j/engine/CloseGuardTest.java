package io.smc4j.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.smc4j.diag.SmcMetrics;
import io.smc4j.internal.ChannelFd;
import io.smc4j.internal.DefaultProvider;
import io.smc4j.internal.Natives;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The guard over TCP sockets, which answer SIOCOUTQNSD as SMC's do: what it waits for, how long, and that it gives its descriptors back. */
class CloseGuardTest {

    private static final long LONG_MS = 60_000;
    private static final int SMALL_BUFFER = 4096;

    private ServerSocketChannel server;
    private SocketChannel writer;
    private SocketChannel reader;
    private long written;

    @BeforeEach
    void fill() throws Exception {
        server = DefaultProvider.get().openServerSocketChannel();
        server.setOption(StandardSocketOptions.SO_RCVBUF, SMALL_BUFFER);
        server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        writer = DefaultProvider.get().openSocketChannel();
        writer.connect(server.getLocalAddress());
        reader = server.accept();
        writer.configureBlocking(false);
        ByteBuffer block = ByteBuffer.allocate(1 << 16);
        int n;
        while ((n = writer.write(block.clear())) > 0) {
            written += n;
        }
    }

    @AfterEach
    void close() throws Exception {
        writer.close();
        reader.close();
        server.close();
    }

    private long readToEnd() throws Exception {
        long read = 0;
        int n;
        ByteBuffer block = ByteBuffer.allocate(1 << 16);
        while ((n = reader.read(block.clear())) >= 0) {
            read += n;
        }
        return read;
    }

    @Test
    void keepsAClosedSocketUntilItHasDrained() throws Exception {
        CloseGuard guard = new CloseGuard(Natives.calls(), LONG_MS);
        long drains = SmcMetrics.drains();
        int fd = ChannelFd.of(writer);
        assertTrue(guard.unsent(fd) > 0, "nothing unsent: the test would prove nothing");
        assertTrue(guard.drainAfterClose(fd));
        writer.close();
        assertEquals(1, guard.waiting());
        assertEquals(written, readToEnd());
        awaitIdle(guard);
        assertEquals(drains + 1, SmcMetrics.drains(), "one close, one drain");
    }

    @Test
    void shutsOutputDownOnlyAfterItHasDrained() throws Exception {
        CloseGuard guard = new CloseGuard(Natives.calls(), LONG_MS);
        assertTrue(guard.shutdownAfterDrain(ChannelFd.of(writer)));
        assertEquals(1, guard.waiting());
        assertEquals(written, readToEnd());
        assertTrue(writer.isOpen());
        awaitIdle(guard);
    }

    @Test
    void givesUpWhenItsTimeIsUp() throws Exception {
        CloseGuard guard = new CloseGuard(Natives.calls(), 50);
        assertFalse(guard.await(ChannelFd.of(writer), 20));
        assertTrue(guard.drainAfterClose(ChannelFd.of(writer)));
        awaitIdle(guard);
        assertTrue(guard.unsent(ChannelFd.of(writer)) > 0, "it drained: the test would prove nothing");
    }

    @Test
    void noDescriptorToBeHadIsSaid() {
        CloseGuard guard = new CloseGuard(Natives.calls(), LONG_MS);
        assertFalse(guard.drainAfterClose(-1));
        assertFalse(guard.shutdownAfterDrain(-1));
        assertEquals(0, guard.waiting());
    }

    private static void awaitIdle(CloseGuard guard) throws InterruptedException {
        long deadline = System.nanoTime() + LONG_MS * 1_000_000;
        while (guard.waiting() > 0) {
            assertTrue(System.nanoTime() < deadline, "still waiting");
            Thread.sleep(5);
        }
    }
}
