package io.smc4j.nio;

import java.nio.channels.SelectionKey;
import java.util.AbstractSet;
import java.util.Arrays;
import java.util.ConcurrentModificationException;
import java.util.Iterator;
import java.util.NoSuchElementException;

/**
 * A selector's selected keys: a set from which programs can remove keys and to which they can add none. Each key knows its place in an array, so that putting
 * it in and taking it out hash nothing and allocate nothing: a selection does both for each ready key.
 *
 * <p>Not thread-safe, as {@code Selector.selectedKeys()} says: selections hold this object's monitor, programs do where several of their threads use it.
 * Iterators fail fast, as those of the JDK's set.
 */
final class SelectedKeys extends AbstractSet<SelectionKey> {

    private static final int FIRST_CAPACITY = 16;

    private SmcSelectionKey[] keys = new SmcSelectionKey[FIRST_CAPACITY];
    private int size;
    /** Counts what iterators must not miss. */
    private int changes;

    /** Adds a key; false where it is in already. For selections. */
    boolean put(SmcSelectionKey key) {
        if (key.place >= 0) {
            return false;
        }
        if (size == keys.length) {
            keys = Arrays.copyOf(keys, 2 * size);
        }
        key.place = size;
        keys[size++] = key;
        changes++;
        return true;
    }

    @Override
    public int size() {
        return size;
    }

    @Override
    public boolean contains(Object o) {
        return o instanceof SmcSelectionKey && holds((SmcSelectionKey) o);
    }

    @Override
    public boolean remove(Object o) {
        if (!contains(o)) {
            return false;
        }
        take(((SmcSelectionKey) o).place);
        return true;
    }

    @Override
    public void clear() {
        for (int i = 0; i < size; i++) {
            keys[i].place = -1;
            keys[i] = null;
        }
        size = 0;
        changes++;
    }

    @Override
    public Iterator<SelectionKey> iterator() {
        return new Keys();
    }

    /** Another selector's key has its place there. */
    private boolean holds(SmcSelectionKey key) {
        int place = key.place;
        return place >= 0 && place < size && keys[place] == key;
    }

    /** The last key moves to the free place. */
    private void take(int place) {
        SmcSelectionKey last = keys[--size];
        keys[place].place = -1;
        keys[size] = null;
        if (place < size) {
            keys[place] = last;
            last.place = place;
        }
        changes++;
    }

    private final class Keys implements Iterator<SelectionKey> {

        private int next;
        private int seen = changes;
        /** The last key that was returned has not been removed. */
        private boolean returned;

        @Override
        public boolean hasNext() {
            return next < size;
        }

        @Override
        public SelectionKey next() {
            check();
            if (next >= size) {
                throw new NoSuchElementException();
            }
            returned = true;
            return keys[next++];
        }

        @Override
        public void remove() {
            if (!returned) {
                throw new IllegalStateException();
            }
            check();
            returned = false;
            take(--next); // what has moved there is next
            seen = changes;
        }

        private void check() {
            if (seen != changes) {
                throw new ConcurrentModificationException();
            }
        }
    }
}
