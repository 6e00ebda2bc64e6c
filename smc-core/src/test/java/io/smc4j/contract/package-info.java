/**
 * What a program may expect of NIO channels, as one suite that runs against the JDK's own provider (the control) and against ours.
 *
 * <p>System properties: {@code smc.contract.provider} is {@code jdk} (default) or {@code smc}, and says which provider
 * {@code -Djava.nio.channels.spi.SelectorProvider} has put in place; the suite opens channels as any program does.
 * {@code smc.contract.expect} is {@code TCP} (default), {@code SMC_D} or {@code SMC_R}: the path that loopback connections between two
 * channels of the suite must take by the kernel's word ({@link io.smc4j.contract.KernelPath}); a silent fallback fails the tests.
 *
 * <p>Where SMC cannot do what TCP does, {@link io.smc4j.contract.KnownDifference} lists it and a test asserts both sides.
 */
package io.smc4j.contract;
