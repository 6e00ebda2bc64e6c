/** AF_SMC under Netty's epoll transport, with fallback to TCP. */
module io.smc4j.netty {
    requires transitive io.smc4j.core;
    requires transitive io.netty.transport;
    requires transitive io.netty.common;
    requires io.netty.transport.classes.epoll;
    requires io.netty.transport.unix.common;

    exports io.smc4j.netty;

    provides io.netty.bootstrap.ChannelInitializerExtension with io.smc4j.netty.SmcChannelExtension;
}
