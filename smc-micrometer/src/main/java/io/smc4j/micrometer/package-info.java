/** The counters of {@link io.smc4j.diag.SmcMetrics} as Micrometer meters. */
package io.smc4j.micrometer;
