package io.smc4j.netty;

/** What a bootstrap may ask of its channels by {@link SmcNetty#TRANSPORT}. */
public enum SmcTransport {
    /** Rules, memory and {@code smc.mode} decide, as without the attribute. */
    AUTO,
    /** TCP, whatever the rules say. */
    TCP,
    /** SMC or an error: neither rules nor memory are asked, and a connection that falls back fails. */
    SMC
}
