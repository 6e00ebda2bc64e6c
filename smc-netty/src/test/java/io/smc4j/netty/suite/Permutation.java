package io.smc4j.netty.suite;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.testsuite.transport.TestsuitePermutation.BootstrapComboFactory;
import io.netty.testsuite.transport.TestsuitePermutation.BootstrapFactory;
import io.netty.testsuite.transport.socket.SocketTestPermutation;
import io.smc4j.netty.SuiteTransport;
import java.util.List;

/** Ours to ours, ours to NIO, NIO to ours. */
final class Permutation extends SocketTestPermutation {

    static final Permutation ONE = new Permutation();

    @Override
    public List<BootstrapComboFactory<ServerBootstrap, Bootstrap>> socket() {
        List<BootstrapComboFactory<ServerBootstrap, Bootstrap>> all = combo(serverSocket(), clientSocket());
        return all.subList(0, all.size() - 1);
    }

    @Override
    public List<BootstrapFactory<ServerBootstrap>> serverSocket() {
        return List.of(SuiteTransport::server, () -> new ServerBootstrap().group(NIO_GROUP).channel(NioServerSocketChannel.class));
    }

    @Override
    public List<BootstrapFactory<Bootstrap>> clientSocket() {
        return List.of(SuiteTransport::client, () -> new Bootstrap().group(NIO_GROUP).channel(NioSocketChannel.class));
    }
}
