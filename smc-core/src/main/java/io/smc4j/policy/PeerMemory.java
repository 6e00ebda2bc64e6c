package io.smc4j.policy;

import io.smc4j.SmcConfig;
import io.smc4j.policy.PeerState.Kind;
import io.smc4j.policy.SmcDecision.Source;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiFunction;
import java.util.function.LongSupplier;

/**
 * Destinations (address and port) for which SMC does harm or no good, learned from how their connections went. The package description
 * explains the model.
 *
 * <p>A destination is not asked again until its wait is over. Then one connection tries SMC, the others stay on TCP meanwhile; it
 * reports how it went, and the wait doubles or the destination is forgotten. A trial that never reports gives way to another one after a
 * further wait.
 *
 * <p>Thread-safety: safe for any thread. {@link #lookup} of an unknown destination is one look into a concurrent map; learning changes
 * one map entry atomically; only a newcomer to a full memory walks the map, under a lock, to make room.
 */
public final class PeerMemory {

    /** A 16th of the places is freed at once, so that making room costs little for each newcomer. */
    private static final int ROOM = 16;

    /** What {@link #lookup} answers for nearly every connection: nothing is known. */
    static final SmcDecision UNKNOWN = new SmcDecision(true, Source.MEMORY, "nothing is known against SMC with this peer");

    /** How a memory behaves; times in nanoseconds. */
    record Limits(int peers, long retry, long retryMax, long expiry, int shortRoundTrips, int shortConnections) {
        static Limits read() {
            return new Limits(SmcConfig.memorySize(), nanos(SmcConfig.memoryRetryMs()), nanos(SmcConfig.memoryRetryMaxMs()),
                    nanos(SmcConfig.memoryExpiryMs()), SmcConfig.shortRoundTrips(), SmcConfig.shortConnections());
        }

        private static long nanos(long ms) {
            return TimeUnit.MILLISECONDS.toNanos(ms);
        }
    }

    /** What is known about one destination: never changed but for the two marks, replaced as a whole. */
    private static final class Known {
        final Kind kind;
        final int code;
        final int times;
        final long wait;
        final long until;
        final SmcDecision tcp;
        /** Until when a trial is under way; {@link #until} while none is. */
        final AtomicLong trialUntil;
        /** When it was last asked for or changed; a lost update does no harm. */
        volatile long used;

        Known(Kind kind, int code, int times, long wait, long now, SmcDecision tcp) {
            this.kind = kind;
            this.code = code;
            this.times = times;
            this.wait = wait;
            this.until = now + wait;
            this.tcp = tcp;
            this.trialUntil = new AtomicLong(until);
            this.used = now;
        }
    }

    private final Limits limits;
    private final LongSupplier nanoTime;
    private final ConcurrentHashMap<InetSocketAddress, Known> peers = new ConcurrentHashMap<>();
    /** Held while room is made; nothing but map operations happens under it. */
    private final ReentrantLock makingRoom = new ReentrantLock();

    /** A memory with the sizes and times of the settings. */
    public PeerMemory() {
        this(Limits.read(), System::nanoTime);
    }

    PeerMemory(Limits limits, LongSupplier nanoTime) {
        this.limits = limits;
        this.nanoTime = nanoTime;
    }

    /**
     * Whether a connection to a peer may use SMC, and why not. Asking is taking: where the wait of a peer is over, the answer "yes" is
     * given to one caller, who then reports by one of {@link #succeeded}, {@link #broken}, {@link #declined}, {@link #closed} or
     * {@link #inconclusive}.
     */
    public SmcDecision lookup(InetSocketAddress peer) {
        Known known = peers.get(key(peer));
        if (known == null) {
            return UNKNOWN;
        }
        long now = nanoTime.getAsLong();
        known.used = now;
        if (now - known.until > limits.expiry) {
            peers.remove(key(peer), known);
            return UNKNOWN;
        }
        if (known.kind == Kind.COUNTING) {
            return UNKNOWN;
        }
        long trial = known.trialUntil.get();
        if (now - trial >= 0 && known.trialUntil.compareAndSet(trial, now + known.wait)) {
            return new SmcDecision(true, Source.MEMORY, "one connection tries SMC again; " + known.tcp.why());
        }
        return known.tcp;
    }

    /** SMC was tried and failed, or stalled, where TCP connected. */
    public void broken(InetSocketAddress peer) {
        failed(peer, Kind.BROKEN, 0, limits.retry, "SMC connect failed where TCP works");
    }

    /**
     * SMC was tried and the kernel fell back to TCP.
     *
     * @param reasonCode the local fallback reason of smc_diag ({@code SMC_DIAG_FALLBACK}), or the peer's diagnosis where that reason is
     *                   0x05000000 (the peer declined) and the diagnosis is known; 0 where neither is. It sets the wait
     */
    public void declined(InetSocketAddress peer, int reasonCode) {
        DeclineReason reason = DeclineReason.of(reasonCode);
        if (reason != DeclineReason.IGNORED) {
            failed(peer, Kind.DECLINED, reasonCode, reason.firstWait(limits.retry), String.format("fell back with reason 0x%08x", reasonCode));
        }
    }

    /** A connection runs over SMC: whatever stood against the peer is over. A short peer stays one until a connection lasts. */
    public void succeeded(InetSocketAddress peer) {
        Known known = peers.get(key(peer));
        if (known != null && (known.kind == Kind.BROKEN || known.kind == Kind.DECLINED)) {
            peers.remove(key(peer), known);
        }
    }

    /**
     * A connection that ran over SMC is over, or has just carried enough round trips to have paid for itself; the latter may be reported
     * as soon as it happens.
     *
     * @param roundTrips how many it carried: changes from writing to reading
     */
    public void closed(InetSocketAddress peer, long roundTrips) {
        if (roundTrips < limits.shortRoundTrips) {
            learn(peer, this::oneMoreShort);
            return;
        }
        Known known = peers.get(key(peer));
        if (known != null && (known.kind == Kind.SHORT || known.kind == Kind.COUNTING)) {
            peers.remove(key(peer), known);
        }
    }

    /** An SMC connect ended in a way that says nothing about SMC: refused, unreachable, closed meanwhile. The next connection may try. */
    public void inconclusive(InetSocketAddress peer) {
        Known known = peers.get(key(peer));
        if (known != null) {
            known.trialUntil.set(known.until);
        }
    }

    /** What is known now, in no order. */
    public List<PeerState> snapshot() {
        long now = nanoTime.getAsLong();
        return peers.entrySet().stream().map(e -> state(e, now)).toList();
    }

    private static PeerState state(Map.Entry<InetSocketAddress, Known> entry, long now) {
        Known known = entry.getValue();
        long left = known.kind == Kind.COUNTING ? 0 : Math.max(0, known.until - now);
        return new PeerState(entry.getKey(), known.kind, known.code, known.times, Duration.ofNanos(left));
    }

    /** How many peers are known; while others learn it may be off by what they are about. */
    int size() {
        return peers.size();
    }

    /** Forgets every peer. */
    public void clear() {
        peers.clear();
    }

    /** Forgets one peer; says whether it was known. */
    public boolean forget(InetSocketAddress peer) {
        return peers.remove(key(peer)) != null;
    }

    private void failed(InetSocketAddress peer, Kind kind, int code, long firstWait, String what) {
        learn(peer, (known, now) -> {
            boolean again = known != null && known.kind == kind && now - known.until <= limits.expiry;
            if (again && now - known.until < 0) {
                return known; // connections that were under way when the first of them failed: one failure, not many
            }
            int times = again ? known.times + 1 : 1;
            return known(kind, code, times, firstWait, what, now);
        });
    }

    private Known oneMoreShort(Known known, long now) {
        boolean again = known != null && now - known.until <= limits.expiry;
        if (again && (known.kind == Kind.BROKEN || known.kind == Kind.DECLINED || now - known.until < 0)) {
            return known;
        }
        String what = "its connections are short: fewer than " + limits.shortRoundTrips + " round trips";
        if (again && known.kind == Kind.SHORT) {
            return known(Kind.SHORT, 0, known.times + 1, limits.retry, what, now);
        }
        int seen = again ? known.times + 1 : 1;
        if (seen >= limits.shortConnections) {
            return known(Kind.SHORT, 0, 1, limits.retry, what, now);
        }
        return new Known(Kind.COUNTING, 0, seen, 0, now, null);
    }

    private Known known(Kind kind, int code, int times, long firstWait, String what, long now) {
        long wait = Math.min(limits.retryMax, firstWait);
        for (int i = 1; i < times && wait < limits.retryMax; i++) {
            wait = Math.min(limits.retryMax, wait * 2);
        }
        SmcDecision tcp = new SmcDecision(false, Source.MEMORY, what + " (" + times + (times == 1 ? " time" : " times") + " in a row), TCP for "
                + TimeUnit.NANOSECONDS.toMillis(wait) + " ms");
        return new Known(kind, code, times, wait, now, tcp);
    }

    private interface Lesson {
        Known apply(Known known, long now);
    }

    private void learn(InetSocketAddress peer, Lesson lesson) {
        InetSocketAddress key = key(peer);
        if (limits.peers == 0 || key.isUnresolved()) {
            return;
        }
        BiFunction<InetSocketAddress, Known, Known> next = (k, known) -> lesson.apply(known, nanoTime.getAsLong());
        if (peers.containsKey(key)) {
            peers.compute(key, next);
            return;
        }
        // a key without the host name that the caller's address may carry
        peers.compute(new InetSocketAddress(Ip.fromBytes(key.getAddress().getAddress()), key.getPort()), next);
        if (peers.size() > limits.peers) {
            makeRoom();
        }
    }

    private void makeRoom() {
        makingRoom.lock(); // newcomers wait here, so that they cannot outrun the one who makes room
        try {
            while (peers.size() > limits.peers) {
                forgetOldest();
            }
        } finally {
            makingRoom.unlock();
        }
    }

    private void forgetOldest() {
        long now = nanoTime.getAsLong();
        List<Map.Entry<InetSocketAddress, Known>> all = List.copyOf(peers.entrySet());
        long[] ages = all.stream().mapToLong(e -> now - e.getValue().used).sorted().toArray();
        int surplus = ages.length - limits.peers;
        if (surplus <= 0) {
            return;
        }
        int go = Math.min(ages.length, surplus + limits.peers / ROOM);
        long youngestToGo = ages[ages.length - go];
        for (Map.Entry<InetSocketAddress, Known> entry : all) {
            if (go > 0 && now - entry.getValue().used >= youngestToGo && peers.remove(entry.getKey(), entry.getValue())) {
                go--;
            }
        }
    }

    private static InetSocketAddress key(InetSocketAddress peer) {
        InetAddress address = peer.getAddress();
        if (address instanceof Inet6Address) {
            InetAddress canonical = Ip.canonical(address);
            return canonical == address ? peer : new InetSocketAddress(canonical, peer.getPort());
        }
        return peer;
    }
}
