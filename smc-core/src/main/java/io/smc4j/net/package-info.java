/**
 * {@code java.net} and whole JVMs: sockets over SMC built on the JDK's own implementation, asynchronous channels, and the agent that switches everything on with
 * one flag.
 *
 * <p>A connection is made by a socket of its own and then put under the descriptor of the object the program holds, before that object has been in any
 * epoll instance; from then on the JDK's code does all the I/O. Limits: a listener of this package cannot accept into a {@code Socket} made with a proxy
 * ({@code ServerSocket.implAccept}), where the JDK's can.
 *
 * <p>Stability: until version 1.0 a minor release may change this API, and CHANGELOG.md says how; from 1.0 on it follows Semantic Versioning. From the first
 * tagged version on each build is compared with the last tag.
 *
 * @since 0.1.0
 */
package io.smc4j.net;
