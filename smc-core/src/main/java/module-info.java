/** AF_SMC sockets under the JDK's channels, with fallback to TCP. */
module io.smc4j.core {
    requires static java.management;
    requires static jdk.jfr;
    requires static jdk.unsupported;

    exports io.smc4j;
    exports io.smc4j.diag;
    exports io.smc4j.net;
    exports io.smc4j.nio;
    exports io.smc4j.policy;
}
