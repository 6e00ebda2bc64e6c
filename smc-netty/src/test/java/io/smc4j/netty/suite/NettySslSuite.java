package io.smc4j.netty.suite;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.testsuite.transport.TestsuitePermutation;
import io.netty.testsuite.transport.socket.SocketSslClientRenegotiateTest;
import io.netty.testsuite.transport.socket.SocketSslEchoTest;
import io.netty.testsuite.transport.socket.SocketSslGreetingTest;
import io.netty.testsuite.transport.socket.SocketSslSessionReuseTest;
import io.netty.testsuite.transport.socket.SocketStartTlsTest;
import java.util.List;

/** The TLS matrix of Netty's own test suite of socket transports. */
final class NettySslSuite {

    private NettySslSuite() {
    }

    static class SocketSslClientRenegotiate extends SocketSslClientRenegotiateTest {
        @Override
        protected List<TestsuitePermutation.BootstrapComboFactory<ServerBootstrap, Bootstrap>> newFactories() {
            return Factories.socket();
        }
    }

    static class SocketSslEcho extends SocketSslEchoTest {
        @Override
        protected List<TestsuitePermutation.BootstrapComboFactory<ServerBootstrap, Bootstrap>> newFactories() {
            return Factories.socket();
        }
    }

    static class SocketSslGreeting extends SocketSslGreetingTest {
        @Override
        protected List<TestsuitePermutation.BootstrapComboFactory<ServerBootstrap, Bootstrap>> newFactories() {
            return Factories.socket();
        }
    }

    static class SocketSslSessionReuse extends SocketSslSessionReuseTest {
        @Override
        protected List<TestsuitePermutation.BootstrapComboFactory<ServerBootstrap, Bootstrap>> newFactories() {
            return Factories.socket();
        }
    }

    static class SocketStartTls extends SocketStartTlsTest {
        @Override
        protected List<TestsuitePermutation.BootstrapComboFactory<ServerBootstrap, Bootstrap>> newFactories() {
            return Factories.socket();
        }
    }
}
