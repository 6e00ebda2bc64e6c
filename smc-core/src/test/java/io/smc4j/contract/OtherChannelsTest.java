package io.smc4j.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrowsExactly;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.Pipe;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.UnsupportedAddressTypeException;
import java.nio.channels.spi.SelectorProvider;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** UNIX domain, datagram and pipe channels, alone and on a selector next to TCP or SMC ones. */
class OtherChannelsTest extends Contract {

    private Path directory;

    @BeforeEach
    void shortDirectory() throws Exception {
        directory = Files.createTempDirectory("smc"); // a UNIX domain address holds 108 bytes
    }

    @AfterEach
    void removeDirectory() throws Exception {
        Files.deleteIfExists(directory.resolve("s"));
        Files.delete(directory);
    }

    private UnixDomainSocketAddress path() {
        return UnixDomainSocketAddress.of(directory.resolve("s"));
    }

    private ServerSocketChannel unixServer() throws Exception {
        return own(ServerSocketChannel.open(StandardProtocolFamily.UNIX)).bind(path());
    }

    private static void exchangeUnix(SocketChannel a, SocketChannel b) throws Exception {
        write(a, "unix");
        assertEquals("unix", read(b, 4));
        write(b, "back");
        assertEquals("back", read(a, 4));
    }

    @Test
    void unixDomain() throws Exception {
        ServerSocketChannel server = unixServer();
        assertEquals(path(), server.getLocalAddress());
        SocketChannel client = own(SocketChannel.open(StandardProtocolFamily.UNIX));
        assertTrue(client.connect(path()));
        SocketChannel end = own(server.accept());
        assertEquals(path(), client.getRemoteAddress());
        exchangeUnix(client, end);
        client.close();
        assertEquals(-1, end.read(ByteBuffer.allocate(1)));
    }

    @Test
    void unixDomainByStaticOpen() throws Exception {
        ServerSocketChannel server = unixServer();
        SocketChannel client = own(SocketChannel.open(path()));
        exchangeUnix(client, own(server.accept()));
    }

    @Test
    void unixDomainErrors() throws Exception {
        SocketChannel client = own(SocketChannel.open(StandardProtocolFamily.UNIX));
        assertThrowsExactly(UnsupportedAddressTypeException.class, () -> client.connect(loopback(1)));
        assertThrowsExactly(UnsupportedOperationException.class, client::socket);
        assertThrowsExactly(java.net.SocketException.class, () -> client.connect(path()));
        ServerSocketChannel server = own(ServerSocketChannel.open(StandardProtocolFamily.UNIX));
        assertThrowsExactly(UnsupportedOperationException.class, server::socket);
        assertThrowsExactly(UnsupportedAddressTypeException.class, () -> server.bind(loopback(0)));
        var jdk = own(SelectorProviderOfTheJdk.get().openSocketChannel(StandardProtocolFamily.UNIX));
        assertEquals(jdk.supportedOptions(), own(SocketChannel.open(StandardProtocolFamily.UNIX)).supportedOptions());
    }

    @Test
    void unixDomainWithASelector() throws Exception {
        ServerSocketChannel server = unixServer();
        Selector selector = selector();
        server.configureBlocking(false);
        SelectionKey accept = server.register(selector, SelectionKey.OP_ACCEPT);
        SocketChannel client = own(SocketChannel.open(path()));
        awaitReady(selector, accept, SelectionKey.OP_ACCEPT);
        SocketChannel end = own(server.accept());
        end.configureBlocking(false);
        SelectionKey key = end.register(selector, SelectionKey.OP_READ, "unix");
        assertSame(end, key.channel());
        write(client, "x");
        awaitReady(selector, key, SelectionKey.OP_READ);
        assertEquals(1, end.read(ByteBuffer.allocate(4)));
    }

    @Test
    void datagram() throws Exception {
        DatagramChannel a = own(DatagramChannel.open()).bind(loopback(0));
        DatagramChannel b = own(DatagramChannel.open(StandardProtocolFamily.INET)).bind(loopback(0));
        a.send(bytes("datagram"), b.getLocalAddress());
        ByteBuffer in = ByteBuffer.allocate(100);
        InetSocketAddress from = (InetSocketAddress) b.receive(in);
        assertEquals(((InetSocketAddress) a.getLocalAddress()).getPort(), from.getPort());
        assertEquals(8, in.position());
        own(SelectorProvider.provider().openDatagramChannel(StandardProtocolFamily.INET6));
    }

    @Test
    void pipe() throws Exception {
        Pipe pipe = SelectorProvider.provider().openPipe();
        Pipe.SourceChannel source = own(pipe.source());
        Pipe.SinkChannel sink = own(pipe.sink());
        assertEquals(4, sink.write(bytes("pipe")));
        ByteBuffer in = ByteBuffer.allocate(4);
        assertEquals(4, source.read(in));
        sink.close();
        assertEquals(-1, source.read(in.clear()));
    }

    @Test
    void everyKindOnOneSelector() throws Exception {
        Selector selector = selector();
        Pair pair = pair();
        pair.client().configureBlocking(false);
        SelectionKey stream = pair.client().register(selector, SelectionKey.OP_READ, "stream");
        DatagramChannel udp = own(DatagramChannel.open()).bind(loopback(0));
        udp.configureBlocking(false);
        SelectionKey datagram = udp.register(selector, SelectionKey.OP_READ, "datagram");
        Pipe pipe = Pipe.open();
        own(pipe.source()).configureBlocking(false);
        own(pipe.sink());
        SelectionKey source = pipe.source().register(selector, SelectionKey.OP_READ, "pipe");
        ServerSocketChannel unix = unixServer();
        unix.configureBlocking(false);
        SelectionKey accept = unix.register(selector, SelectionKey.OP_ACCEPT, "unix");
        assertEquals(4, selector.keys().size());
        assertEquals(0, selector.selectNow());
        for (SelectionKey key : new SelectionKey[] {stream, datagram, source, accept}) {
            assertSame(selector, key.selector());
            assertSame(key, key.channel().keyFor(selector));
            assertTrue(key.channel().isRegistered());
        }
        write(pair.server(), "s");
        awaitReady(selector, stream, SelectionKey.OP_READ);
        DatagramChannel peer = own(DatagramChannel.open());
        peer.send(bytes("d"), udp.getLocalAddress());
        awaitReady(selector, datagram, SelectionKey.OP_READ);
        pipe.sink().write(bytes("p"));
        awaitReady(selector, source, SelectionKey.OP_READ);
        own(SocketChannel.open(path()));
        awaitReady(selector, accept, SelectionKey.OP_ACCEPT);
        own(unix.accept());
        udp.close();
        source.cancel();
        selector.selectNow();
        assertEquals(2, selector.keys().size());
        assertFalse(pipe.source().isRegistered());
        assertNull(pipe.source().keyFor(selector));
        pipe.source().configureBlocking(true);
        assertEquals(1, pipe.source().read(ByteBuffer.allocate(4)));
    }

    @Test
    void cancelledPipeKeyThenBlockingMode() throws Exception {
        Selector selector = selector();
        Pipe pipe = Pipe.open();
        own(pipe.sink());
        own(pipe.source()).configureBlocking(false);
        pipe.source().register(selector, SelectionKey.OP_READ).cancel();
        pipe.source().configureBlocking(true);
        pipe.sink().write(bytes("x"));
        assertEquals(1, pipe.source().read(ByteBuffer.allocate(4)));
    }
}
