package io.smc4j.jnr;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.smc4j.internal.JdkAccess;
import io.smc4j.internal.Linux;
import io.smc4j.internal.NativeBackend;
import io.smc4j.internal.NativeCalls;
import io.smc4j.internal.Natives;
import io.smc4j.internal.SockAddr;
import java.io.FileDescriptor;
import java.net.InetSocketAddress;
import java.net.SocketImpl;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.ServiceLoader;
import java.util.function.ToLongFunction;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The bridge answers as our JNI library does: each call is made through both, on the same sockets or on two of a kind. */
class JnrBackendTest {

    private static final int POLLIN = 1;
    private static final int POLLOUT = 4;
    private static final int SIOCOUTQ = 0x5411;
    private static NativeCalls jnr;
    private static JdkAccess jdk;

    @BeforeAll
    static void load() throws Exception {
        NativeBackend backend = ServiceLoader.load(NativeBackend.class).findFirst().orElseThrow();
        assertEquals("jnr", backend.name());
        backend.load();
        jnr = backend.calls();
        jdk = backend.jdk();
        assertEquals("jni", Natives.name(), "the other side of the comparison");
    }

    /** Asserts that both bridges give the same answer, and gives it. */
    private static long same(ToLongFunction<NativeCalls> call) {
        long ours = call.applyAsLong(Natives.calls());
        assertEquals(ours, call.applyAsLong(jnr));
        return ours;
    }

    private static int tcp(NativeCalls calls) {
        int fd = calls.socket(Linux.AF_INET, Linux.SOCK_STREAM | Linux.SOCK_CLOEXEC, 0);
        assertTrue(fd >= 0);
        return fd;
    }

    @Test
    void errors() {
        assertTrue(same(c -> c.socket(12345, Linux.SOCK_STREAM, 0)) < 0);
        assertTrue(same(c -> c.close(-1)) < 0);
        assertTrue(same(c -> c.dup3(-1, 5, 0)) < 0);
        assertTrue(same(c -> c.fcntl(-1, Linux.F_GETFL, 0)) < 0);
        assertTrue(same(c -> c.getsockopt(-1, Linux.SOL_SOCKET, Linux.SO_REUSEADDR)) < 0);
        assertTrue(same(c -> c.getsockopt(-1, Linux.SOL_SOCKET, Linux.SO_REUSEADDR, new byte[4])) < 0);
        assertTrue(same(c -> c.setsockopt(-1, Linux.SOL_SOCKET, Linux.SO_REUSEADDR, 1)) < 0);
        assertTrue(same(c -> c.bind(-1, new byte[16])) < 0);
        assertTrue(same(c -> c.bind(-1, new byte[0])) < 0);
        assertTrue(same(c -> c.connect(-1, new byte[200])) < 0);
        assertTrue(same(c -> c.connect(-1, new byte[16])) < 0);
        assertTrue(same(c -> c.listen(-1, 1)) < 0);
        assertTrue(same(c -> c.getsockname(-1, new byte[28])) < 0);
        assertTrue(same(c -> c.getpeername(-1, new byte[28])) < 0);
        assertTrue(same(c -> c.shutdown(-1, 1)) < 0);
        assertTrue(same(c -> c.ioctl(-1, SIOCOUTQ)) < 0);
        assertTrue(same(c -> c.inode(-1)) < 0);
        assertTrue(same(c -> c.send(-1, new byte[4], 4, 0, null)) < 0);
        assertTrue(same(c -> c.send(-1, new byte[4], 5, 0, null)) < 0);
        assertTrue(same(c -> c.send(-1, new byte[4], 4, 0, new byte[0])) < 0);
        assertTrue(same(c -> c.recv(-1, new byte[4], 0)) < 0);
        assertEquals(0, same(c -> c.poll(-1, POLLIN, 0))); // a negative descriptor is passed over
        assertEquals(32, same(c -> c.poll(1_000_000, POLLIN, 0))); // POLLNVAL
    }

    @Test
    void aConnection() throws Exception {
        try (ServerSocketChannel listener = ServerSocketChannel.open().bind(new InetSocketAddress("127.0.0.1", 0))) {
            InetSocketAddress address = (InetSocketAddress) listener.getLocalAddress();
            int fd = tcp(jnr);
            assertEquals(0, jnr.bind(fd, SockAddr.of(new InetSocketAddress("127.0.0.1", 0))));
            assertEquals(0, jnr.connect(fd, SockAddr.of(address)));
            try (SocketChannel peer = listener.accept()) {
                assertEquals(16, same(c -> c.getsockname(fd, new byte[28])));
                byte[] ours = new byte[28];
                byte[] theirs = new byte[28];
                assertEquals(Natives.calls().getpeername(fd, ours), jnr.getpeername(fd, theirs));
                assertArrayEquals(ours, theirs);
                assertEquals(address, SockAddr.parse(theirs, 16));
                assertEquals(8, same(c -> c.getpeername(fd, new byte[8])), "a short buffer is filled, not overrun");
                assertEquals(POLLOUT, same(c -> c.poll(fd, POLLIN | POLLOUT, 0)));
                assertTrue(same(c -> c.inode(fd)) > 0);
                assertEquals(0L, same(c -> c.getsockopt(fd, Linux.SOL_SOCKET, Linux.SO_REUSEADDR)));
                assertEquals(0, jnr.setsockopt(fd, Linux.SOL_SOCKET, Linux.SO_REUSEADDR, 1));
                assertEquals(1L, same(c -> c.getsockopt(fd, Linux.SOL_SOCKET, Linux.SO_REUSEADDR)));
                assertEquals(4, same(c -> c.getsockopt(fd, Linux.SOL_SOCKET, Linux.SO_REUSEADDR, new byte[16])));
                byte[] hello = "hello".getBytes(StandardCharsets.US_ASCII);
                assertEquals(5, jnr.send(fd, hello, 5, 0, null));
                ByteBuffer got = ByteBuffer.allocate(5);
                while (got.hasRemaining()) {
                    assertTrue(peer.read(got) > 0);
                }
                assertArrayEquals(hello, got.array());
                peer.write(got.flip());
                byte[] back = new byte[40_000];
                assertEquals(1, jnr.poll(fd, POLLIN, 10_000));
                assertEquals(5, jnr.recv(fd, back, 0));
                assertArrayEquals(hello, Arrays.copyOf(back, 5));
                assertTrue(same(c -> c.ioctl(fd, SIOCOUTQ)) >= 0);
                int flags = (int) same(c -> c.fcntl(fd, Linux.F_GETFL, 0));
                assertEquals(0, jnr.fcntl(fd, Linux.F_SETFL, flags | Linux.O_NONBLOCK));
                assertTrue(same(c -> c.recv(fd, new byte[4], 0)) < 0); // EAGAIN
                assertEquals(0, jnr.shutdown(fd, 1));
                assertEquals(-1, peer.read(ByteBuffer.allocate(1)));
                int other = tcp(jnr);
                assertEquals(other, jnr.dup3(fd, other, Linux.O_CLOEXEC));
                assertEquals(jnr.inode(fd), jnr.inode(other));
                assertEquals(0, jnr.close(other));
            } finally {
                assertEquals(0, jnr.close(fd));
            }
        }
        int listening = tcp(jnr);
        assertEquals(0, jnr.listen(listening, 5));
        assertEquals(1L, same(c -> c.getsockopt(listening, Linux.SOL_SOCKET, 30))); // SO_ACCEPTCONN
        assertEquals(0, jnr.close(listening));
    }

    @Test
    void whatIsReachedInTheJdk() throws Exception {
        JdkAccess jni = Natives.jdk();
        try (SocketChannel channel = SocketChannel.open(); ServerSocketChannel listener = ServerSocketChannel.open()) {
            assertEquals(jni.channelFd(channel), jdk.channelFd(channel));
            assertEquals(jni.channelFd(listener), jdk.channelFd(listener));
            assertTrue(jdk.channelFd(channel) > 2);
            jdk.kill(channel); // open: nothing happens
            assertTrue(channel.isOpen());
        }
        assertEquals(-1, jdk.channelFd("no channel"));
        assertEquals(-1, jdk.channelFd(null));
        assertEquals(1, jdk.fd(FileDescriptor.out));
        assertEquals(-1, jdk.fd(null));
        assertSame(jni.defaultSelectorProvider(), jdk.defaultSelectorProvider());
        SocketImpl impl = jdk.newPlatformSocketImpl(false);
        assertEquals(jni.newPlatformSocketImpl(false).getClass(), impl.getClass());
        assertNull(jdk.descriptor(impl));
        assertNull(jdk.descriptor(null));
        assertNotNull(jdk.trustedLookup());
        assertSame(jni.trustedLookup(), jdk.trustedLookup());
    }
}
