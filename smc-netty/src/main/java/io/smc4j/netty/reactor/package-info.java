/**
 * SMC for Reactor Netty; needs {@code reactor-netty-core}, which the program brings.
 *
 * <p>Stability: until version 1.0 a minor release may change this API, and CHANGELOG.md says how; from 1.0 on it follows Semantic Versioning. From the first
 * tagged version on each build is compared with the last tag.
 *
 * @since 0.1.0
 */
package io.smc4j.netty.reactor;
