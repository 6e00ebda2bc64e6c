/**
 * Socket channels, listeners and selectors over SMC, reached by one switch: {@link io.smc4j.nio.SmcSelectorProvider}.
 *
 * <p>Model: a channel of ours holds a channel of the JDK's, which does all the I/O. At connect or bind the policy decides by address; for SMC a fresh channel of the
 * right family is put in the held one's place, and where SMC fails the way back to TCP is the same move. Limits: the channels are not the JDK's classes,
 * so code that casts to them, or hands them to a selector of the JDK's own provider, does not work.
 *
 * <p>Stability: until version 1.0 a minor release may change this API, and CHANGELOG.md says how; from 1.0 on it follows Semantic Versioning. From the first
 * tagged version on each build is compared with the last tag.
 *
 * @since 0.1.0
 */
package io.smc4j.nio;
