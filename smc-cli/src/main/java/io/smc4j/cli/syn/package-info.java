/**
 * The check of a path for what it does to SMC's TCP option ({@code 01 01 FE 06 E2 D4 C3 D9}: kind 254, "SMCR" in EBCDIC) in a SYN: a few
 * SYNs of our own making, whose answers are judged. Nothing reaches an application: the kernel, which knows nothing of these connections, answers
 * each SYN-ACK with a reset.
 */
package io.smc4j.cli.syn;
