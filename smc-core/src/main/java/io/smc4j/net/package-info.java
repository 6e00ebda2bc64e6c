/**
 * {@code java.net} and whole JVMs: sockets over SMC built on the JDK's own implementation, asynchronous channels, and the agent that switches everything on with
 * one flag.
 *
 * <p>A connection is made by a socket of its own and then put under the descriptor of the object the program holds, before that object has been in any
 * epoll instance; from then on the JDK's code does all the I/O. Limits: a listener of this package cannot accept into a {@code Socket} made with a proxy
 * ({@code ServerSocket.implAccept}), where the JDK's can.
 */
package io.smc4j.net;
