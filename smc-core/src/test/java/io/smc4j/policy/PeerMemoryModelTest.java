package io.smc4j.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.smc4j.policy.PeerState.Kind;
import java.net.InetSocketAddress;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** The memory against a plain, single-threaded model of what the package description says, over random sequences of events. */
class PeerMemoryModelTest {

    private static final int SIZE = 4;
    private static final long RETRY = 120;
    private static final long MAX = 500;
    private static final long EXPIRY = 2_000;
    private static final int CONNECTIONS = 3;

    private enum What { LOOKUP, BROKEN, DECLINED_SOON, DECLINED_LATE, SUCCEEDED, SHORT, LONG, INCONCLUSIVE, FORGET }

    private record Event(What what, int peer, long pause) {
    }

    private static final class Row {
        Kind kind;
        int times;
        long wait;
        long until;
        /** A trial was let through and has not been taken back; another one may follow from here on. */
        long nextTrial;
        long used;
    }

    private final Map<Integer, Row> model = new HashMap<>();
    private long now;

    @Property(tries = 2_000)
    void behavesAsTheModel(@ForAll("events") List<Event> events) {
        model.clear();
        now = 0;
        AtomicLong clock = new AtomicLong();
        PeerMemory memory = new PeerMemory(new PeerMemory.Limits(SIZE, RETRY, MAX, EXPIRY, 25, CONNECTIONS), clock::get);
        for (Event event : events) {
            now += event.pause; // at least 1, so that "least recently used" is never a tie
            clock.set(now);
            InetSocketAddress peer = PeerMemoryTest.peer(event.peer);
            switch (event.what) {
                case LOOKUP -> assertEquals(lookup(event.peer), memory.lookup(peer).smc(), event::toString);
                case BROKEN -> {
                    memory.broken(peer);
                    failed(event.peer, Kind.BROKEN, RETRY);
                }
                case DECLINED_SOON -> {
                    memory.declined(peer, 0x01010000);
                    failed(event.peer, Kind.DECLINED, RETRY / 12);
                }
                case DECLINED_LATE -> {
                    memory.declined(peer, 0x03030008);
                    failed(event.peer, Kind.DECLINED, RETRY * 5);
                }
                case SUCCEEDED -> {
                    memory.succeeded(peer);
                    forgetIf(event.peer, Kind.BROKEN, Kind.DECLINED);
                }
                case SHORT -> {
                    memory.closed(peer, 24);
                    shortOne(event.peer);
                }
                case LONG -> {
                    memory.closed(peer, 25);
                    forgetIf(event.peer, Kind.SHORT, Kind.COUNTING);
                }
                case INCONCLUSIVE -> {
                    memory.inconclusive(peer);
                    if (model.containsKey(event.peer)) {
                        model.get(event.peer).nextTrial = model.get(event.peer).until;
                    }
                }
                default -> assertEquals(model.remove(event.peer) != null, memory.forget(peer), event::toString);
            }
            assertEquals(modelText(), text(memory), event::toString);
        }
    }

    private boolean lookup(int peer) {
        Row row = model.get(peer);
        if (row == null) {
            return true;
        }
        row.used = now;
        if (now > row.until + EXPIRY) {
            model.remove(peer);
            return true;
        }
        if (row.kind == Kind.COUNTING) {
            return true;
        }
        if (now < row.nextTrial) {
            return false;
        }
        row.nextTrial = now + row.wait;
        return true;
    }

    private void failed(int peer, Kind kind, long first) {
        Row row = model.get(peer);
        boolean again = row != null && row.kind == kind && now <= row.until + EXPIRY;
        if (!again || now >= row.until) {
            put(peer, kind, again ? row.times + 1 : 1, first);
        }
    }

    private void shortOne(int peer) {
        Row row = model.get(peer);
        boolean again = row != null && now <= row.until + EXPIRY;
        if (!again) {
            put(peer, Kind.COUNTING, 1, 0);
        } else if (row.kind == Kind.SHORT && now >= row.until) {
            put(peer, Kind.SHORT, row.times + 1, RETRY);
        } else if (row.kind == Kind.COUNTING) {
            if (row.times + 1 == CONNECTIONS) {
                put(peer, Kind.SHORT, 1, RETRY);
            } else {
                put(peer, Kind.COUNTING, row.times + 1, 0);
            }
        }
    }

    private void put(int peer, Kind kind, int times, long first) {
        Row row = new Row();
        row.kind = kind;
        row.times = times;
        row.wait = (long) Math.min(MAX, first * Math.pow(2, times - 1));
        row.until = now + row.wait;
        row.nextTrial = row.until;
        row.used = now;
        model.put(peer, row);
        if (model.size() > SIZE) {
            model.remove(model.entrySet().stream().min(Comparator.comparingLong(e -> e.getValue().used)).orElseThrow().getKey());
        }
    }

    private void forgetIf(int peer, Kind one, Kind other) {
        Row row = model.get(peer);
        if (row != null && (row.kind == one || row.kind == other)) {
            model.remove(peer);
        }
    }

    private String modelText() {
        return model.entrySet().stream().map(e -> e.getKey() + " " + e.getValue().kind + " " + e.getValue().times + " "
                + (e.getValue().kind == Kind.COUNTING ? 0 : Math.max(0, e.getValue().until - now))).sorted().collect(Collectors.joining(", "));
    }

    private static String text(PeerMemory memory) {
        return memory.snapshot().stream().map(s -> s.peer().getPort() + " " + s.kind() + " " + s.times() + " " + s.retryIn().toNanos()).sorted()
                .collect(Collectors.joining(", "));
    }

    @Provide
    Arbitrary<List<Event>> events() {
        Arbitrary<Long> pauses = Arbitraries.frequencyOf(net.jqwik.api.Tuple.of(6, Arbitraries.longs().between(1, 20)),
                net.jqwik.api.Tuple.of(3, Arbitraries.longs().between(1, 700)), net.jqwik.api.Tuple.of(1, Arbitraries.longs().between(1, 3_000)));
        return Combinators.combine(Arbitraries.of(What.class), Arbitraries.integers().between(1, 6), pauses).as(Event::new).list().ofMaxSize(80);
    }
}
