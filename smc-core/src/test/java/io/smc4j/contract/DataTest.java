package io.smc4j.contract;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrowsExactly;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Random;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Reading and writing: sizes, buffers, modes, files; every byte is checked. */
class DataTest extends Contract {

    private static final int MEGABYTE = 1 << 20;

    private static byte[] random(int length, long seed) {
        byte[] bytes = new byte[length];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    private static long crc(byte[] bytes) {
        CRC32 crc = new CRC32();
        crc.update(bytes);
        return crc.getValue();
    }

    private static Void send(SocketChannel channel, byte[] bytes) throws IOException {
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        while (buffer.hasRemaining()) {
            channel.write(buffer);
        }
        return null;
    }

    private static byte[] receive(SocketChannel channel, int length) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocateDirect(length);
        while (buffer.hasRemaining() && channel.read(buffer) >= 0) {
            // until all is there
        }
        byte[] bytes = new byte[buffer.flip().remaining()];
        buffer.get(bytes);
        return bytes;
    }

    @Test
    void megabyteBothWaysAtOnceBlocking() throws Exception {
        Pair pair = pair();
        byte[] there = random(MEGABYTE, 1);
        byte[] back = random(MEGABYTE, 2);
        Background<Void> sendThere = Background.start(() -> send(pair.client(), there));
        Background<Void> sendBack = Background.start(() -> send(pair.server(), back));
        Background<byte[]> receiveThere = Background.start(() -> receive(pair.server(), MEGABYTE));
        assertEquals(crc(back), crc(receive(pair.client(), MEGABYTE)));
        assertEquals(crc(there), crc(receiveThere.result()));
        sendThere.result();
        sendBack.result();
        assertPath(pair.client());
        assertPath(pair.server());
    }

    @Test
    void megabyteBothWaysAtOnceWithASelector() throws Exception {
        Pair pair = pair();
        byte[] data = random(MEGABYTE, 3);
        SocketChannel[] ends = {pair.client(), pair.server()};
        ByteBuffer[] out = {ByteBuffer.wrap(data), ByteBuffer.wrap(data)};
        ByteBuffer[] in = {ByteBuffer.allocate(MEGABYTE), ByteBuffer.allocateDirect(MEGABYTE)};
        Selector selector = selector();
        for (int i = 0; i < 2; i++) {
            ends[i].configureBlocking(false);
            ends[i].register(selector, SelectionKey.OP_READ | SelectionKey.OP_WRITE, i);
        }
        while (in[0].hasRemaining() || in[1].hasRemaining()) {
            assertTrue(selector.select(PATIENCE_MILLIS) > 0, "nothing moves any more");
            for (SelectionKey key : selector.selectedKeys()) {
                int i = (Integer) key.attachment();
                if (key.isReadable()) {
                    assertTrue(ends[i].read(in[i]) >= 0);
                }
                if (key.isWritable() && ends[i].write(out[i]) >= 0 && !out[i].hasRemaining()) {
                    key.interestOps(SelectionKey.OP_READ);
                }
            }
            selector.selectedKeys().clear();
        }
        for (ByteBuffer b : in) {
            byte[] bytes = new byte[MEGABYTE];
            b.flip().get(bytes);
            assertArrayEquals(data, bytes);
        }
        assertPath(pair.client());
    }

    @Test
    void gatherAndScatter() throws Exception {
        Pair pair = pair();
        ByteBuffer[] parts = {bytes("never"), bytes("head"), ByteBuffer.allocate(0), ByteBuffer.allocateDirect(4).put(bytes("body")).flip(),
            bytes("tail").asReadOnlyBuffer(), bytes("never")};
        assertEquals(12, pair.client().write(parts, 1, 4));
        assertEquals(5, parts[0].remaining());
        assertEquals(5, parts[5].remaining());
        ByteBuffer[] into = {ByteBuffer.allocate(5), ByteBuffer.allocateDirect(3), ByteBuffer.allocate(0), ByteBuffer.allocate(4)};
        long n = 0;
        while (n < 12) {
            n += pair.server().read(into);
        }
        assertEquals(12, n);
        assertEquals("headb", text(into[0]));
        assertEquals("ody", text(into[1]));
        assertEquals("tail", text(into[3]));
    }

    private static String text(ByteBuffer full) {
        byte[] bytes = new byte[full.flip().remaining()];
        full.get(bytes);
        return new String(bytes, java.nio.charset.StandardCharsets.UTF_8);
    }

    @Test
    void gatherMoreBuffersThanTheKernelTakesAtOnce() throws Exception {
        Pair pair = pair();
        int count = 2000;
        byte[] data = random(count * 50, 4);
        ByteBuffer[] parts = new ByteBuffer[count];
        for (int i = 0; i < count; i++) {
            parts[i] = ByteBuffer.wrap(data, i * 50, 50);
        }
        Background<byte[]> receive = Background.start(() -> receive(pair.server(), data.length));
        long sent = 0;
        int from = 0;
        while (sent < data.length) {
            sent += pair.client().write(parts, from, count - from);
            while (from < count && !parts[from].hasRemaining()) {
                from++;
            }
        }
        assertArrayEquals(data, receive.result());
    }

    @Test
    void emptyBuffers() throws Exception {
        Pair pair = pair();
        assertEquals(0, pair.client().write(ByteBuffer.allocate(0)));
        assertEquals(0, pair.client().read(ByteBuffer.allocate(0)));
        assertEquals(0, pair.client().write(new ByteBuffer[0]));
        assertEquals(0, pair.client().read(new ByteBuffer[0]));
        exchange(pair);
    }

    @Test
    void wrongArguments() throws Exception {
        Pair pair = pair();
        ByteBuffer one = ByteBuffer.allocate(1);
        assertThrowsExactly(NullPointerException.class, () -> pair.client().read((ByteBuffer) null));
        assertThrowsExactly(NullPointerException.class, () -> pair.client().write((ByteBuffer) null));
        assertThrowsExactly(NullPointerException.class, () -> pair.client().write((ByteBuffer[]) null));
        assertThrowsExactly(IllegalArgumentException.class, () -> pair.client().read(one.asReadOnlyBuffer()));
        assertThrowsExactly(IndexOutOfBoundsException.class, () -> pair.client().read(new ByteBuffer[] {one}, 0, 2));
        assertThrowsExactly(IndexOutOfBoundsException.class, () -> pair.client().write(new ByteBuffer[] {one}, -1, 1));
        exchange(pair);
    }

    @Test
    void nonBlockingReadWithoutData() throws Exception {
        Pair pair = pair();
        pair.server().configureBlocking(false);
        assertEquals(0, pair.server().read(ByteBuffer.allocate(8)));
        assertEquals(0, pair.server().read(new ByteBuffer[] {ByteBuffer.allocate(8)}));
    }

    @Test
    void nonBlockingWriteStopsAndGoesOn() throws Exception {
        Pair pair = pair();
        SocketChannel writer = pair.client();
        writer.configureBlocking(false);
        Selector selector = selector();
        SelectionKey key = writer.register(selector, SelectionKey.OP_WRITE);
        byte[] block = random(32 * 1024, 5);
        CRC32 sent = new CRC32();
        long total = 0;
        int n;
        do { // the end is when a select finds it not writable, too: a TCP window may open late
            n = writer.write(ByteBuffer.wrap(block));
            sent.update(block, 0, n);
            total += n;
        } while (n > 0 || selector.select(200) > 0 && selector.selectedKeys().remove(key));
        assertTrue(total > 0);
        CRC32 received = new CRC32();
        byte[] bytes = receive(pair.server(), (int) total);
        received.update(bytes);
        assertEquals(sent.getValue(), received.getValue());
        awaitReady(selector, key, SelectionKey.OP_WRITE);
        assertTrue(writer.write(ByteBuffer.wrap(block)) > 0);
    }

    @Test
    void manySmallMessages() throws Exception {
        Pair pair = pair();
        Background<Void> echo = Background.start(() -> {
            ByteBuffer b = ByteBuffer.allocateDirect(64);
            while (pair.server().read(b.clear()) >= 0) {
                send(pair.server(), toBytes(b.flip()));
            }
            return null;
        });
        for (int i = 0; i < 500; i++) {
            byte[] message = random(1 + i % 64, i);
            send(pair.client(), message);
            assertArrayEquals(message, receive(pair.client(), message.length));
        }
        pair.client().shutdownOutput();
        echo.result();
    }

    private static byte[] toBytes(ByteBuffer b) {
        byte[] bytes = new byte[b.remaining()];
        b.get(bytes);
        return bytes;
    }

    @Test
    void fileToConnectedAndToAcceptedChannel(@TempDir Path directory) throws Exception {
        byte[] data = random(300_000, 6);
        Path file = Files.write(directory.resolve("out"), data);
        Pair pair = pair();
        for (SocketChannel to : new SocketChannel[] {pair.client(), pair.server()}) {
            SocketChannel from = to == pair.client() ? pair.server() : pair.client();
            Background<byte[]> receive = Background.start(() -> receive(from, data.length - 10));
            try (FileChannel source = FileChannel.open(file)) {
                for (long at = 10; at < data.length;) {
                    at += source.transferTo(at, data.length - at, to);
                }
            }
            assertArrayEquals(java.util.Arrays.copyOfRange(data, 10, data.length), receive.result());
        }
    }

    @Test
    void fileToNonBlockingChannel(@TempDir Path directory) throws Exception {
        byte[] data = random(2 * MEGABYTE, 7);
        Path file = Files.write(directory.resolve("out"), data);
        Pair pair = pair();
        Background<byte[]> receive = Background.start(() -> receive(pair.server(), data.length));
        pair.client().configureBlocking(false);
        Selector selector = selector();
        SelectionKey key = pair.client().register(selector, SelectionKey.OP_WRITE);
        try (FileChannel source = FileChannel.open(file)) {
            for (long at = 0; at < data.length;) {
                awaitReady(selector, key, SelectionKey.OP_WRITE);
                at += source.transferTo(at, data.length - at, pair.client());
            }
        }
        assertEquals(crc(data), crc(receive.result()));
    }

    @Test
    void fileFromConnectedAndFromAcceptedChannel(@TempDir Path directory) throws Exception {
        byte[] data = random(300_000, 8);
        Pair pair = pair();
        for (SocketChannel from : new SocketChannel[] {pair.client(), pair.server()}) {
            SocketChannel to = from == pair.client() ? pair.server() : pair.client();
            Background<Void> send = Background.start(() -> send(to, data));
            Path file = directory.resolve("in" + (from == pair.client()));
            try (FileChannel sink = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
                for (long at = 0; at < data.length;) {
                    at += sink.transferFrom(from, at, data.length - at);
                }
            }
            send.result();
            assertArrayEquals(data, Files.readAllBytes(file));
        }
    }
}
