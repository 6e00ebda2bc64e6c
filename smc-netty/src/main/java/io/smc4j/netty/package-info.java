/**
 * SMC under Netty 4.1 and 4.2.
 *
 * <p>Model: the channels are Netty's own {@code EpollSocketChannel} and {@code EpollServerSocketChannel}. A handler next to the head of the
 * pipeline sees connect and bind, asks the policy, and moves an SMC socket over the channel's descriptor; from then on everything but close
 * and the end of input is Netty's own path. Where SMC fails or takes too long, the channel's own TCP socket connects, and the program sees
 * one connect. Handlers that have nothing left to do take themselves out of the pipeline.
 *
 * <p>Limits: {@code shutdownOutput()} cannot be seen by a handler; on a connection whose peer does not read it may block the event loop for
 * the kernel's 2 s; {@link io.smc4j.netty.SmcNetty#shutdownOutput} does not. TCP fast open keeps a channel on TCP; with TCP MD5 signatures, force TCP. io_uring channels stay on TCP.
 *
 * <p>Stability: until version 1.0 a minor release may change this API, and CHANGELOG.md says how; from 1.0 on it follows Semantic Versioning. From the first
 * tagged version on each build is compared with the last tag.
 *
 * @since 0.1.0
 */
package io.smc4j.netty;
