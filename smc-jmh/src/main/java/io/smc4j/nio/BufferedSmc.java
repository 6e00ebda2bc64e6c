package io.smc4j.nio;

import io.smc4j.SmcConfig;
import io.smc4j.engine.CloseGuard;
import io.smc4j.engine.SmcEngine;
import io.smc4j.internal.DefaultProvider;
import io.smc4j.internal.Natives;
import io.smc4j.internal.SocketFamily;
import io.smc4j.policy.ConnectDecider;
import java.nio.channels.spi.SelectorProvider;

/** Our provider as it is with {@code smc.buffer.bytes}, beside others without it in the same JVM. Only for benchmarks, which run on the class path. */
public final class BufferedSmc {

    private BufferedSmc() {
    }

    /** A provider with an engine of its own, whose SMC sockets have buffers of {@code bytes}. Not for use while other threads read the setting. */
    public static SelectorProvider provider(int bytes) {
        String before = System.setProperty(SmcConfig.BUFFER_BYTES, String.valueOf(bytes));
        try {
            return new SmcSelectorProvider(DefaultProvider.get(), new SmcEngine(Natives.calls(), Natives.jdk(), SocketFamily.SMC, ConnectDecider.current(),
                    new CloseGuard(Natives.calls(), SmcConfig.closeDrainMaxMs()), SmcConfig.connectPatienceMs(), false));
        } finally {
            if (before == null) {
                System.clearProperty(SmcConfig.BUFFER_BYTES);
            } else {
                System.setProperty(SmcConfig.BUFFER_BYTES, before);
            }
        }
    }
}
