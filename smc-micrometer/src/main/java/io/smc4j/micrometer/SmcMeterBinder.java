package io.smc4j.micrometer;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.smc4j.diag.FallbackReason;
import io.smc4j.diag.SmcMetrics;
import io.smc4j.diag.SmcMode;
import java.util.function.LongSupplier;

/**
 * Binds the counters of {@link SmcMetrics}: {@code new SmcMeterBinder().bindTo(registry)}. Meters:
 * <ul>
 * <li>{@code smc.connects}, tag {@code mode}: connections that were to use SMC, by what carries them</li>
 * <li>{@code smc.accepts}, tag {@code mode} ({@code SMC}, {@code TCP}): connections accepted by SMC listeners, by what carries them</li>
 * <li>{@code smc.retries}: connections made again over TCP</li>
 * <li>{@code smc.fallbacks}, tag {@code reason}: connections the kernel carried over TCP</li>
 * <li>{@code smc.close.drains}, tag {@code outcome} ({@code delivered}, {@code given-up}) and {@code smc.close.lost} (bytes)</li>
 * </ul>
 *
 * <p>Thread-safety: no state; safe for any thread.
 */
public final class SmcMeterBinder implements MeterBinder {

    /** A binder; one for each registry, or one for all. */
    public SmcMeterBinder() {
        // nothing to set
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        for (SmcMode mode : SmcMode.values()) {
            if (mode != SmcMode.NONE) {
                counter(registry, "smc.connects", "connections that were to use SMC", () -> SmcMetrics.connects(mode), "mode", mode.name());
            }
        }
        for (FallbackReason reason : FallbackReason.values()) {
            if (reason != FallbackReason.NONE) {
                counter(registry, "smc.fallbacks", "connections the kernel carried over TCP", () -> SmcMetrics.fallbacks(reason), "reason",
                        reason.name());
            }
        }
        counter(registry, "smc.accepts", "connections accepted by SMC listeners", SmcMetrics::accepts, "mode", "SMC");
        counter(registry, "smc.accepts", "connections accepted by SMC listeners", SmcMetrics::acceptsTcp, "mode", "TCP");
        counter(registry, "smc.retries", "connections made again over TCP", SmcMetrics::retries);
        counter(registry, "smc.close.drains", "closed connections with unsent bytes", SmcMetrics::drains, "outcome", "delivered");
        counter(registry, "smc.close.drains", "closed connections with unsent bytes", SmcMetrics::drainsGivenUp, "outcome", "given-up");
        FunctionCounter.builder("smc.close.lost", SmcMetrics.class, c -> SmcMetrics.lostBytes()).baseUnit("bytes")
                .description("bytes given up after close").register(registry);
    }

    private static void counter(MeterRegistry registry, String name, String description, LongSupplier value, String... tags) {
        // The registry keeps the object weakly: a class is never collected while its loader lives.
        FunctionCounter.builder(name, SmcMetrics.class, c -> value.getAsLong()).description(description).tags(tags).register(registry);
    }
}
