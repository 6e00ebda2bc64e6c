package io.smc4j.fault;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.smc4j.engine.CloseGuard;
import io.smc4j.engine.SmcEngine;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A peer killed by SIGKILL in mid-stream: this side sees the same end over SMC as over TCP, and soon. */
@InLab
class KilledPeerTest {

    private static final int SOME = 1_000;
    private static final int SECONDS = 20;
    /** For bytes to be where they are on their way to. */
    private static final long SETTLE_MS = 300;

    /** What the connection is doing when the peer dies, and what this side then does. */
    enum Moment {
        /** Nothing, and this side waits for data. */
        IDLE(false, false, false, false),
        /** The peer has not read what this side sent. */
        UNREAD_BY_THE_PEER(true, false, false, false),
        /** The peer sends, this side reads. */
        PEER_SENDS(false, true, false, false),
        /** The peer sends and has not read what this side sent. */
        PEER_SENDS_WITH_UNREAD(true, true, false, false),
        /** This side's writer waits for a peer that does not read. */
        WRITER_WAITS(false, false, false, true),
        /** This side's writer sends to a peer that reads. */
        WRITER_SENDS(false, false, true, true);

        final boolean unread;
        final boolean peerWrites;
        final boolean peerReads;
        final boolean weWrite;

        Moment(boolean unread, boolean peerWrites, boolean peerReads, boolean weWrite) {
            this.unread = unread;
            this.peerWrites = peerWrites;
            this.peerReads = peerReads;
            this.weWrite = weWrite;
        }
    }

    /** Which side connects, and how this side waits. */
    enum Side {
        CONNECTED, ACCEPTED_WITH_SELECTOR
    }

    @ParameterizedTest
    @EnumSource
    void sameAsOverTcp(Moment moment) throws Exception {
        Side side = moment.ordinal() % 2 == 0 ? Side.CONNECTED : Side.ACCEPTED_WITH_SELECTOR;
        FutureTask<String> overTcp = start(() -> outcome(false, moment, side));
        String smc = outcome(true, moment, side);
        String tcp = overTcp.get(60, TimeUnit.SECONDS);
        System.out.println(moment + ", " + side + ": SMC " + smc + ", TCP " + tcp);
        assertEquals(tcp, smc);
        CloseGuard guard = SmcEngine.current().closeGuard();
        for (long start = System.nanoTime(); guard.waiting() > 0 && Guest.millisSince(start) < 5_000;) {
            Thread.sleep(50);
        }
        assertEquals(0, guard.waiting(), "sockets kept open for bytes that nobody will take any more");
    }

    private static String outcome(boolean smc, Moment moment, Side side) throws Exception {
        try (ServerSocketChannel listener = smc ? ServerSocketChannel.open() : Guest.jdk().openServerSocketChannel();
                Child victim = Child.start(List.of(), List.of("-Dsmc.mode=" + (smc ? "auto" : "off")), Victim.class,
                        side == Side.CONNECTED ? 0 : listen(listener), moment.peerReads, moment.peerWrites);
                SocketChannel channel = side == Side.CONNECTED
                        ? connect(smc, Integer.parseInt(victim.line())) : listener.accept()) {
            assertEquals("ready", victim.line());
            if (smc) {
                Guest.assertSmc(channel);
            } else {
                Guest.assertTcp(channel);
            }
            if (moment.unread) {
                assertEquals(SOME, channel.write(ByteBuffer.allocate(SOME)));
            }
            FutureTask<String> end = start(() -> moment.weWrite ? write(channel) : read(channel, side, moment.peerWrites));
            Thread.sleep(SETTLE_MS);
            assertTrue(!end.isDone(), "over before its time");
            victim.kill();
            return end.get(SECONDS, TimeUnit.SECONDS);
        }
    }

    private static int listen(ServerSocketChannel listener) throws IOException {
        return ((InetSocketAddress) listener.bind(Guest.loopback(0)).getLocalAddress()).getPort();
    }

    private static SocketChannel connect(boolean smc, int port) throws IOException {
        SocketChannel channel = smc ? SocketChannel.open() : Guest.plainTcp();
        channel.connect(Guest.loopback(port));
        return channel;
    }

    private static FutureTask<String> start(Callable<String> what) {
        FutureTask<String> task = new FutureTask<>(what);
        Thread thread = new Thread(task);
        thread.setDaemon(true);
        thread.start();
        return task;
    }

    private static String read(SocketChannel channel, Side side, boolean slowly) throws Exception {
        try {
            ByteBuffer buffer = ByteBuffer.allocate(16 * 1024);
            if (side == Side.CONNECTED) {
                while (channel.read(buffer.clear()) >= 0) {
                    Thread.sleep(slowly ? 20 : 0);
                }
                return "end";
            }
            channel.configureBlocking(false);
            try (Selector selector = Selector.open()) {
                channel.register(selector, SelectionKey.OP_READ);
                while (channel.read(buffer.clear()) >= 0) {
                    selector.select();
                    selector.selectedKeys().clear();
                    Thread.sleep(slowly ? 20 : 0);
                }
            }
            return "end";
        } catch (IOException e) {
            return e.toString();
        }
    }

    private static String write(SocketChannel channel) {
        try {
            for (ByteBuffer buffer = ByteBuffer.allocate(16 * 1024);; buffer.clear()) {
                channel.write(buffer);
            }
        } catch (IOException e) {
            return e.toString();
        }
    }
}
