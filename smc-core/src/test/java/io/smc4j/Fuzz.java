package io.smc4j;

import java.util.List;
import java.util.concurrent.TimeUnit;
import net.jqwik.api.lifecycle.AroundTryHook;
import net.jqwik.api.lifecycle.Lifespan;
import net.jqwik.api.lifecycle.PropagationMode;
import net.jqwik.api.lifecycle.Store;
import net.jqwik.api.lifecycle.TryExecutionResult;
import net.jqwik.api.lifecycle.TryExecutor;
import net.jqwik.api.lifecycle.TryLifecycleContext;

/**
 * Ends a property when its time is over, however many tries it has left: {@code -Dsmc4j.fuzz.seconds=N}, N seconds for each property of the
 * class that carries this hook (a fraction of one without that). smc-cli's tests are compiled with this class, too.
 */
public final class Fuzz implements AroundTryHook {

    private static final String SECONDS = "smc4j.fuzz.seconds";
    private static final long NANOS = (long) (Double.parseDouble(System.getProperty(SECONDS, "0.2")) * TimeUnit.SECONDS.toNanos(1));

    @Override
    public TryExecutionResult aroundTry(TryLifecycleContext context, TryExecutor executor, List<Object> parameters) {
        long begin = Store.getOrCreate(context.label(), Lifespan.PROPERTY, System::nanoTime).get();
        TryExecutionResult result = executor.execute(parameters);
        return result.isSatisfied() && System.nanoTime() - begin > NANOS ? TryExecutionResult.satisfied(true) : result;
    }

    @Override
    public PropagationMode propagateTo() {
        return PropagationMode.ALL_DESCENDANTS;
    }
}
