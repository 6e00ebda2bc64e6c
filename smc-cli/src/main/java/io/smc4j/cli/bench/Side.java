package io.smc4j.cli.bench;

import io.smc4j.diag.SmcMode;
import io.smc4j.internal.DefaultProvider;
import io.smc4j.nio.SmcSelectorProvider;
import java.nio.channels.spi.SelectorProvider;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What is compared. */
public enum Side {
    /** The JDK's own provider, whatever the JVM's switch says. */
    TCP,
    /** Ours. */
    SMC;

    /**
     * The side of a name.
     *
     * @throws IllegalArgumentException with a message for the user
     */
    public static Side of(String word) {
        for (Side s : values()) {
            if (s.word().equals(word.strip().toLowerCase(Locale.ROOT))) {
                return s;
            }
        }
        throw new IllegalArgumentException("'" + word + "' is no side: expected tcp or smc");
    }

    /**
     * The sides of a list such as {@code tcp,smc}.
     *
     * @throws IllegalArgumentException with a message for the user
     */
    public static List<Side> list(String words) {
        List<Side> sides = new ArrayList<>();
        for (String word : words.split(",", -1)) {
            Side s = of(word);
            if (sides.contains(s)) {
                throw new IllegalArgumentException("'" + words + "' names " + s.word() + " twice");
            }
            sides.add(s);
        }
        return sides;
    }

    /** The name on command lines and in results. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Where its channels and selectors are from. */
    SelectorProvider provider() {
        return this == TCP ? DefaultProvider.get() : new SmcSelectorProvider();
    }

    /** Whether a connection of this kind is what the side stands for. */
    boolean is(SmcMode mode) {
        return this == TCP ? mode == SmcMode.TCP : mode.isSmc();
    }
}
