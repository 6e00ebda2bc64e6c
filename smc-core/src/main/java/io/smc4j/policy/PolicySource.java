package io.smc4j.policy;

import io.smc4j.SmcConfig;
import io.smc4j.SmcConfig.EffectiveMode;
import io.smc4j.SmcConfig.Mode;
import io.smc4j.SmcConfigException;
import io.smc4j.policy.SmcDecision.Source;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

/**
 * Loads the policy from the settings and the rule file, and again when one of them changes. It has no thread: the thread that asks for
 * the policy looks, at most once in {@code smc.rules.reload}, while the others take the policy as it is.
 *
 * <p>A changed file is taken once it has stood unchanged for that time, so that one which is being written is not taken half: replace
 * the file by renaming a new one over it. The first load takes what it finds.
 *
 * <p>Thread-safety: {@link #state} is one immutable object, swapped as a whole under {@link #lock}.
 */
final class PolicySource {

    /** A version of the rule file; equal while it is unchanged. */
    private record Stamp(long modifiedMs, long modifiedNanos, long size, Object key) {
    }

    /**
     * @param policy  in force; null where {@code error} is not null
     * @param error   what stops every decision in mode {@code require}
     * @param loaded  the version of the file that was tried last, good or bad; null where it could not be looked at
     * @param seen    the version that the last look found
     * @param setting what the settings said, to see them change
     * @param said    the warning under which {@code policy} stays in force, to say it once; null where there is none
     */
    private record State(SmcPolicy policy, SmcConfigException error, Stamp loaded, Stamp seen, Settings setting, String said, long lookedAt) {
        State(SmcPolicy policy, Stamp loaded, Stamp seen, Settings setting, long lookedAt) {
            this(policy, null, loaded, seen, setting, null, lookedAt);
        }

        State(SmcConfigException error, Stamp seen, Settings setting, long lookedAt) {
            this(null, error, seen, seen, setting, null, lookedAt);
        }
    }

    private record Settings(EffectiveMode mode, String file, boolean smcByDefault, boolean log, long reloadNanos) {
        static Settings read() {
            return new Settings(SmcConfig.effectiveMode(), SmcConfig.get(SmcConfig.RULES), SmcConfig.smcByDefault(), SmcConfig.logDecisions(),
                    TimeUnit.MILLISECONDS.toNanos(SmcConfig.reloadMs()));
        }
    }

    private static final SmcPolicy LOADING = SmcPolicy.tcp(new EffectiveMode(Mode.AUTO, "rules are being loaded"), Source.DEFAULT,
            "the rules are being loaded, and this connection is part of that", false);

    private final LongSupplier nanoTime;
    private final SmcPolicy.Resolver resolver;
    private final ReentrantLock lock = new ReentrantLock();
    private volatile State state;

    PolicySource() {
        this(System::nanoTime, InetAddress::getAllByName);
    }

    PolicySource(LongSupplier nanoTime, SmcPolicy.Resolver resolver) {
        this.nanoTime = nanoTime;
        this.resolver = resolver;
    }

    /** The policy in force; throws {@link SmcConfigException} where there is none, which happens in mode {@code require} only. */
    SmcPolicy current() {
        State now = state;
        if (lock.isHeldByCurrentThread()) { // a name service of the application's that connects by itself, asked by the load under way
            return now != null && now.policy != null ? now.policy : LOADING;
        }
        if (now == null) {
            now = first();
        } else if (now.setting.reloadNanos > 0 && nanoTime.getAsLong() - now.lookedAt >= now.setting.reloadNanos && lock.tryLock()) {
            try {
                now = look(state, false);
            } finally {
                lock.unlock();
            }
        }
        return policyOf(now);
    }

    /** Loads everything again now, host names included. */
    SmcPolicy reload() {
        lock.lock();
        try {
            return policyOf(look(state, true));
        } finally {
            lock.unlock();
        }
    }

    private static SmcPolicy policyOf(State state) {
        if (state.error != null) {
            throw state.error;
        }
        return state.policy;
    }

    private State first() {
        lock.lock();
        try {
            return state != null ? state : look(null, true);
        } finally {
            lock.unlock();
        }
    }

    /** Under the lock: the next state, from a look at the settings and the file. */
    private State look(State before, boolean force) {
        long now = nanoTime.getAsLong();
        if (before != null && !force && now - before.lookedAt < before.setting.reloadNanos) {
            return before; // another thread has just looked
        }
        State next;
        try {
            Settings setting = Settings.read();
            Stamp seen = stamp(setting.file);
            if (before != null && !force && setting.equals(before.setting)
                    && (same(seen, before.loaded) || !settled(seen, before.seen, setting.reloadNanos))) {
                next = new State(before.policy, before.error, before.loaded, seen, setting, before.said, now);
            } else {
                next = load(before, setting, seen, now);
            }
        } catch (SmcConfigException e) { // a bad setting in mode require
            next = before != null && before.policy != null ? keep(before, e, before.loaded, before.setting, now)
                    : new State(e, null, new Settings(new EffectiveMode(Mode.REQUIRE, "setting"), null, false, false,
                            TimeUnit.MILLISECONDS.toNanos(SmcConfig.RULES_RELOAD_MS_DEFAULT)), now);
        }
        state = next;
        return next;
    }

    private State load(State before, Settings setting, Stamp seen, long now) {
        try {
            List<SmcRule> rules = setting.file == null || setting.mode.mode() == Mode.OFF ? List.of() : SmcRuleParser.parse(setting.file);
            if (!same(seen, stamp(setting.file)) && before != null && before.policy != null) {
                return new State(before.policy, before.loaded, null, before.setting, now); // it changed as we read: look again
            }
            SmcPolicy policy = SmcPolicy.of(setting.mode, rules, setting.smcByDefault, setting.file, setting.log, resolver);
            if (before != null) {
                SmcPolicy.LOG.log(Level.INFO, "policy loaded again: mode {0}, rules {1}", setting.mode, String.valueOf(rules.size()));
            }
            return new State(policy, seen, seen, setting, now);
        } catch (SmcRuleException e) {
            boolean goodInForce = before != null && before.policy != null && before.policy.isGood() && sameButFile(before.setting, setting);
            if (goodInForce) {
                return keep(before, e, seen, setting, now);
            }
            if (setting.mode.mode() == Mode.REQUIRE) {
                return new State(e, seen, setting, now);
            }
            SmcPolicy.LOG.log(Level.WARNING, "{0}={1}: {2}; every connection is TCP until the file is good", SmcConfig.RULES, setting.file, e.getMessage());
            return new State(SmcPolicy.tcp(setting.mode, Source.BAD_RULES, e.getMessage(), setting.log), seen, seen, setting, now);
        }
    }

    private static State keep(State before, SmcConfigException e, Stamp seen, Settings setting, long now) {
        if (!e.getMessage().equals(before.said) || !same(seen, before.loaded)) {
            SmcPolicy.LOG.log(Level.WARNING, "{0}; the rules loaded before stay in force until this is mended", e.getMessage());
        }
        return new State(before.policy, null, seen, seen, setting, e.getMessage(), now);
    }

    private static boolean sameButFile(Settings a, Settings b) {
        return a.mode.mode() == b.mode.mode() && a.smcByDefault == b.smcByDefault && a.log == b.log;
    }

    private static boolean same(Stamp a, Stamp b) {
        return a == null ? b == null : a.equals(b);
    }

    /** Whether a changed file is no longer being written: unchanged since the last look, or for as long as the time between two looks. */
    private static boolean settled(Stamp seen, Stamp before, long reloadNanos) {
        if (same(seen, before) || seen == null) {
            return true;
        }
        return System.currentTimeMillis() - seen.modifiedMs >= TimeUnit.NANOSECONDS.toMillis(reloadNanos);
    }

    private static Stamp stamp(String file) {
        if (file == null) {
            return null;
        }
        try {
            BasicFileAttributes a = Files.readAttributes(Path.of(file), BasicFileAttributes.class);
            return new Stamp(a.lastModifiedTime().toMillis(), a.lastModifiedTime().toInstant().getNano(), a.size(), a.fileKey());
        } catch (IOException | InvalidPathException | SecurityException e) {
            return null; // reading it says what is wrong
        }
    }
}
