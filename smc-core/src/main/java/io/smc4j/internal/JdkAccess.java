package io.smc4j.internal;

import java.io.FileDescriptor;
import java.net.SocketImpl;
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

    /** The {@code java.net.SocketImpl.fd} of {@code impl}, or null. */
    FileDescriptor descriptor(SocketImpl impl);
}
