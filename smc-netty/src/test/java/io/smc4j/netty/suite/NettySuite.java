package io.smc4j.netty.suite;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.unix.Errors;
import io.netty.testsuite.transport.TestsuitePermutation;
import io.netty.testsuite.transport.socket.CompositeBufferGatheringWriteTest;
import io.netty.testsuite.transport.socket.ServerSocketSuspendTest;
import io.netty.testsuite.transport.socket.SocketAddressesTest;
import io.netty.testsuite.transport.socket.SocketAutoReadTest;
import io.netty.testsuite.transport.socket.SocketBufReleaseTest;
import io.netty.testsuite.transport.socket.SocketCancelWriteTest;
import io.netty.testsuite.transport.socket.SocketChannelNotYetConnectedTest;
import io.netty.testsuite.transport.socket.SocketCloseForciblyTest;
import io.netty.testsuite.transport.socket.SocketConditionalWritabilityTest;
import io.netty.testsuite.transport.socket.SocketConnectTest;
import io.netty.testsuite.transport.socket.SocketConnectionAttemptTest;
import io.netty.testsuite.transport.socket.SocketDataReadInitialStateTest;
import io.netty.testsuite.transport.socket.SocketEchoTest;
import io.netty.testsuite.transport.socket.SocketExceptionHandlingTest;
import io.netty.testsuite.transport.socket.SocketFileRegionTest;
import io.netty.testsuite.transport.socket.SocketFixedLengthEchoTest;
import io.netty.testsuite.transport.socket.SocketGatheringWriteTest;
import io.netty.testsuite.transport.socket.SocketHalfClosedTest;
import io.netty.testsuite.transport.socket.SocketMultipleConnectTest;
import io.netty.testsuite.transport.socket.SocketObjectEchoTest;
import io.netty.testsuite.transport.socket.SocketReadPendingTest;
import io.netty.testsuite.transport.socket.SocketRstTest;
import io.netty.testsuite.transport.socket.SocketShutdownOutputByPeerTest;
import io.netty.testsuite.transport.socket.SocketShutdownOutputBySelfTest;
import io.netty.testsuite.transport.socket.SocketSpdyEchoTest;
import io.netty.testsuite.transport.socket.SocketStringEchoTest;
import io.netty.testsuite.transport.socket.TrafficShapingHandlerTest;
import io.netty.testsuite.transport.socket.WriteBeforeRegisteredTest;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.io.IOException;
import java.util.List;
/** Netty's own test suite of socket transports, without its TLS matrix. */
final class NettySuite {

    private NettySuite() {
    }

    static class CompositeBufferGatheringWrite extends CompositeBufferGatheringWriteTest {
        @Override
        protected List<TestsuitePermutation.BootstrapComboFactory<ServerBootstrap, Bootstrap>> newFactories() {
            return Factories.socket();
        }
    }

    static class SocketAutoRead extends SocketAutoReadTest {
        @Override
        protected List<TestsuitePermutation.BootstrapComboFactory<ServerBootstrap, Bootstrap>> newFactories() {
            return Factories.socket();
        }
    }

    static class SocketBufRelease extends SocketBufReleaseTest {
        @Override
        protected List<TestsuitePermutation.BootstrapComboFactory<ServerBootstrap, Bootstrap>> newFactories() {
            return Factories.socket();
        }
    }

    static class SocketCancelWrite extends SocketCancelWriteTest {
        @Override
        protected List<TestsuitePermutation.BootstrapComboFactory<ServerBootstrap, Bootstrap>> newFactories() {
            return Factories.socket();
        }
    }

    static class SocketCloseForcibly extends SocketCloseForciblyTest {
        @Override
        protected List<TestsuitePermutation.BootstrapComboFactory<ServerBootstrap, Bootstrap>> newFactories() {
            return Factories.socket();
        }
    }

    static class SocketConditionalWritability extends SocketConditionalWritabilityTest {
        @Override
        protected List<TestsuitePermutation.BootstrapComboFactory<ServerBootstrap, Bootstrap>> newFactories() {
            return Factories.socket();
        }
    }

    static class SocketConnect extends SocketConnectTest {
        @Override
        protected List<TestsuitePermutation.BootstrapComboFactory<ServerBootstrap, Bootstrap>> newFactories() {
            return Factories.socket();
        }
    }

    static class SocketDataReadInitialState extends SocketDataReadInitialStateTest {
        @Override
        protected List<TestsuitePermutation.BootstrapComboFactory<ServerBootstrap, Bootstrap>> newFactories() {
            return Factories.socket();
        }
    }

    static class SocketEcho extends SocketEchoTest {
        @Override
        protected List<TestsuitePermutation.BootstrapComboFactory<ServerBootstrap, Bootstrap>> newFactories() {
            return Factories.socket();
        }
    }

    static class SocketExceptionHandling extends SocketExceptionHandlingTest {
        @Override
        protected List<TestsuitePermutation.BootstrapComboFactory<ServerBootstrap, Bootstrap>> newFactories() {
            return Factories.socket();
        }
    }

    static class SocketFileRegion extends SocketFileRegionTest {
        @Override
        protected List<TestsuitePermutation.BootstrapComboFactory<ServerBootstrap, Bootstrap>> newFactories() {
            return Factories.socket();
        }
    }

    static class SocketFixedLengthEcho extends SocketFixedLengthEchoTest {
        @Override
        protected List<TestsuitePermutation.BootstrapComboFactory<ServerBootstrap, Bootstrap>> newFactories() {
            return Factories.socket();
        }
    }

    static class SocketGatheringWrite extends SocketGatheringWriteTest {
        @Override
        protected List<TestsuitePermutation.BootstrapComboFactory<ServerBootstrap, Bootstrap>> newFactories() {
            return Factories.socket();
        }
    }

    static class SocketHalfClosed extends SocketHalfClosedTest {
        @Override
        protected List<TestsuitePermutation.BootstrapComboFactory<ServerBootstrap, Bootstrap>> newFactories() {
            return Factories.socket();
        }
    }

    static class SocketObjectEcho extends SocketObjectEchoTest {
        @Override
        protected List<TestsuitePermutation.BootstrapComboFactory<ServerBootstrap, Bootstrap>> newFactories() {
            return Factories.socket();
        }
    }

    static class SocketReadPending extends SocketReadPendingTest {
        @Override
        protected List<TestsuitePermutation.BootstrapComboFactory<ServerBootstrap, Bootstrap>> newFactories() {
            return Factories.socket();
        }
    }

    static class SocketSpdyEcho extends SocketSpdyEchoTest {
        @Override
        protected List<TestsuitePermutation.BootstrapComboFactory<ServerBootstrap, Bootstrap>> newFactories() {
            return Factories.socket();
        }
    }

    static class SocketStringEcho extends SocketStringEchoTest {
        @Override
        protected List<TestsuitePermutation.BootstrapComboFactory<ServerBootstrap, Bootstrap>> newFactories() {
            return Factories.socket();
        }
    }

    static class TrafficShapingHandler extends TrafficShapingHandlerTest {
        @Override
        protected List<TestsuitePermutation.BootstrapComboFactory<ServerBootstrap, Bootstrap>> newFactories() {
            return Factories.socket();
        }
    }

    static class SocketMultipleConnect extends SocketMultipleConnectTest {
        @Override
        protected List<TestsuitePermutation.BootstrapComboFactory<ServerBootstrap, Bootstrap>> newFactories() {
            return Factories.socket();
        }
    }

    static class SocketChannelNotYetConnected extends SocketChannelNotYetConnectedTest {
        @Override
        protected List<TestsuitePermutation.BootstrapFactory<Bootstrap>> newFactories() {
            return Factories.clientSocket();
        }
    }

    static class SocketConnectionAttempt extends SocketConnectionAttemptTest {
        @Override
        protected List<TestsuitePermutation.BootstrapFactory<Bootstrap>> newFactories() {
            return Factories.clientSocket();
        }
    }

    static class SocketShutdownOutputBySelf extends SocketShutdownOutputBySelfTest {
        @Override
        protected List<TestsuitePermutation.BootstrapFactory<Bootstrap>> newFactories() {
            return Factories.clientSocket();
        }
    }

    static class WriteBeforeRegistered extends WriteBeforeRegisteredTest {
        @Override
        protected List<TestsuitePermutation.BootstrapFactory<Bootstrap>> newFactories() {
            return Factories.clientSocket();
        }
    }

    static class ServerSocketSuspend extends ServerSocketSuspendTest {
        @Override
        protected List<TestsuitePermutation.BootstrapFactory<ServerBootstrap>> newFactories() {
            return Factories.serverSocket();
        }
    }

    static class SocketShutdownOutputByPeer extends SocketShutdownOutputByPeerTest {
        @Override
        protected List<TestsuitePermutation.BootstrapFactory<ServerBootstrap>> newFactories() {
            return Factories.serverSocket();
        }
    }

    static class SocketRst extends SocketRstTest {
        @Override
        protected List<TestsuitePermutation.BootstrapComboFactory<ServerBootstrap, Bootstrap>> newFactories() {
            return Factories.socket();
        }

        @Override
        protected void assertRstOnCloseException(IOException cause, Channel channel) {
            if (cause instanceof Errors.NativeIoException) {
                assertEquals(Errors.ERRNO_ECONNRESET_NEGATIVE, ((Errors.NativeIoException) cause).expectedErr());
            } else {
                super.assertRstOnCloseException(cause, channel);
            }
        }
    }

    static class SocketAddresses extends SocketAddressesTest {
        @Override
        protected List<TestsuitePermutation.BootstrapComboFactory<ServerBootstrap, Bootstrap>> newFactories() {
            return Factories.socket();
        }

        @Override
        protected void assertAddress(SocketAddress address) {
            assertTrue(((InetSocketAddress) address).getPort() > 0);
        }
    }
}
