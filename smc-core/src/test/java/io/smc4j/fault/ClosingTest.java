package io.smc4j.fault;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.smc4j.fault.SlowReader.Read;
import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A reader that sleeps longer than the 2 s for which SMC's own close waits, and a writer that closes, shuts down or exits meanwhile: every
 * byte that write accepted arrives, and no event loop waits for that.
 */
@InLab
class ClosingTest {

    private static final int LOT = 131_072;
    private static final long MANY = 16L << 20;
    private static final long SLEEP_MS = 5_000;
    /** Longer than the kernel's 2 s. */
    private static final long SHORT_SLEEP_MS = 3_000;
    /** What an event loop can bear. */
    private static final long AT_ONCE_MS = 50;

    @BeforeAll
    static void warmUp() throws Exception {
        try (SlowReader reader = new SlowReader(20)) { // classes are loaded once, and not on the clock
            assertTrue(closeOnASelectorThread(reader, 0, false) >= 0);
            reader.result();
        }
    }

    @Test
    void closeOnASelectorThread() throws Exception {
        try (SlowReader reader = new SlowReader(SLEEP_MS)) {
            closeOnASelectorThread(reader, AT_ONCE_MS, false);
        }
    }

    @Test
    void shutdownOutputOnASelectorThread() throws Exception {
        try (SlowReader reader = new SlowReader(SHORT_SLEEP_MS)) {
            closeOnASelectorThread(reader, AT_ONCE_MS, true);
        }
    }

    /** Answers how long the close, or the shutdown, took in milliseconds. */
    private static long closeOnASelectorThread(SlowReader reader, long maxMillis, boolean shutdownFirst) throws Exception {
        SocketChannel channel = SocketChannel.open();
        try (Selector selector = Selector.open()) {
            channel.configureBlocking(false);
            SelectionKey key = channel.register(selector, SelectionKey.OP_CONNECT);
            if (!channel.connect(reader.address())) {
                do {
                    selector.select(1_000);
                    selector.selectedKeys().clear();
                } while (!channel.finishConnect());
            }
            Guest.assertSmc(channel);
            key.interestOps(SelectionKey.OP_WRITE);
            long accepted = SlowReader.write(channel, LOT);
            System.out.println("write accepted " + accepted + " bytes");
            long start = System.nanoTime();
            if (shutdownFirst) {
                channel.shutdownOutput();
            } else {
                channel.close();
            }
            long took = Guest.millisSince(start);
            System.out.println((shutdownFirst ? "shutdownOutput" : "close") + " in " + took + " ms");
            assertTrue(maxMillis == 0 || took < maxMillis, () -> "took " + took + " ms");
            start = System.nanoTime();
            selector.selectNow();
            long select = Guest.millisSince(start);
            assertTrue(maxMillis == 0 || select < maxMillis, () -> "the next select took " + select + " ms");
            reader.assertReads(accepted);
            if (shutdownFirst) {
                channel.configureBlocking(true);
                assertEquals(-1, channel.read(ByteBuffer.allocate(1)), "the reader has closed");
            }
            return took;
        } finally {
            channel.close();
        }
    }

    @Test
    void closeAfter16MegabytesOfABlockingWriter() throws Exception {
        try (SlowReader reader = new SlowReader(SLEEP_MS)) {
            try (SocketChannel channel = Guest.assertSmc(SocketChannel.open(reader.address()))) {
                assertEquals(MANY, SlowReader.write(channel, MANY));
            }
            reader.assertReads(MANY);
        }
    }

    /** The lot that a blocking writer gets rid of at once, then close. */
    @Test
    void closeOfABlockingWriter() throws Exception {
        try (SlowReader reader = new SlowReader(SHORT_SLEEP_MS)) {
            SocketChannel channel = Guest.assertSmc(SocketChannel.open(reader.address()));
            long accepted = fill(channel);
            long start = System.nanoTime();
            channel.socket().close();
            long took = Guest.millisSince(start);
            assertTrue(took < AT_ONCE_MS, () -> "close took " + took + " ms; TCP's does not wait either");
            reader.assertReads(accepted);
        }
    }

    /** How a JVM ends. */
    enum Exit {
        RETURN_FROM_MAIN, SYSTEM_EXIT, SYSTEM_EXIT_AFTER_CLOSE
    }

    @ParameterizedTest
    @EnumSource
    void exitOfTheJvm(Exit exit) throws Exception {
        try (SlowReader reader = new SlowReader(SHORT_SLEEP_MS);
                Child child = Child.start(WriteAndExit.class, reader.address().getPort(), LOT, exit)) {
            long accepted = Long.parseLong(child.line());
            assertTrue(accepted > 0);
            reader.assertReads(accepted);
            assertEquals(0, child.await());
        }
    }

    /** Without our guard, over the same socket: why all this is done. */
    @Test
    void nakedSmcSocketLosesData() throws Exception {
        try (SlowReader reader = new SlowReader(SLEEP_MS)) {
            SocketChannel channel = Guest.nakedSmc();
            channel.connect(reader.address());
            Guest.assertSmc(channel);
            channel.configureBlocking(false);
            long accepted = SlowReader.write(channel, LOT);
            long start = System.nanoTime();
            channel.close();
            long took = Guest.millisSince(start);
            Read read = reader.result();
            System.out.println("naked AF_SMC: write accepted " + accepted + ", close took " + took + " ms, the reader got " + read);
            if ("smcr".equals(Guest.MODE)) {
                assertEquals(new Read(accepted / 2, true), read, "the kernel loses half and the reader sees a clean end");
                assertTrue(took > 1_500, () -> "took " + took + " ms");
            } else {
                // loopback-ism: the writer writes into the reader's buffer itself
                assertEquals(new Read(accepted, true), read);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void soLinger(Linger linger) throws Exception {
        try (SlowReader reader = new SlowReader(SHORT_SLEEP_MS)) {
            SocketChannel channel = Guest.assertSmc(SocketChannel.open(reader.address()));
            channel.setOption(StandardSocketOptions.SO_LINGER, linger.seconds);
            long accepted = fill(channel);
            long start = System.nanoTime();
            channel.close();
            long took = Guest.millisSince(start);
            System.out.println("SO_LINGER " + linger.seconds + ": close took " + took + " ms");
            if (linger == Linger.LINGER && "smcr".equals(Guest.MODE)) {
                assertTrue(took > SHORT_SLEEP_MS / 2, () -> "close did not wait: " + took + " ms");
                reader.assertReads(accepted);
            } else if (linger == Linger.LINGER) {
                reader.assertReads(accepted); // nothing is ever unsent
            } else {
                assertTrue(took < AT_ONCE_MS, () -> "close waited: " + took + " ms");
            }
        }
    }

    private static long fill(SocketChannel channel) throws IOException {
        channel.configureBlocking(false);
        long accepted = SlowReader.write(channel, LOT);
        channel.configureBlocking(true);
        return accepted;
    }

    /** SO_LINGER's values. */
    enum Linger {
        LINGER(20), NO_WAIT(0);

        final int seconds;

        Linger(int seconds) {
            this.seconds = seconds;
        }
    }
}
