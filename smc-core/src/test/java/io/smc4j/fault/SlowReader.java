package io.smc4j.fault;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** A server that accepts one connection, sleeps, then reads to the end: on a thread of its own. */
final class SlowReader implements AutoCloseable {

    /** What it read until the clean end: how many bytes, and whether each was the expected one. */
    record Read(long bytes, boolean intact) {
    }

    private final ServerSocketChannel listener;
    private final FutureTask<Read> reading;

    SlowReader(long sleepMillis) throws IOException {
        listener = ServerSocketChannel.open().bind(Guest.loopback(0));
        Callable<Read> read = () -> {
            try (SocketChannel channel = listener.accept()) {
                Thread.sleep(sleepMillis);
                return readAll(channel);
            }
        };
        reading = new FutureTask<>(read);
        Thread thread = new Thread(reading, "slow-reader");
        thread.setDaemon(true);
        thread.start();
    }

    InetSocketAddress address() throws IOException {
        return (InetSocketAddress) listener.getLocalAddress();
    }

    /** What it has read, once it has. */
    Read result() throws Exception {
        return reading.get(90, TimeUnit.SECONDS);
    }

    /** Asserts that it reads exactly {@code bytes} and then the end. */
    void assertReads(long bytes) throws Exception {
        assertEquals(new Read(bytes, true), result());
    }

    @Override
    public void close() throws IOException {
        listener.close();
    }

    /** Reads as fast as it can, and looks at the bytes afterwards: what comes late must not find a reader that is not at its read yet. */
    private static Read readAll(SocketChannel channel) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocateDirect(64 * 1024);
        ByteArrayOutputStream all = new ByteArrayOutputStream(256 * 1024);
        byte[] copy = new byte[buffer.capacity()];
        for (int n = channel.read(buffer); n >= 0; n = channel.read(buffer.clear())) {
            buffer.flip().get(copy, 0, n);
            all.write(copy, 0, n);
        }
        byte[] bytes = all.toByteArray();
        boolean intact = true;
        for (int i = 0; i < bytes.length; i++) {
            intact &= bytes[i] == pattern(i);
        }
        return new Read(bytes.length, intact);
    }

    private static byte pattern(long index) {
        return (byte) (index % 251);
    }

    /**
     * Writes until {@code bytes} are written, or the channel has taken no more for a while: what the kernel sends on meanwhile makes room. Answers
     * how many it took.
     */
    static long write(SocketChannel channel, long bytes) throws IOException {
        int full = 0;
        ByteBuffer buffer = ByteBuffer.allocateDirect(64 * 1024);
        long written = 0;
        while (written < bytes) {
            buffer.clear().limit((int) Math.min(buffer.capacity(), bytes - written));
            for (long i = written; buffer.hasRemaining(); i++) {
                buffer.put(pattern(i));
            }
            int n = channel.write(buffer.flip());
            full = n == 0 ? full + 1 : 0;
            if (full == 10) {
                return written;
            }
            if (n == 0) {
                LockSupport.parkNanos(10_000_000);
            }
            written += n;
        }
        return written;
    }
}
