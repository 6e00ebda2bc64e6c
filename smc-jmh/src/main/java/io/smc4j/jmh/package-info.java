/**
 * JMH benchmarks of connections, each over a named {@link io.smc4j.jmh.Transport}; a connection that the kernel says is over something else fails its
 * benchmark. {@link io.smc4j.jmh.JmhMain} runs them. On the class path only.
 */
package io.smc4j.jmh;
