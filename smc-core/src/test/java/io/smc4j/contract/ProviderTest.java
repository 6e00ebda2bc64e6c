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
import java.nio.channels.SelectableChannel;
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
        assertSame(SelectorProvider.provider(), SelectorProvider.provider());
        boolean jdks = EXPECT == KernelPath.TCP;
        assertProvider(jdks, open());
        assertProvider(jdks, own(ServerSocketChannel.open()));
        assertProvider(jdks, own(SocketChannel.open(StandardProtocolFamily.INET)));
        assertProvider(jdks, own(ServerSocketChannel.open(StandardProtocolFamily.INET6)));
        Selector selector = selector();
        assertSame(jdks ? SelectorProviderOfTheJdk.get() : provider, selector.provider());
    }

    @Test
    void connectedAndAcceptedChannelsNameTheProvider() throws Exception {
        Pair pair = pair();
        assertProvider(EXPECT == KernelPath.TCP, pair.client());
        assertProvider(EXPECT == KernelPath.TCP, pair.server());
    }

    @Test
    void datagramAndPipeNameTheProvider() throws Exception {
        assertProvider(true, own(DatagramChannel.open()));
        Pipe pipe = Pipe.open();
        assertProvider(true, own(pipe.source()));
        assertProvider(true, own(pipe.sink()));
    }

    /** A channel names the switch's provider, but for {@link KnownDifference#PROVIDER_OF_JDK_OBJECTS}. */
    private void assertProvider(boolean jdks, SelectableChannel channel) {
        boolean differs = jdks && KnownDifference.PROVIDER_OF_JDK_OBJECTS.applies();
        assertSame(differs ? SelectorProviderOfTheJdk.get() : provider, channel.provider(), () -> channel.getClass().getName());
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
