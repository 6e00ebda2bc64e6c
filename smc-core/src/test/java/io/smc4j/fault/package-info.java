/**
 * What goes wrong with SMC and what the library makes of it, against a real kernel: broken middleboxes played by a peer of raw packets,
 * slow readers at close, killed peers, handshakes that fail. Runs in the lab only ({@code src/test/sh/fault.sh}).
 */
package io.smc4j.fault;
