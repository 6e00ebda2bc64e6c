package io.smc4j.nio;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.channels.SelectionKey;
import java.util.ConcurrentModificationException;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The selected keys are a set: whatever is done to them is done to a {@link HashSet} beside, and they stay equal. */
class SelectedKeysTest {

    private static final int KEYS = 40;

    private final SelectedKeys set = new SelectedKeys();

    private static List<SmcSelectionKey> keys(int count) {
        return IntStream.range(0, count).mapToObj(i -> new SmcSelectionKey(null, null, 0)).toList();
    }

    @Test
    void behavesAsAHashSet() {
        List<SmcSelectionKey> keys = keys(KEYS);
        for (int seed = 0; seed < 200; seed++) {
            Random random = new Random(seed);
            Set<SelectionKey> model = new HashSet<>(set);
            for (int step = 0; step < 100; step++) {
                SmcSelectionKey key = keys.get(random.nextInt(KEYS));
                switch (random.nextInt(8)) {
                    case 0, 1, 2, 3 -> assertEquals(model.add(key), set.put(key));
                    case 4, 5 -> assertEquals(model.remove(key), set.remove(key));
                    case 6 -> removeSome(random.nextLong(), model);
                    default -> clearNowAndThen(random.nextInt(10), model);
                }
                assertEquals(model, set, "seed " + seed);
                assertEquals(model.size(), set.size());
                assertEquals(model.contains(key), set.contains(key));
            }
        }
    }

    /** Each key is seen once, and those that the seed chooses are removed by the iterator. */
    private void removeSome(long seed, Set<SelectionKey> model) {
        Random random = new Random(seed);
        Set<SelectionKey> seen = new HashSet<>();
        int before = set.size();
        for (Iterator<SelectionKey> i = set.iterator(); i.hasNext();) {
            SelectionKey key = i.next();
            assertTrue(seen.add(key));
            if (random.nextBoolean()) {
                i.remove();
                assertTrue(model.remove(key));
            }
        }
        assertEquals(before, seen.size());
    }

    private void clearNowAndThen(int dice, Set<SelectionKey> model) {
        if (dice == 0) {
            set.clear();
            model.clear();
        }
    }

    @Test
    void iteratorsFailFast() {
        List<SmcSelectionKey> keys = keys(2);
        set.put(keys.get(0));
        Iterator<SelectionKey> i = set.iterator();
        assertThrows(IllegalStateException.class, i::remove);
        set.put(keys.get(1));
        assertThrows(ConcurrentModificationException.class, i::next);
        Iterator<SelectionKey> j = set.iterator();
        j.next();
        set.remove(keys.get(1));
        assertThrows(ConcurrentModificationException.class, j::remove);
        Iterator<SelectionKey> k = set.iterator();
        k.next();
        assertThrows(NoSuchElementException.class, k::next);
        k.remove();
        assertThrows(IllegalStateException.class, k::remove);
    }

    @Test
    void programsCannotAdd() {
        SmcSelectionKey key = keys(1).get(0);
        assertThrows(UnsupportedOperationException.class, () -> set.add(key));
        assertFalse(set.contains(key));
    }

    /** A key of another selector is not in this one, whatever its place there. */
    @Test
    void anotherSelectorsKeyIsNotInIt() {
        List<SmcSelectionKey> keys = keys(2);
        SelectedKeys other = new SelectedKeys();
        other.put(keys.get(0));
        assertFalse(set.contains(keys.get(0)));
        set.put(keys.get(1));
        assertFalse(set.contains(keys.get(0)));
        assertFalse(set.remove(keys.get(0)));
        assertFalse(set.remove("no key"));
        assertEquals(1, other.size());
    }
}
