/**
 * The front door: can this JVM use SMC and why not ({@link io.smc4j.Smc}, {@link io.smc4j.SmcCapability}), and the settings
 * ({@link io.smc4j.SmcConfig}, {@link io.smc4j.SmcSetting}). A program needs none of it: the switch alone puts its sockets on SMC
 * ({@link io.smc4j.nio.SmcSelectorProvider}).
 *
 * <p>The packages {@code io.smc4j.internal} and {@code io.smc4j.engine} are not API and change without notice.
 *
 * <p>Stability: until version 1.0 a minor release may change this API, and CHANGELOG.md says how; from 1.0 on it follows Semantic Versioning. From the first
 * tagged version on each build is compared with the last tag.
 *
 * @since 0.1.0
 */
package io.smc4j;
