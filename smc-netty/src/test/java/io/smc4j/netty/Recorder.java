package io.smc4j.netty;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Writes down what a pipeline is told, and can echo. For several channels only where no events are asked for. */
@ChannelHandler.Sharable
final class Recorder extends ChannelInboundHandlerAdapter {

    final List<String> events = new CopyOnWriteArrayList<>();
    final CompletableFuture<SmcConnectionEvent> connection = new CompletableFuture<>();
    final CompletableFuture<Throwable> exception = new CompletableFuture<>();
    final CompletableFuture<Void> inactive = new CompletableFuture<>();
    final CompletableFuture<ChannelHandlerContext> active = new CompletableFuture<>();
    final LinkedBlockingQueue<byte[]> received = new LinkedBlockingQueue<>();
    private final boolean echo;

    Recorder(boolean echo) {
        this.echo = echo;
    }

    static Recorder echo() {
        return new Recorder(true);
    }

    static Recorder keep() {
        return new Recorder(false);
    }

    <T> T get(CompletableFuture<T> future) throws Exception {
        try {
            return future.get(Net.WAIT_S, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            throw new AssertionError("not in time; the pipeline was told " + events, e);
        }
    }

    /** Waits until the pipeline has been told {@code event}. */
    void await(String event) throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(Net.WAIT_S);
        while (!events.contains(event)) {
            if (System.nanoTime() - end > 0) {
                throw new AssertionError("no " + event + " in time; the pipeline was told " + events);
            }
            Thread.sleep(5);
        }
    }

    /** Exactly {@code length} received bytes. */
    byte[] receive(int length) throws InterruptedException {
        byte[] all = new byte[length];
        int n = 0;
        while (n < length) {
            byte[] some = received.poll(Net.WAIT_S, TimeUnit.SECONDS);
            if (some == null) {
                throw new AssertionError("only " + n + " of " + length + " bytes; the pipeline was told " + events);
            }
            System.arraycopy(some, 0, all, n, some.length);
            n += some.length;
        }
        return all;
    }

    @Override
    public void channelRegistered(ChannelHandlerContext ctx) {
        events.add("registered");
        ctx.fireChannelRegistered();
    }

    @Override
    public void channelUnregistered(ChannelHandlerContext ctx) {
        events.add("unregistered");
        ctx.fireChannelUnregistered();
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        events.add("active");
        active.complete(ctx);
        ctx.fireChannelActive();
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        events.add("inactive");
        inactive.complete(null);
        ctx.fireChannelInactive();
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof SmcConnectionEvent) {
            events.add("connection");
            connection.complete((SmcConnectionEvent) event);
        } else {
            events.add(event.getClass().getSimpleName());
        }
        ctx.fireUserEventTriggered(event);
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object msg) {
        if (echo) {
            ctx.writeAndFlush(msg);
            return;
        }
        ByteBuf buf = (ByteBuf) msg;
        byte[] bytes = new byte[buf.readableBytes()];
        buf.readBytes(bytes);
        buf.release();
        received.add(bytes);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        events.add("exception");
        exception.complete(cause);
    }
}
