package io.smc4j.net;

import java.io.IOException;
import java.nio.channels.Channel;
import java.nio.channels.CompletionHandler;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** Where asynchronous connects over SMC wait: on daemon threads of their own, which exist while there are such connects. */
final class AsynchronousConnect {

    /** More at once go over TCP, or wait. */
    static final int MAX_THREADS = 256;

    private static final ThreadPoolExecutor THREADS = new ThreadPoolExecutor(0, Integer.MAX_VALUE, 10, TimeUnit.SECONDS, new SynchronousQueue<>(), r -> {
        Thread thread = new Thread(null, r, "smc4j-connect", 0, false);
        thread.setDaemon(true);
        thread.setContextClassLoader(null);
        return thread;
    });
    private static final Object LOCK = new Object();
    /** Those that wait for a thread; guarded by LOCK. */
    private static final Queue<Runnable> WAITING = new ArrayDeque<>();
    /** Guarded by LOCK. */
    private static int running;

    private AsynchronousConnect() {
    }

    /**
     * Runs {@code connect}.
     *
     * @param mayWait whether it waits its turn where too many are under way: for those that cannot go over TCP instead
     * @return false where too many are under way
     */
    static boolean start(Runnable connect, boolean mayWait) {
        synchronized (LOCK) {
            if (running == MAX_THREADS) {
                return mayWait && WAITING.add(connect);
            }
            running++;
        }
        boolean begun = false;
        try {
            THREADS.execute(() -> runAll(connect));
            begun = true;
        } finally {
            if (!begun) { // no thread to be had
                synchronized (LOCK) {
                    running--;
                }
            }
        }
        return true;
    }

    private static void runAll(Runnable first) {
        for (Runnable next = first; next != null; next = following()) {
            try {
                next.run();
            } catch (Throwable e) { // an exception of the program's handler; the thread goes on for those who wait
                Thread thread = Thread.currentThread();
                thread.getUncaughtExceptionHandler().uncaughtException(thread, e);
            }
        }
    }

    /** One that waits, or null where there is none and this thread is done. */
    private static Runnable following() {
        synchronized (LOCK) {
            Runnable next = WAITING.poll();
            if (next == null) {
                running--;
            }
            return next;
        }
    }

    /**
     * Lets the channel's group tell {@code handler} how a connect ended: the JDK channel's own connect is over at once, for the socket under it is the
     * placeholder, and its handler waits for {@link #finish}, which the connecting thread calls next.
     */
    static final class Report<A> implements CompletionHandler<Void, A> {

        private final CompletionHandler<Void, ? super A> handler;
        private final CountDownLatch finished = new CountDownLatch(1);
        private volatile Throwable failure;

        Report(CompletionHandler<Void, ? super A> handler) {
            this.handler = handler;
        }

        /** The connect is over; {@code cause} is null where it went well. */
        void finish(Throwable cause) {
            failure = cause;
            finished.countDown();
        }

        @Override
        public void completed(Void result, A attachment) {
            await();
            if (failure == null) {
                handler.completed(null, attachment);
            } else {
                handler.failed(failure, attachment);
            }
        }

        @Override
        public void failed(Throwable e, A attachment) {
            await();
            handler.failed(failure == null ? e : failure, attachment);
        }

        private void await() {
            boolean interrupted = false;
            while (true) {
                try {
                    finished.await();
                    break;
                } catch (InterruptedException e) {
                    interrupted = true; // microseconds: the other thread makes three system calls
                }
            }
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** A result that a handler brings; cancelling it closes the channel, as the JDK does where it may interrupt. */
    static final class Pending<V> extends CompletableFuture<V> implements CompletionHandler<V, Object> {

        private final Channel channel;

        Pending(Channel channel) {
            this.channel = channel;
        }

        @Override
        public void completed(V result, Object attachment) {
            if (!complete(result) && result instanceof Channel) { // cancelled meanwhile: nobody takes the accepted channel
                closeQuietly((Channel) result);
            }
        }

        @Override
        public void failed(Throwable e, Object attachment) {
            completeExceptionally(e);
        }

        @Override
        public boolean cancel(boolean mayInterruptIfRunning) {
            boolean cancelled = super.cancel(mayInterruptIfRunning);
            if (cancelled && mayInterruptIfRunning) {
                closeQuietly(channel);
            }
            return cancelled;
        }
    }

    static void closeQuietly(Channel channel) {
        try {
            channel.close();
        } catch (IOException e) {
            // What it held is given back all the same; nobody is left to be told.
        }
    }
}
