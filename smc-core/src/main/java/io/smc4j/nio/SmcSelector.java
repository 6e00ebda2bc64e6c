package io.smc4j.nio;

import io.smc4j.internal.JdkAccess;
import java.io.IOException;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.IllegalSelectorException;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.spi.AbstractSelectableChannel;
import java.nio.channels.spi.AbstractSelectionKey;
import java.nio.channels.spi.AbstractSelector;
import java.nio.channels.spi.SelectorProvider;
import java.util.Collections;
import java.util.Iterator;
import java.util.Objects;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * A selector around the JDK's: the inner selector waits, this one keeps the keys that programs see. Takes channels of ours and every channel
 * of the JDK's.
 *
 * <p>Lock discipline, as the JDK's selectors: a selection holds this object's monitor and then that of {@link #selectedKeys()}. Registering and
 * {@link #wakeup()} take neither.
 */
final class SmcSelector extends AbstractSelector {

    private static final long FOREVER = -1;

    private final Selector inner;
    private final JdkAccess jdk;
    private final Set<SelectionKey> keys = ConcurrentHashMap.newKeySet();
    private final Set<SelectionKey> publicKeys = Collections.unmodifiableSet(keys);
    /** Guarded by its own monitor in selections; programs guard their own use, as the SPI says. */
    private final SelectedKeys selected = new SelectedKeys();
    private final Consumer<SelectionKey> onReady = this::onReady;
    /** Keys whose channel got connected without the inner selector noticing. */
    private final Queue<SmcSelectionKey> connected = new ConcurrentLinkedQueue<>();

    /** The program asked for the selection to return; only there to tell its wake-ups from ours. */
    private volatile boolean woken;
    /**
     * We woke the inner selection up, or kept an event from the program, or a key is being cancelled: the selection looks at {@code connected} and at the cancelled keys, and
     * goes on. Set after what it is set for, but for a key's cancelling, which the next selection begins with where this one looked too early.
     */
    private volatile boolean again;

    // Guarded by this object's monitor.
    /** That of the selection under way, if it has one: what the program does in it may not begin another. */
    private Consumer<SelectionKey> action;
    private int ready;

    SmcSelector(SelectorProvider provider, Selector inner, JdkAccess jdk) {
        super(provider);
        this.inner = inner;
        this.jdk = jdk;
    }

    Selector inner() {
        return inner;
    }

    @Override
    public Set<SelectionKey> keys() {
        ensureOpen();
        return publicKeys;
    }

    @Override
    public Set<SelectionKey> selectedKeys() {
        ensureOpen();
        return selected;
    }

    @Override
    public int selectNow() throws IOException {
        return lockAndSelect(null, 0);
    }

    @Override
    public int select(long timeout) throws IOException {
        return lockAndSelect(null, checked(timeout));
    }

    @Override
    public int select() throws IOException {
        return lockAndSelect(null, FOREVER);
    }

    @Override
    public int select(Consumer<SelectionKey> action, long timeout) throws IOException {
        Objects.requireNonNull(action);
        return lockAndSelect(action, checked(timeout));
    }

    @Override
    public int select(Consumer<SelectionKey> action) throws IOException {
        return lockAndSelect(Objects.requireNonNull(action), FOREVER);
    }

    @Override
    public int selectNow(Consumer<SelectionKey> action) throws IOException {
        return lockAndSelect(Objects.requireNonNull(action), 0);
    }

    private static long checked(long timeout) {
        if (timeout < 0) {
            throw new IllegalArgumentException("Negative timeout");
        }
        return timeout == 0 ? FOREVER : timeout;
    }

    private int lockAndSelect(Consumer<SelectionKey> action, long timeout) throws IOException {
        synchronized (this) {
            ensureOpen();
            if (this.action != null) {
                throw new IllegalStateException("select in progress");
            }
            if (action == null) { // nothing of the program's runs in this selection, to begin another one in it
                synchronized (selected) {
                    return doSelect(timeout);
                }
            }
            this.action = action;
            try {
                synchronized (selected) {
                    return doSelect(timeout);
                }
            } finally {
                this.action = null;
            }
        }
    }

    private int doSelect(long timeout) throws IOException {
        ready = 0;
        forgetCancelled(true);
        try {
            long start = timeout > 0 ? System.nanoTime() : 0;
            select0(timeout);
            if (again) {
                selectAgain(timeout, start);
            }
        } finally {
            woken = false;
        }
        return ready;
    }

    /** What the inner selection does not report, and more inner selections where it came back to its caller for that alone. */
    private void selectAgain(long timeout, long start) throws IOException {
        try {
            long remaining = timeout;
            while (again) {
                again = false;
                reportConnected();
                if (ready != 0 || timeout == 0 || woken || !isOpen() || Thread.currentThread().isInterrupted()) {
                    return;
                }
                if (timeout > 0) {
                    remaining = timeout - TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
                    if (remaining <= 0) {
                        return;
                    }
                }
                select0(remaining);
            }
        } finally {
            forgetCancelled(false);
        }
    }

    private void select0(long timeout) throws IOException {
        try {
            if (timeout == FOREVER) {
                inner.select(onReady);
            } else if (timeout == 0) {
                inner.selectNow(onReady);
            } else {
                inner.select(onReady, timeout);
            }
        } catch (ClosedSelectorException e) {
            if (isOpen()) {
                throw e;
            }
        }
    }

    private void onReady(SelectionKey innerKey) {
        SmcSelectionKey key = (SmcSelectionKey) innerKey.attachment();
        if (key == null) { // another inner key has taken its place
            again = true;
            return;
        }
        int ops;
        try {
            ops = innerKey.readyOps();
        } catch (CancelledKeyException e) {
            return; // cancelled while being selected
        }
        if ((ops & SelectionKey.OP_CONNECT) != 0 && key.channel() instanceof SmcSocketChannel
                && !((SmcSocketChannel) key.channel()).connectReady(innerKey.channel())) {
            ops &= ~SelectionKey.OP_CONNECT;
            again = true;
            if (ops == 0) {
                return;
            }
        }
        report(key, ops);
    }

    private void report(SmcSelectionKey key, int ops) {
        if (action != null) {
            key.setReady(ops);
            ready++;
            action.accept(key);
            ensureOpen();
        } else if (selected.put(key)) {
            key.setReady(ops);
            ready++;
        } else if (key.addReady(ops)) {
            ready++;
        }
    }

    private void reportConnected() {
        SmcSelectionKey key;
        while ((key = connected.poll()) != null) {
            if (key.isValid() && (key.interest() & SelectionKey.OP_CONNECT) != 0) {
                report(key, SelectionKey.OP_CONNECT);
            }
        }
    }

    /** The key's channel is connected though its inner channel never was pending: the program gets its OP_CONNECT from here. */
    void connectedAlready(SmcSelectionKey key) {
        connected.add(key);
        recheck();
    }

    /** A key is invalid now, and will be among the cancelled ones. */
    void cancelling() {
        again = true;
    }

    /** Makes a selection in progress look at changed registrations without returning to the program. */
    void recheck() {
        again = true;
        inner.wakeup();
    }

    @Override
    public Selector wakeup() {
        woken = true;
        inner.wakeup();
        return this;
    }

    @Override
    protected SelectionKey register(AbstractSelectableChannel channel, int ops, Object attachment) {
        SmcSelectionKey key = new SmcSelectionKey(this, channel, ops);
        key.attach(attachment);
        ensureOpen();
        keys.add(key);
        try {
            if (channel instanceof InnerRegistration) {
                ((InnerRegistration) channel).registerInner(key);
            } else {
                key.setInner(registerJdk(channel, key));
            }
        } catch (IOException | RuntimeException e) {
            keys.remove(key);
            throw e instanceof RuntimeException ? (RuntimeException) e : new IllegalSelectorException();
        }
        if (!isOpen()) {
            keys.remove(key);
            key.cancel();
            throw new ClosedSelectorException();
        }
        return key;
    }

    /** Registers an inner or JDK channel; the channel then refuses what the JDK's selector refuses. */
    SelectionKey registerJdk(SelectableChannel channel, SmcSelectionKey key) throws IOException {
        return channel.register(inner, key.interest(), key);
    }

    /**
     * Takes cancelled keys out.
     *
     * @param all false: leave a key whose inner key the inner selector still holds; registering its channel again would fail
     */
    private void forgetCancelled(boolean all) throws IOException {
        Set<SelectionKey> cancelled = cancelledKeys();
        // Looked at without its monitor first, which each selection would else enter twice for nothing: a cancel() that happened before this selection
        // is seen, one at the same time is the next selection's.
        if (cancelled.isEmpty()) {
            return;
        }
        synchronized (cancelled) {
            for (Iterator<SelectionKey> i = cancelled.iterator(); i.hasNext();) {
                SmcSelectionKey key = (SmcSelectionKey) i.next();
                SelectionKey k = key.inner();
                if (all || k == null || k.channel().keyFor(inner) != k) {
                    i.remove();
                    forget(key);
                }
            }
        }
    }

    private void forget(SmcSelectionKey key) throws IOException {
        keys.remove(key);
        selected.remove(key);
        deregister((AbstractSelectionKey) key);
        SelectableChannel channel = key.channel();
        if (channel instanceof InnerRegistration) {
            ((InnerRegistration) channel).forgetInner(key);
        } else if (!channel.isOpen() && !channel.isRegistered()) {
            jdk.kill(channel); // the inner selector let go of it while our key still counted as a registration
        }
    }

    @Override
    protected void implCloseSelector() throws IOException {
        wakeup();
        inner.close();
        synchronized (this) {
            synchronized (selected) {
                for (SelectionKey key : keys) {
                    forget((SmcSelectionKey) key);
                }
                cancelledKeys().clear();
            }
        }
    }

    private void ensureOpen() {
        if (!isOpen()) {
            throw new ClosedSelectorException();
        }
    }
}
