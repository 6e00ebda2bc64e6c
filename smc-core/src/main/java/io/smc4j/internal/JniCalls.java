package io.smc4j.internal;

import java.io.FileDescriptor;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.net.SocketImpl;
import java.nio.channels.Channel;
import java.nio.channels.spi.SelectorProvider;

/**
 * {@link NativeCalls} and {@link JdkAccess} through our JNI library; every native declaration of the project stands here. Made by
 * {@link NativeLibraryLoader} once the library is loaded.
 */
final class JniCalls implements NativeCalls, JdkAccess {

    JniCalls() {
    }

    @Override
    public int socket(int domain, int type, int protocol) {
        return socket0(domain, type, protocol);
    }

    @Override
    public int close(int fd) {
        return close0(fd);
    }

    @Override
    public int dup3(int from, int to, int flags) {
        return dup30(from, to, flags);
    }

    @Override
    public int fcntl(int fd, int command, int argument) {
        return fcntl0(fd, command, argument);
    }

    @Override
    public long getsockopt(int fd, int level, int option) {
        return getsockoptInt0(fd, level, option);
    }

    @Override
    public int getsockopt(int fd, int level, int option, byte[] value) {
        return getsockopt0(fd, level, option, value);
    }

    @Override
    public int setsockopt(int fd, int level, int option, int value) {
        return setsockoptInt0(fd, level, option, value);
    }

    @Override
    public int setsockopt(int fd, int level, int option, byte[] value) {
        return setsockopt0(fd, level, option, value);
    }

    @Override
    public int bind(int fd, byte[] sockaddr) {
        return bind0(fd, sockaddr);
    }

    @Override
    public int connect(int fd, byte[] sockaddr) {
        return connect0(fd, sockaddr);
    }

    @Override
    public int listen(int fd, int backlog) {
        return listen0(fd, backlog);
    }

    @Override
    public int getsockname(int fd, byte[] sockaddr) {
        return getsockname0(fd, sockaddr);
    }

    @Override
    public int getpeername(int fd, byte[] sockaddr) {
        return getpeername0(fd, sockaddr);
    }

    @Override
    public int shutdown(int fd, int how) {
        return shutdown0(fd, how);
    }

    @Override
    public int poll(int fd, int events, int timeoutMillis) {
        return poll0(fd, events, timeoutMillis);
    }

    @Override
    public long ioctl(int fd, long request) {
        return ioctl0(fd, request);
    }

    @Override
    public long inode(int fd) {
        return inode0(fd);
    }

    @Override
    public int send(int fd, byte[] data, int length, int flags, byte[] sockaddr) {
        return send0(fd, data, length, flags, sockaddr);
    }

    @Override
    public int recv(int fd, byte[] data, int flags) {
        return recv0(fd, data, flags);
    }

    @Override
    public int fd(FileDescriptor descriptor) {
        return fd0(descriptor);
    }

    @Override
    public int channelFd(Object channel) {
        return channelFd0(channel);
    }

    @Override
    public SelectorProvider defaultSelectorProvider() {
        return defaultSelectorProvider0();
    }

    @Override
    public SocketImpl newPlatformSocketImpl(boolean server) {
        return newPlatformSocketImpl0(server);
    }

    @Override
    public void kill(Channel channel) throws IOException {
        kill0(channel);
    }

    @Override
    public FileDescriptor descriptor(SocketImpl impl) {
        return descriptor0(impl);
    }

    @Override
    public MethodHandles.Lookup trustedLookup() {
        return trustedLookup0();
    }

    private static native int socket0(int domain, int type, int protocol);

    private static native int close0(int fd);

    private static native int dup30(int from, int to, int flags);

    private static native int fcntl0(int fd, int command, int argument);

    private static native long getsockoptInt0(int fd, int level, int option);

    private static native int getsockopt0(int fd, int level, int option, byte[] value);

    private static native int setsockoptInt0(int fd, int level, int option, int value);

    private static native int setsockopt0(int fd, int level, int option, byte[] value);

    private static native int bind0(int fd, byte[] sockaddr);

    private static native int connect0(int fd, byte[] sockaddr);

    private static native int listen0(int fd, int backlog);

    private static native int getsockname0(int fd, byte[] sockaddr);

    private static native int getpeername0(int fd, byte[] sockaddr);

    private static native int shutdown0(int fd, int how);

    private static native int poll0(int fd, int events, int timeoutMillis);

    private static native long ioctl0(int fd, long request);

    private static native long inode0(int fd);

    private static native int send0(int fd, byte[] data, int length, int flags, byte[] sockaddr);

    private static native int recv0(int fd, byte[] data, int flags);

    private static native int fd0(FileDescriptor descriptor);

    private static native int channelFd0(Object channel);

    private static native SelectorProvider defaultSelectorProvider0();

    private static native SocketImpl newPlatformSocketImpl0(boolean server);

    private static native void kill0(Channel channel) throws IOException;

    private static native FileDescriptor descriptor0(SocketImpl impl);

    private static native MethodHandles.Lookup trustedLookup0();
}
