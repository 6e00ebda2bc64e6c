/** SMC for Reactor Netty; needs {@code reactor-netty-core}, which the program brings. */
package io.smc4j.netty.reactor;
