package io.smc4j.netty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.unix.Errors;
import io.smc4j.engine.SmcEngine;
import io.smc4j.internal.Linux;
import io.smc4j.internal.Natives;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Ends of connections: nothing is lost, no event loop waits, a reset is none other than TCP's. */
@Timeout(value = 240, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class CloseTest {

    private static final int MUCH = 8 << 20;
    private static final int BUSY = Integer.getInteger("smc.netty.busy", 20);

    private final SmcEngine engine = Net.engine(30_000);
    private EventLoopGroup group;
    private EventLoopGroup peers;

    @BeforeEach
    void start() {
        group = SmcNetty.newEventLoopGroup(1);
        peers = SmcNetty.newEventLoopGroup(1);
    }

    @AfterEach
    void stop() {
        group.shutdownGracefully(0, 5, TimeUnit.SECONDS).syncUninterruptibly();
        peers.shutdownGracefully(0, 5, TimeUnit.SECONDS).syncUninterruptibly();
    }

    /** Writes until the kernel takes no more, and answers how many bytes it took. */
    private static int fill(Channel channel) throws Exception {
        ChannelFuture write = channel.writeAndFlush(Unpooled.wrappedBuffer(new byte[MUCH]));
        assertFalse(write.await(1, TimeUnit.SECONDS), "a reader that sleeps took everything");
        long[] taken = new long[1];
        channel.eventLoop().submit(() -> taken[0] = channel.unsafe().outboundBuffer().currentProgress()).sync();
        return (int) taken[0];
    }

    private Channel connectToSleeper(Channel listener, Recorder accepted, Recorder connected) throws Exception {
        Channel channel = Net.client(group, engine).handler(connected).connect(listener.localAddress()).sync().channel();
        Net.assertPath(channel);
        accepted.get(accepted.active);
        return channel;
    }

    @Test
    void whatTheKernelTookArrivesAfterCloseAndCloseDoesNotWait() throws Exception {
        Recorder accepted = Recorder.keep();
        Channel listener = Net.listen(Net.server(peers, engine).childOption(ChannelOption.AUTO_READ, false), accepted);
        Channel channel = connectToSleeper(listener, accepted, Recorder.keep());
        int taken = fill(channel);
        assertTrue(taken > 0 && taken < MUCH, "taken " + taken);

        AtomicLong closeNanos = new AtomicLong();
        channel.eventLoop().submit(() -> {
            long start = System.nanoTime();
            channel.close();
            closeNanos.set(System.nanoTime() - start);
        }).sync();
        channel.closeFuture().sync();
        Thread.sleep(3_000); // longer than the kernel's own patience of 2 s
        Channel child = accepted.get(accepted.active).channel();
        child.config().setAutoRead(true);
        accepted.get(accepted.inactive);
        int received = accepted.received.stream().mapToInt(b -> b.length).sum();
        assertTrue(received >= taken, "the kernel took " + taken + " bytes, " + received + " arrived");
        assertTrue(!accepted.exception.isDone(), () -> "a clean end expected: " + accepted.exception.join());
        assertTrue(TimeUnit.NANOSECONDS.toMillis(closeNanos.get()) < 1_000, "close took " + closeNanos.get() + " ns of its event loop");
        listener.close().sync();
    }

    /** As a TLS handler, which closes the channel from where it is in the pipeline; put there before the connection is made, and later. */
    @Test
    void whatAHandlerPutFirstClosesArrivesToo() throws Exception {
        Recorder client = Recorder.keep();
        AtomicLong taken = new AtomicLong();
        Channel listener = Net.listen(Net.server(peers, engine), new ChannelInitializer<Channel>() {
            @Override
            protected void initChannel(Channel ch) {
                ch.pipeline().addFirst("early", new ChannelInboundHandlerAdapter());
                ch.pipeline().addLast(new ChannelInboundHandlerAdapter() {
                    @Override
                    public void channelActive(ChannelHandlerContext ctx) {
                        assertInstanceOf(ConnectionHandler.class, ctx.pipeline().first());
                        ctx.pipeline().addFirst("late", new ChannelInboundHandlerAdapter());
                    }

                    @Override
                    public void channelRead(ChannelHandlerContext ctx, Object msg) { // the byte that says: now
                        ((ByteBuf) msg).release();
                        ctx.pipeline().context("early").writeAndFlush(Unpooled.wrappedBuffer(new byte[MUCH]));
                    }

                    @Override
                    public void channelReadComplete(ChannelHandlerContext ctx) {
                        taken.set(ctx.channel().unsafe().outboundBuffer().currentProgress());
                        ctx.pipeline().context("late").close();
                    }
                });
            }
        });
        Channel channel = Net.client(group, engine).option(ChannelOption.AUTO_READ, false).handler(client).connect(listener.localAddress()).sync().channel();
        Net.assertPath(channel);
        channel.writeAndFlush(Unpooled.wrappedBuffer(new byte[1])).sync();
        Thread.sleep(3_000); // longer than the kernel's own patience of 2 s
        channel.config().setAutoRead(true);
        client.get(client.inactive);
        int received = client.received.stream().mapToInt(b -> b.length).sum();
        assertFalse(client.exception.isDone(), () -> "a clean end expected: " + client.exception.join());
        assertTrue(taken.get() > 0 && received >= taken.get(), "the kernel took " + taken + " bytes, " + received + " arrived");
        listener.close().sync();
    }

    @Test
    void aSlowCloserDoesNotStallItsLoop() throws Exception {
        Recorder sleeper = Recorder.keep();
        Channel sleeping = Net.listen(Net.server(peers, engine).childOption(ChannelOption.AUTO_READ, false), sleeper);
        Channel slow = connectToSleeper(sleeping, sleeper, Recorder.keep());
        Channel echo = Net.listen(Net.server(peers, engine), Recorder.echo());
        List<Recorder> busy = new ArrayList<>();
        List<Channel> channels = new ArrayList<>();
        for (int i = 0; i < BUSY; i++) {
            Recorder recorder = Recorder.keep();
            busy.add(recorder);
            channels.add(Net.client(group, engine).handler(recorder).connect(echo.localAddress()).sync().channel());
        }
        fill(slow);
        AtomicLong longest = new AtomicLong();
        slow.eventLoop().submit(() -> {
            long start = System.nanoTime();
            slow.close();
            longest.set(System.nanoTime() - start);
        }).sync();
        for (int round = 0; round < 3; round++) {
            for (Channel channel : channels) {
                channel.writeAndFlush(Unpooled.wrappedBuffer(new byte[64]));
            }
            for (Recorder recorder : busy) {
                recorder.receive(64);
            }
        }
        System.out.println("close of a slow connection held its event loop for " + longest.get() / 1000 + " us");
        assertTrue(longest.get() < TimeUnit.SECONDS.toNanos(1), "close held the loop for " + longest.get() + " ns");
        for (Channel channel : channels) {
            channel.close().sync();
        }
        sleeping.close().sync();
        sleeper.get(sleeper.active).channel().close().sync();
        echo.close().sync();
    }

    /** The socket's own abort: what a killed process leaves where data has not been read. */
    @Test
    void aResetIsAnExceptionAndThenTheEnd() throws Exception {
        Recorder accepted = Recorder.keep();
        Channel listener = Net.listen(Net.server(peers, engine).childOption(ChannelOption.AUTO_READ, false), accepted);
        Recorder connected = Recorder.keep();
        Channel channel = connectToSleeper(listener, accepted, connected);
        channel.writeAndFlush(Unpooled.wrappedBuffer(new byte[1000])).sync();
        Channel child = accepted.get(accepted.active).channel();
        for (int i = 0; i < 100 && Natives.calls().ioctl(Net.fd(child), 0x541B /* FIONREAD */) == 0; i++) {
            Thread.sleep(20);
        }
        child.close().sync(); // with unread data: a reset, on TCP and on SMC
        connected.get(connected.inactive);
        Throwable cause = connected.get(connected.exception);
        assertInstanceOf(IOException.class, cause);
        assertInstanceOf(Errors.NativeIoException.class, cause);
        assertEquals(Errors.ERRNO_ECONNRESET_NEGATIVE, ((Errors.NativeIoException) cause).expectedErr());
        listener.close().sync();
    }

    @Test
    void anEndIsNoReset() throws Exception {
        Recorder accepted = Recorder.keep();
        Channel listener = Net.listen(Net.server(peers, engine), accepted);
        Recorder connected = Recorder.keep();
        Channel channel = connectToSleeper(listener, accepted, connected);
        accepted.get(accepted.active).channel().close().sync();
        connected.get(connected.inactive);
        assertFalse(connected.events.contains("exception"), "" + connected.events);
        channel.closeFuture().sync();
        listener.close().sync();
    }

    @Test
    void shutdownOutputOfOursDoesNotWaitAndLosesNothing() throws Exception {
        Recorder accepted = Recorder.keep();
        Channel listener = Net.listen(Net.server(peers, engine).childOption(ChannelOption.AUTO_READ, false)
                .childOption(ChannelOption.ALLOW_HALF_CLOSURE, true), accepted);
        SocketChannel channel = (SocketChannel) connectToSleeper(listener, accepted, Recorder.keep());
        int size = 0;
        for (ChannelFuture write = null; write == null || write.isSuccess(); size += 4096) { // until the kernel takes no more
            write = channel.writeAndFlush(Unpooled.wrappedBuffer(new byte[4096]));
            write.await(1, TimeUnit.SECONDS);
        }
        AtomicLong held = new AtomicLong();
        ChannelFuture[] shutdown = new ChannelFuture[1];
        channel.eventLoop().submit(() -> {
            long start = System.nanoTime();
            shutdown[0] = SmcNetty.shutdownOutput(channel);
            held.set(System.nanoTime() - start);
        }).sync();
        assertTrue(TimeUnit.NANOSECONDS.toMillis(held.get()) < 1_000, "the loop was held for " + held.get() + " ns");
        Thread.sleep(3_000); // longer than the kernel's own patience of 2 s
        accepted.get(accepted.active).channel().config().setAutoRead(true);
        assertTrue(shutdown[0].await(Net.WAIT_S, TimeUnit.SECONDS));
        accepted.await("ChannelInputShutdownEvent");
        int received = accepted.received.stream().mapToInt(b -> b.length).sum();
        assertTrue(received >= size - 4096, "written " + size + ", received " + received);
        channel.close().sync();
        listener.close().sync();
    }

    @Test
    void halfClosed() throws Exception {
        Recorder accepted = Recorder.keep();
        Channel listener = Net.listen(Net.server(peers, engine).childOption(ChannelOption.ALLOW_HALF_CLOSURE, true), accepted);
        Recorder connected = Recorder.keep();
        SocketChannel channel = (SocketChannel) connectToSleeper(listener, accepted, connected);
        channel.writeAndFlush(Unpooled.wrappedBuffer(new byte[10])).sync();
        channel.shutdownOutput().sync();
        accepted.receive(10);
        Channel child = accepted.get(accepted.active).channel();
        child.writeAndFlush(Unpooled.wrappedBuffer(new byte[20])).sync();
        connected.receive(20);
        accepted.await("ChannelInputShutdownEvent");
        assertTrue(child.isOpen());
        child.close().sync();
        connected.get(connected.inactive);
        listener.close().sync();
    }

    /** SO_LINGER set: what close is to do is the user's word, and Netty closes on a thread of its own. */
    @Test
    void lingerIsKept() throws Exception {
        Recorder accepted = Recorder.keep();
        Channel listener = Net.listen(Net.server(peers, engine), accepted);
        Channel channel = Net.client(group, engine).option(ChannelOption.SO_LINGER, 5).handler(Recorder.keep())
                .connect(listener.localAddress()).sync().channel();
        Net.assertPath(channel);
        byte[] linger = new byte[8];
        assertEquals(8, Natives.calls().getsockopt(Net.fd(channel), Linux.SOL_SOCKET, Linux.SO_LINGER, linger));
        assertEquals(1, linger[0]);
        assertEquals(5, linger[4]);
        channel.close().sync();
        accepted.get(accepted.inactive);
        assertEquals(0, engine.closeGuard().waiting());
        listener.close().sync();
    }
}
