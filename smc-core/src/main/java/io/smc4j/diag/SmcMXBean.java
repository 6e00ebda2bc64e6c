package io.smc4j.diag;

import java.util.List;
import java.util.Map;

/** {@link SmcMetrics} for JMX, under {@value SmcManagement#NAME}; {@link SmcManagement#register()} puts it there. */
public interface SmcMXBean {

    /** Connects over SMC and, after a fallback or retry, over TCP: by {@link SmcMode}. */
    Map<String, Long> getConnects();

    /** {@link SmcMetrics#accepts()}. */
    long getAccepts();

    /** {@link SmcMetrics#acceptsTcp()}. */
    long getAcceptsTcp();

    /** {@link SmcMetrics#retries()}. */
    long getRetries();

    /** Fallbacks by {@link FallbackReason}; reasons that never occurred are left out. */
    Map<String, Long> getFallbacks();

    /** {@link SmcMetrics#drains()}. */
    long getDrains();

    /** {@link SmcMetrics#drainsGivenUp()}. */
    long getDrainsGivenUp();

    /** {@link SmcMetrics#lostBytes()}. */
    long getLostBytes();

    /** What this machine can do: one line for each {@link io.smc4j.SmcCapability}. */
    List<String> getCapabilities();
}
