/** AF_SMC under Netty's epoll transport, with fallback to TCP. */
@SuppressWarnings("requires-automatic") // Reactor, for those who use it
module io.smc4j.netty {
    requires transitive io.smc4j.core;
    requires transitive io.netty.transport;
    requires transitive io.netty.common;
    requires io.netty.transport.classes.epoll;
    requires io.netty.transport.unix.common;
    requires static reactor.core;
    requires static reactor.netty.core;
    requires static org.reactivestreams;

    exports io.smc4j.netty;
    exports io.smc4j.netty.reactor;

    provides io.netty.bootstrap.ChannelInitializerExtension with io.smc4j.netty.SmcChannelExtension;
}
