package io.smc4j.cli;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
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
 * class that carries this hook (a fraction of one without that). smc-core's tests have the same class.
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

    /** A file's text, damaged: bytes flipped and overwritten, pieces cut, doubled, and replaced by numbers that parsers trip over. */
    static String damaged(String text, long seed) {
        String[] traps = {"", "\0", "\n", " ", ":", "-1", "0", "18446744073709551616", "FFFFFFFFFFFFFFFF", "\ud83d\ude00", "\u0661", "=", "\""};
        Random random = new Random(seed);
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        for (int i = random.nextInt(8); i >= 0 && bytes.length > 0; i--) {
            int at = random.nextInt(bytes.length);
            switch (random.nextInt(4)) {
                case 0 -> bytes[at] = (byte) random.nextInt();
                case 1 -> bytes = Arrays.copyOf(bytes, at);
                case 2 -> bytes = join(bytes, bytes.length, bytes, at);
                default -> {
                    byte[] trap = traps[random.nextInt(traps.length)].getBytes(StandardCharsets.UTF_8);
                    bytes = join(join(bytes, at, trap, 0), at + trap.length, bytes, Math.min(bytes.length, at + random.nextInt(6)));
                }
            }
        }
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    private static byte[] join(byte[] a, int end, byte[] b, int begin) {
        byte[] both = Arrays.copyOf(a, end + b.length - begin);
        System.arraycopy(b, begin, both, end, b.length - begin);
        return both;
    }
}
