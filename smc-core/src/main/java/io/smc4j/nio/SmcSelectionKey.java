package io.smc4j.nio;

import java.nio.channels.CancelledKeyException;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.spi.AbstractSelectionKey;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;

/**
 * The key that a program sees; behind it stands the JDK's key of the channel's inner channel with the selector's inner selector. The inner
 * key is replaced when the channel changes its inner channel; this object stays.
 *
 * <p>Lock discipline: {@code inner} is replaced only under the channel's state lock. {@code interest} is written before {@code inner} is read,
 * and {@code inner} is written before {@code interest} is read again, so that no interest set gets lost to a replacement.
 */
final class SmcSelectionKey extends AbstractSelectionKey {

    private static final AtomicIntegerFieldUpdater<SmcSelectionKey> INTEREST =
            AtomicIntegerFieldUpdater.newUpdater(SmcSelectionKey.class, "interest");

    private final SmcSelector selector;
    private final SelectableChannel channel;
    private volatile SelectionKey inner;
    private volatile int interest;
    /** Written by the selecting thread only, under the selector's locks. */
    private volatile int ready;
    /** Where {@link SelectedKeys} has this key, or -1; guarded as that is. */
    int place = -1;

    SmcSelectionKey(SmcSelector selector, SelectableChannel channel, int interest) {
        this.selector = selector;
        this.channel = channel;
        this.interest = interest;
    }

    @Override
    public SelectableChannel channel() {
        return channel;
    }

    /**
     * {@inheritDoc}
     *
     * <p>{@code cancel()} is final in the JDK and asks for the selector once the key is invalid: that is where the inner key learns of it, so
     * that {@code cancel()} followed by {@code configureBlocking(true)} works as with the JDK's own keys.
     */
    @Override
    public Selector selector() {
        if (!isValid()) {
            SelectionKey k = inner;
            if (k != null) {
                k.cancel();
            }
            selector.cancelling();
        }
        return selector;
    }

    SmcSelector owner() {
        return selector;
    }

    SelectionKey inner() {
        return inner;
    }

    /** Puts the channel's new inner key behind this one; the one before it is cancelled, and is nobody's: what it still reports is not the channel's. */
    void setInner(SelectionKey key) {
        SelectionKey old = inner;
        inner = key;
        if (old != null && old != key) {
            old.attach(null);
            old.cancel();
        }
        if (!isValid()) {
            key.cancel();
            return;
        }
        pushInterest();
    }

    @Override
    public int interestOps() {
        ensureValid();
        return interest;
    }

    @Override
    public SelectionKey interestOps(int ops) {
        ensureValid();
        checkOps(ops);
        interest = ops;
        pushInterest();
        return this;
    }

    @Override
    public int interestOpsOr(int ops) {
        ensureValid();
        checkOps(ops);
        int old = INTEREST.getAndUpdate(this, i -> i | ops);
        if ((old | ops) != old) {
            pushInterest();
        }
        return old;
    }

    @Override
    public int interestOpsAnd(int ops) {
        ensureValid();
        int old = INTEREST.getAndUpdate(this, i -> i & ops);
        if ((old & ops) != old) {
            pushInterest();
        }
        return old;
    }

    /** Brings {@code interest} to the inner key, again where either changed meanwhile. */
    private void pushInterest() {
        for (;;) {
            SelectionKey k = inner;
            int ops = interest;
            if (k == null) {
                return; // being registered: setInner follows
            }
            try {
                k.interestOps(ops);
            } catch (CancelledKeyException e) {
                if (k == inner) {
                    ensureValid();
                    return; // the inner channel is closed (its connect failed): nothing to be interested in
                }
            }
            if (k == inner && ops == interest) {
                return;
            }
        }
    }

    int interest() {
        return interest;
    }

    @Override
    public int readyOps() {
        ensureValid();
        return ready;
    }

    void setReady(int ops) {
        ready = ops;
    }

    /** Adds to the ready set; answers whether it changed. */
    boolean addReady(int ops) {
        int old = ready;
        ready = old | ops;
        return (old | ops) != old;
    }

    private void ensureValid() {
        if (!isValid()) {
            throw new CancelledKeyException();
        }
    }

    private void checkOps(int ops) {
        if ((ops & ~channel.validOps()) != 0) {
            throw new IllegalArgumentException();
        }
    }

    @Override
    public String toString() {
        return isValid() ? "channel=" + channel + ", selector=" + selector + ", interestOps=" + interest + ", readyOps=" + ready
                : "channel=" + channel + ", selector=" + selector + ", invalid";
    }
}
