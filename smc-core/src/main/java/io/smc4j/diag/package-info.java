/**
 * What the kernel knows about SMC: each connection's mode and fallback reason, devices, link groups, statistics and settings.
 *
 * <p>Sockets come from sock_diag ({@code linux/smc_diag.h}), everything else from the generic netlink family {@code SMC_GEN_NETLINK}
 * ({@code linux/smc.h}); both answer without privilege, for the caller's own network namespace. Every query is a fresh look; results
 * are immutable. Parsers take bytes and are separate from the sockets they come from; they accept the shorter structures of older kernels
 * and pass over attributes of newer ones. A query fails with an {@link java.io.IOException} whose message says what was asked and what
 * the kernel answered.
 *
 * <p>Limits: without the module {@code smc_diag} a connection is known to be SMC or TCP from its socket alone, not why it fell back.
 *
 * <p>Stability: until version 1.0 a minor release may change this API, and CHANGELOG.md says how; from 1.0 on it follows Semantic Versioning. From the first
 * tagged version on each build is compared with the last tag.
 *
 * @since 0.1.0
 */
package io.smc4j.diag;
