package io.smc4j.internal;

import java.io.FileDescriptor;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.net.SocketImpl;
import java.nio.channels.Channel;
import java.nio.channels.spi.SelectorProvider;

/**
 * What the library needs of the JDK and the JDK's public API does not give. Every method answers null or -1 where the running JDK refuses;
 * callers then stay on TCP.
 *
 * <p>Thread-safety: no state.
 */
public interface JdkAccess {

    /** The descriptor number held by {@code java.io.FileDescriptor.fd}, or -1. */
    int fd(FileDescriptor descriptor);

    /** The descriptor number of a JDK socket channel ({@code sun.nio.ch.SocketChannelImpl.fdVal} and its server twin), or -1. */
    int channelFd(Object channel);

    /** The provider the JDK would have used without the switch ({@code sun.nio.ch.DefaultSelectorProvider.get()}), or null. */
    SelectorProvider defaultSelectorProvider();

    /** {@code SocketImpl.createPlatformSocketImpl(server)}: the JDK's own {@code NioSocketImpl}, or null. */
    SocketImpl newPlatformSocketImpl(boolean server);

    /**
     * {@code sun.nio.ch.SelChImpl.kill()}: lets go of the descriptor of a JDK channel that was closed while it was registered with a
     * selector and is registered no more. Does nothing to a channel in any other state, or to a channel that is not the JDK's.
     */
    void kill(Channel channel) throws IOException;

    /** The {@code java.net.SocketImpl.fd} of {@code impl}, or null. */
    FileDescriptor descriptor(SocketImpl impl);

    /**
     * {@code MethodHandles.Lookup.IMPL_LOOKUP}: reaches methods that only a subclass may call, as method handles. A call from native code would
     * reach them too, but a virtual thread cannot leave its carrier while a native frame is on its stack. Null where the JDK has no such field.
     */
    MethodHandles.Lookup trustedLookup();
}
