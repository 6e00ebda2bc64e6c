package io.smc4j.engine;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Does later, on one daemon thread, what would block or lose data now: closes sockets whose send buffer has not drained, and sockets in the
 * middle of a handshake. The thread ends when nothing is left to do.
 *
 * <p>Why: {@code smc_close_active} and {@code smc_shutdown} ({@code net/smc/smc_close.c}) wait up to 2 s for the send buffer, on non-blocking
 * sockets too, and drop what is left then; closing in mid-handshake waits for the handshake's worker.
 *
 * <p>Thread-safe. {@code tasks}, {@code added} and {@code running} are guarded by this object's monitor; no task's code runs under it.
 */
public final class Closer {

    /** Something to do once it can be done without waiting. Runs on the closer's thread only. */
    public interface Task {

        /** Whether {@link #finish} would neither block nor lose data. */
        boolean ready();

        /** Does it; {@code inTime} is false where it has to be done although {@link #ready} is still false. Must not throw. */
        void finish(boolean inTime);
    }

    /** More than this many tasks at once and the oldest ones are finished although not ready; a bound on descriptors held. */
    static final int MAX_TASKS = 4096;

    private static final Logger LOG = System.getLogger("io.smc4j.close");
    private static final long MIN_PAUSE_MS = 1;
    private static final long MAX_PAUSE_MS = 32;

    private final String name;
    private final List<Entry> added = new ArrayList<>();
    private int waiting;
    private boolean running;

    private record Entry(Task task, long deadline) {
    }

    /** @param name of the thread */
    public Closer(String name) {
        this.name = name;
    }

    /** Takes over {@code task}; it is finished in any case after {@code maxMillis}. Never blocks. */
    public void add(Task task, long maxMillis) {
        synchronized (this) {
            added.add(new Entry(task, System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(maxMillis)));
            waiting++;
            if (running) {
                notifyAll();
                return;
            }
            running = true;
        }
        Thread thread = new Thread(null, this::run, name, 0, false);
        thread.setDaemon(true);
        thread.setContextClassLoader(null);
        thread.start();
    }

    /** Number of tasks not finished yet. */
    public synchronized int waiting() {
        return waiting;
    }

    /** Waits until every task is finished; answers false where {@code maxMillis} were not enough. */
    public boolean await(long maxMillis) throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(maxMillis);
        synchronized (this) {
            while (waiting > 0) {
                long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
                if (left <= 0) {
                    return false;
                }
                wait(left);
            }
            return true;
        }
    }

    private void run() {
        List<Entry> entries = new ArrayList<>();
        long pause = MIN_PAUSE_MS;
        while (true) {
            synchronized (this) {
                if (!added.isEmpty()) {
                    entries.addAll(added);
                    added.clear();
                    pause = MIN_PAUSE_MS;
                }
                if (entries.isEmpty()) {
                    running = false;
                    return;
                }
            }
            int finished = finishReady(entries);
            synchronized (this) {
                if (finished > 0) {
                    waiting -= finished;
                    notifyAll();
                    pause = MIN_PAUSE_MS;
                }
                if (added.isEmpty() && !entries.isEmpty()) {
                    try {
                        wait(pause);
                    } catch (InterruptedException e) {
                        pause = MIN_PAUSE_MS; // nobody has this thread to interrupt it; go on
                    }
                    pause = Math.min(pause * 2, MAX_PAUSE_MS);
                }
            }
        }
    }

    private static int finishReady(List<Entry> entries) {
        int finished = 0;
        int surplus = entries.size() - MAX_TASKS;
        long now = System.nanoTime();
        for (Iterator<Entry> i = entries.iterator(); i.hasNext();) {
            Entry entry = i.next();
            try {
                boolean ready = entry.task.ready();
                if (ready || now - entry.deadline >= 0 || surplus > 0) {
                    i.remove();
                    finished++;
                    surplus--;
                    entry.task.finish(ready);
                }
            } catch (RuntimeException e) {
                LOG.log(Level.WARNING, "a socket could not be closed in the background: " + e);
            }
        }
        return finished;
    }
}
