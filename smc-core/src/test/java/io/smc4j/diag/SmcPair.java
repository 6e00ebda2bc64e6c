package io.smc4j.diag;

import io.smc4j.internal.ChannelFd;
import io.smc4j.internal.Errno;
import io.smc4j.internal.Linux;
import io.smc4j.internal.Natives;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.channels.Channel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;

/**
 * A connected pair of JDK channels over 127.0.0.1 whose sockets were replaced by AF_SMC ones before bind and connect: independent of the
 * library's own channels. Either end may be plain TCP.
 */
final class SmcPair implements AutoCloseable {

    final ServerSocketChannel server;
    final SocketChannel client;
    final SocketChannel accepted;

    SmcPair(boolean smcServer, boolean smcClient) throws IOException {
        server = ServerSocketChannel.open(StandardProtocolFamily.INET);
        SocketChannel c = SocketChannel.open(StandardProtocolFamily.INET);
        try {
            if (smcServer) {
                replace(server);
            }
            if (smcClient) {
                replace(c);
            }
            server.bind(new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), 0));
            c.connect(server.getLocalAddress());
            accepted = server.accept();
        } catch (IOException e) {
            c.close();
            server.close();
            throw e;
        }
        client = c;
    }

    private static void replace(Channel channel) throws IOException {
        int smc = Errno.check("socket", Natives.calls().socket(Linux.AF_SMC, Linux.SOCK_STREAM | Linux.SOCK_CLOEXEC, Linux.SMCPROTO_SMC));
        int r = Natives.calls().dup3(smc, ChannelFd.of(channel), Linux.O_CLOEXEC);
        Natives.calls().close(smc);
        Errno.check("dup3", r);
    }

    InetSocketAddress local() throws IOException {
        return (InetSocketAddress) client.getLocalAddress();
    }

    InetSocketAddress remote() throws IOException {
        return (InetSocketAddress) client.getRemoteAddress();
    }

    @Override
    public void close() throws IOException {
        client.close();
        accepted.close();
        server.close();
    }
}
