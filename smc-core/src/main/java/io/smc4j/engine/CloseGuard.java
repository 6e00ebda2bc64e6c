package io.smc4j.engine;

import io.smc4j.diag.SmcEvents;
import io.smc4j.internal.Linux;
import io.smc4j.internal.NativeCalls;
import io.smc4j.internal.SockAddr;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;

/**
 * Sees to it that a close loses nothing that TCP would have delivered and blocks nobody. SMC's own close waits up to 2 s for the send buffer to
 * drain and then drops it ({@code smc_close_stream_wait}, {@code net/smc/smc_close.c}); here the socket is kept open on the side until it has drained,
 * bounded in time ({@code smc.close.drain.max}) and number.
 *
 * <p>Thread-safe. Nothing here blocks but {@link #await} and the shutdown hook.
 */
public final class CloseGuard {

    private static final Logger LOG = System.getLogger("io.smc4j.close");
    /** A handshake that the kernel has not ended by itself after this long (6 s and a confirm-link) is closed as it is. */
    private static final long HANDSHAKE_MAX_MS = 12_000;
    private static final long MAX_PAUSE_MS = 16;
    private static final int MAX_FD = 1 << 16;

    private final NativeCalls calls;
    private final Closer closer = new Closer("smc4j-closer");
    private final long drainMaxMillis;
    private final AtomicBoolean hooked = new AtomicBoolean();

    /**
     * A guard of its own.
     *
     * @param drainMaxMillis how long a closed socket may go on draining, in milliseconds
     */
    public CloseGuard(NativeCalls calls, long drainMaxMillis) {
        this.calls = calls;
        this.drainMaxMillis = drainMaxMillis;
    }

    /**
     * Bytes accepted from the program that may yet get into the peer's buffer; 0 where the kernel does not say. After an abort the kernel goes on counting
     * what nobody will take any more, but knows no peer ({@code smc_getname}).
     */
    public long unsent(int fd) {
        long unsent = calls.ioctl(fd, Linux.SIOCOUTQNSD);
        return unsent > 0 && calls.getpeername(fd, new byte[SockAddr.IN6_LENGTH]) >= 0 ? unsent : 0;
    }

    /**
     * Keeps the socket of {@code fd} open by a descriptor of our own until it has drained: the caller may close {@code fd} at once. For descriptors that no
     * epoll instance holds; one that does would go on reporting the socket under a number that may by then be another's.
     *
     * @return false where no descriptor was to be had; the caller's close then is the kernel's
     */
    public boolean drainAfterClose(int fd) {
        int kept = keep(fd);
        if (kept < 0) {
            return false;
        }
        whenDrained(kept, () -> true, () -> calls.close(kept));
        return true;
    }

    /**
     * Shuts down the output of {@code fd}'s socket once it has drained; the caller may go on to close {@code fd}.
     *
     * @return false where no descriptor was to be had; the caller's shutdown then is the kernel's
     */
    public boolean shutdownAfterDrain(int fd) {
        int kept = keep(fd);
        if (kept < 0) {
            return false;
        }
        whenDrained(kept, () -> true, () -> {
            calls.shutdown(kept, Linux.SHUT_WR);
            calls.close(kept);
        });
        return true;
    }

    /**
     * Runs {@code finish} on the closer's thread once {@code fd} has drained and {@code released} holds, or when time is up.
     *
     * @param fd stays open until {@code finish} closes it
     * @param released whether nothing else stands in the way of closing (a selector that still holds the channel)
     * @param finish closes or shuts down; must not throw
     */
    public void whenDrained(int fd, BooleanSupplier released, Runnable finish) {
        long start = System.nanoTime();
        closer.add(new Closer.Task() {
            @Override
            public boolean ready() {
                return unsent(fd) == 0 && released.getAsBoolean();
            }

            @Override
            public void finish(boolean inTime) {
                long left = inTime ? 0 : unsent(fd);
                note(left, System.nanoTime() - start);
                finish.run();
            }
        }, drainMaxMillis);
    }

    private void note(long left, long nanos) {
        SmcEvents.drained(nanos, left);
        if (left == 0) {
            return;
        }
        LOG.log(Level.WARNING, "gave up draining a closed SMC connection after {0} ms with {1} bytes unsent: the peer does not read (smc.close.drain.max)",
                TimeUnit.NANOSECONDS.toMillis(nanos), left);
    }

    /** Waits in the calling thread until {@code fd} has drained, at most {@code millis}: what SO_LINGER asks for. */
    public boolean await(int fd, long millis) {
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        long pause = 1;
        while (unsent(fd) > 0) {
            if (System.nanoTime() - deadline >= 0) {
                return false;
            }
            try {
                Thread.sleep(pause);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return false;
            }
            pause = Math.min(pause * 2, MAX_PAUSE_MS);
        }
        return true;
    }

    /** A second descriptor of {@code fd}'s socket, so that nobody who closes {@code fd} waits for a handshake; -1: none to be had. */
    public int keep(int fd) {
        return Math.max(-1, calls.fcntl(fd, Linux.F_DUPFD_CLOEXEC, 0));
    }

    /** Closes what {@link #keep} gave; a handshake still under way is waited for by the closer. */
    public void release(int kept, boolean handshakeOver) {
        if (kept < 0) {
            return;
        }
        if (handshakeOver) {
            calls.close(kept);
        } else {
            afterHandshake(kept, () -> true, () -> calls.close(kept));
        }
    }

    /** Runs {@code close} on the closer's thread once the handshake of {@code fd} is over and {@code released} holds, or when time is up. */
    public void afterHandshake(int fd, BooleanSupplier released, Runnable close) {
        closer.add(new Closer.Task() {
            @Override
            public boolean ready() {
                return released.getAsBoolean() && calls.poll(fd, Linux.POLLOUT, 0) != 0;
            }

            @Override
            public void finish(boolean inTime) {
                close.run();
            }
        }, HANDSHAKE_MAX_MS);
    }

    /** Sockets that are draining, or in a handshake given up, now. */
    public int waiting() {
        return closer.waiting();
    }

    /**
     * Makes the JVM's exit wait for what is unsent, once: the kernel's own close of an exiting process drops it. Called with the first SMC
     * connection.
     */
    public void guardExit() {
        if (hooked.get() || !hooked.compareAndSet(false, true)) {
            return;
        }
        try {
            Runtime.getRuntime().addShutdownHook(new Thread(null, this::drainAtExit, "smc4j-exit", 0, false));
        } catch (IllegalStateException e) {
            return; // the JVM is shutting down already
        }
    }

    /** Looks at every descriptor of the process, so that open sockets need not be tracked. */
    private void drainAtExit() {
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(drainMaxMillis);
        long pause = 1;
        long unsent;
        while ((unsent = unsentOfProcess()) > 0 && System.nanoTime() - deadline < 0) {
            try {
                Thread.sleep(pause);
            } catch (InterruptedException e) {
                break;
            }
            pause = Math.min(pause * 2, MAX_PAUSE_MS);
        }
        if (unsent > 0) {
            LOG.log(Level.WARNING, "the JVM exits with {0} bytes unsent in SMC connections: the peers do not read (smc.close.drain.max)", unsent);
        }
    }

    private long unsentOfProcess() {
        long sum = 0;
        try (DirectoryStream<Path> fds = Files.newDirectoryStream(Path.of("/proc/self/fd"))) {
            for (Path p : fds) {
                sum += unsentOfSmc(Integer.parseInt(p.getFileName().toString()));
            }
        } catch (IOException | RuntimeException e) { // no /proc: try the numbers
            sum = 0;
            for (int fd = 0; fd < MAX_FD; fd++) {
                sum += unsentOfSmc(fd);
            }
        }
        return sum;
    }

    private long unsentOfSmc(int fd) {
        return calls.getsockopt(fd, Linux.SOL_SOCKET, Linux.SO_DOMAIN) == Linux.AF_SMC ? unsent(fd) : 0;
    }
}
