/**
 * A load of echo requests over TCP and over SMC, measured. {@link io.smc4j.cli.bench.Bench} runs rounds of a {@link io.smc4j.cli.bench.Plan}; each round
 * has connections of its own, about which the kernel is asked before anything counts. Results are immutable records, written as JSON, text and HTML.
 *
 * <p>Open loop: a request is due at its time, whether or not the one before is answered, and its latency counts from then. That is the correction for
 * coordinated omission: a pause delays all that was due in it.
 */
package io.smc4j.cli.bench;
