package io.smc4j.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrowsExactly;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.ProtocolFamily;
import java.net.StandardProtocolFamily;
import java.nio.channels.DatagramChannel;
import java.nio.channels.Pipe;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.spi.SelectorProvider;
import org.junit.jupiter.api.Test;

/** What the provider opens, and for whom its channels say that they come from. */
class ProviderTest extends Contract {

    private final SelectorProvider provider = SelectorProvider.provider();

    @Test
    void staticOpensAskTheProvider() throws Exception {
        assertSame(provider, SelectorProvider.provider());
        assertSame(provider, open().provider());
        assertSame(provider, own(ServerSocketChannel.open()).provider());
        assertSame(provider, selector().provider());
        assertSame(provider, own(SocketChannel.open(StandardProtocolFamily.INET)).provider());
        assertSame(provider, own(ServerSocketChannel.open(StandardProtocolFamily.INET6)).provider());
    }

    @Test
    void connectedAndAcceptedChannelsNameTheProvider() throws Exception {
        Pair pair = pair();
        assertSame(provider, pair.client().provider());
        assertSame(provider, pair.server().provider());
    }

    @Test
    void datagramAndPipeNameTheProvider() throws Exception {
        assertSame(provider, own(DatagramChannel.open()).provider());
        Pipe pipe = Pipe.open();
        assertSame(provider, own(pipe.source()).provider());
        assertSame(provider, own(pipe.sink()).provider());
    }

    @Test
    void familiesThatNobodyHas() {
        ProtocolFamily other = () -> "other";
        assertThrowsExactly(UnsupportedOperationException.class, () -> provider.openSocketChannel(other));
        assertThrowsExactly(UnsupportedOperationException.class, () -> provider.openServerSocketChannel(other));
        assertThrowsExactly(UnsupportedOperationException.class, () -> provider.openDatagramChannel(other));
        assertThrowsExactly(UnsupportedOperationException.class, () -> provider.openDatagramChannel(StandardProtocolFamily.UNIX));
        assertThrowsExactly(NullPointerException.class, () -> provider.openSocketChannel(null));
        assertThrowsExactly(NullPointerException.class, () -> provider.openServerSocketChannel(null));
        assertThrowsExactly(NullPointerException.class, () -> provider.openDatagramChannel(null));
        assertThrowsExactly(UnsupportedOperationException.class, () -> SocketChannel.open(other));
    }

    @Test
    void validOps() throws Exception {
        assertEquals(SelectionKey.OP_CONNECT | SelectionKey.OP_READ | SelectionKey.OP_WRITE, open().validOps());
        assertEquals(SelectionKey.OP_ACCEPT, own(ServerSocketChannel.open()).validOps());
        assertEquals(SelectionKey.OP_READ | SelectionKey.OP_WRITE, own(DatagramChannel.open()).validOps());
    }

    /** The tests' standard input is no socket. */
    @Test
    void noInheritedChannel() throws Exception {
        assertNull(provider.inheritedChannel());
        assertNull(System.inheritedChannel());
    }

    @Test
    void manyOpenSelectors() throws Exception {
        Pair pair = pair();
        pair.client().configureBlocking(false);
        for (int i = 0; i < 20; i++) {
            Selector selector = selector();
            pair.client().register(selector, SelectionKey.OP_WRITE);
            assertEquals(1, selector.select(PATIENCE_MILLIS));
        }
        assertTrue(pair.client().isRegistered());
    }
}
