package io.smc4j.netty;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.smc4j.engine.SmcEngine;
import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * How long an event loop with busy connections stands still when another of its connections, whose peer does not read, is closed. The loop runs a
 * heartbeat, a task that submits itself; the longest time between two beats is the longest stall. Turns with a close and turns without, the
 * control, take turns.
 *
 * <p>{@code StallBenchmark [busy connections] [turns]}, {@code -Dsmc.netty.expect=SMC_D|SMC_R}; in the lab with {@code --icount}, where a stall counts the
 * guest's instructions and no other load; the guest's one processor is then shared by the loop and its peers in slices of 4 ms, which is what the control's
 * stalls are. Fails where a close() holds the loop for 5 ms, or the stalls' median is 5 ms above the control's.
 */
final class StallBenchmark {

    private static final int MUCH = 8 << 20;
    private static final int WARM_UP = 3;
    private static final long TURN_MS = 1_000;
    private static final double BOUND_MS = 5;

    private final SmcEngine engine = Net.engine(30_000);
    private final EventLoopGroup loop = SmcNetty.newEventLoopGroup(1);
    private final EventLoopGroup peers = SmcNetty.newEventLoopGroup(1);

    /** Written on the loop, read once a later beat has been seen. */
    private volatile long closeNanos;

    private StallBenchmark() {
    }

    public static void main(String[] args) throws Exception {
        int busy = args.length > 0 ? Integer.parseInt(args[0]) : 100;
        int turns = args.length > 1 ? Integer.parseInt(args[1]) : 5;
        System.exit(new StallBenchmark().run(busy, turns) ? 0 : 1);
    }

    private boolean run(int busy, int turns) throws Exception {
        Channel echo = Net.listen(Net.server(peers, engine), new Echo());
        for (int i = 0; i < busy; i++) {
            Channel channel = Net.client(loop, engine).handler(new Echo()).connect(echo.localAddress()).sync().channel();
            Net.assertPath(channel);
            channel.writeAndFlush(Unpooled.wrappedBuffer(new byte[64])).sync();
        }
        Channel sleeping = Net.listen(Net.server(peers, engine).childOption(ChannelOption.AUTO_READ, false), new Echo());
        double[][] stalls = new double[2][turns];
        double[] closes = new double[turns];
        for (int turn = -WARM_UP; turn < turns; turn++) {
            for (int closing = 0; closing < 2; closing++) {
                Channel slow = Net.client(loop, engine).handler(new ChannelInboundHandlerAdapter()).connect(sleeping.localAddress()).sync().channel();
                Net.assertPath(slow);
                ChannelFuture write = slow.writeAndFlush(Unpooled.wrappedBuffer(new byte[MUCH]));
                if (write.await(TURN_MS)) {
                    throw new IllegalStateException("a reader that sleeps took everything");
                }
                double held = turn(closing == 1 ? slow : null);
                stalls[closing][Math.max(0, turn)] = held;
                System.out.printf("%s %s: longest stall %.3f ms%s%n", turn < 0 ? "warm-up" : "turn", closing == 1 ? "with close" : "control   ", held,
                        closing == 1 ? String.format(", close() took %.3f ms", millis(closeNanos)) : "");
                closes[Math.max(0, turn)] = millis(closeNanos);
                slow.close().sync();
            }
        }
        double longestClose = Arrays.stream(closes).max().orElseThrow();
        double more = median(stalls[1]) - median(stalls[0]);
        System.out.printf("%d busy connections, %d turns: median of the longest stalls with a close %.3f ms, without %.3f ms; longest close() %.3f ms (%s)%n", busy,
                turns, median(stalls[1]), median(stalls[0]), longestClose, Net.EXPECT);
        return longestClose < BOUND_MS && more < BOUND_MS;
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }

    private static double millis(long nanos) {
        return nanos / (double) TimeUnit.MILLISECONDS.toNanos(1);
    }

    /** The longest time between two beats of the loop, in ms, while {@code slow}, if any, is closed. */
    private double turn(Channel slow) throws InterruptedException {
        Beat beat = new Beat();
        loop.next().execute(beat);
        Thread.sleep(TURN_MS / 4);
        if (slow != null) {
            slow.eventLoop().execute(() -> {
                long start = System.nanoTime();
                slow.close();
                closeNanos = System.nanoTime() - start;
            });
        }
        Thread.sleep(TURN_MS);
        beat.over.set(true);
        beat.done.await();
        return millis(beat.longest);
    }

    private final class Beat implements Runnable {

        private final AtomicBoolean over = new AtomicBoolean();
        private final CountDownLatch done = new CountDownLatch(1);
        private long last;
        private long longest;

        @Override
        public void run() {
            long now = System.nanoTime();
            if (last != 0) {
                longest = Math.max(longest, now - last);
            }
            last = now;
            if (over.get()) {
                done.countDown();
            } else {
                loop.next().execute(this);
            }
        }
    }

    /** Sends back what comes, on both ends: bytes go round for ever. */
    private static final class Echo extends ChannelInboundHandlerAdapter {

        @Override
        public boolean isSharable() {
            return true;
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object msg) {
            ctx.writeAndFlush((ByteBuf) msg, ctx.voidPromise());
        }
    }
}
