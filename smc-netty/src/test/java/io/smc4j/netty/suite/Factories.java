package io.smc4j.netty.suite;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.testsuite.transport.TestsuitePermutation.BootstrapComboFactory;
import io.netty.testsuite.transport.TestsuitePermutation.BootstrapFactory;
import io.smc4j.netty.SuiteTransport;
import java.util.List;

/**
 * What Netty's suite runs on. Its classes read the address of a peer that never answers when they are loaded, by default a public one: ours
 * is set before the first of them is.
 */
final class Factories {

    static {
        SuiteTransport.useOwnBlackHole();
    }

    private Factories() {
    }

    static List<BootstrapComboFactory<ServerBootstrap, Bootstrap>> socket() {
        return Permutation.ONE.socket();
    }

    static List<BootstrapFactory<Bootstrap>> clientSocket() {
        return Permutation.ONE.clientSocket().subList(0, 1);
    }

    static List<BootstrapFactory<ServerBootstrap>> serverSocket() {
        return Permutation.ONE.serverSocket().subList(0, 1);
    }
}
