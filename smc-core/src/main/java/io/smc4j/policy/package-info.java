/**
 * Which connections use SMC: rules by address ({@link io.smc4j.policy.SmcPolicy}) and what was learned about peers
 * ({@link io.smc4j.policy.PeerMemory}), put together by {@link io.smc4j.policy.ConnectDecider}. Pure Java; nothing here opens a socket.
 *
 * <h2>Rules</h2>
 * {@link io.smc4j.policy.SmcRuleParser} has the grammar. A policy is made as a whole from the settings and the rule file and is never
 * changed; when the file changes, another one takes its place ({@link io.smc4j.policy.Policies}). So there is never half a policy in
 * force: a file with a bad line gives none. At the first load everything is TCP then (in mode {@code require}: an error); later the
 * policy that was in force stays.
 *
 * <h2>Memory</h2>
 * A peer is an address and a port. It is learned as
 * <ul>
 * <li><em>broken</em>: an SMC connect failed or stalled where TCP connected. Back to unknown when an SMC connect succeeds.</li>
 * <li><em>declined</em>: the kernel fell back to TCP. The reason code sets how long it is left alone: what comes back by itself is
 * asked again soon, what is a matter of configuration late. Back to unknown when an SMC connect succeeds.</li>
 * <li><em>short</em>: {@code smc.short.connections} connections in a row carried fewer than {@code smc.short.round-trips} round trips.
 * Back to unknown when one carries more.</li>
 * </ul>
 * Connections to such a peer go over TCP at once until a wait is over. Then a single connection is a trial over SMC while all others
 * stay on TCP. Each trial that fails in the same way doubles the wait, up to {@code smc.memory.retry.max}; one that succeeds ends it.
 * Over TCP nothing is measured, so that a short peer whose connections have become long is found by a trial too, as the others are.
 * A trial that never reports (its connection may stay open for days) makes room for the next after one more wait. A peer nothing is
 * heard of for {@code smc.memory.expiry} after its wait is forgotten, its back-off with it.
 *
 * <p>Connections that were under way together and fail together count once. The memory holds {@code smc.memory.size} peers; the least
 * recently used go.
 *
 * <p>Stability: until version 1.0 a minor release may change this API, and CHANGELOG.md says how; from 1.0 on it follows Semantic Versioning. From the first
 * tagged version on each build is compared with the last tag.
 *
 * @since 0.1.0
 */
package io.smc4j.policy;
