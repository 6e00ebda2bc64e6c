/** AF_SMC sockets under the JDK's channels, with fallback to TCP. */
@SuppressWarnings("module") // those exported to are built after this one
module io.smc4j.core {
    requires static java.management;
    requires static jdk.jfr;
    requires static jdk.unsupported;

    exports io.smc4j;
    exports io.smc4j.diag;
    exports io.smc4j.net;
    exports io.smc4j.nio;
    exports io.smc4j.policy;

    exports io.smc4j.engine to io.smc4j.netty;
    exports io.smc4j.internal to io.smc4j.netty, io.smc4j.jnr;

    uses io.smc4j.internal.NativeBackend;
}
