package io.smc4j.netty;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.smc4j.engine.SmcEngine;
import io.smc4j.internal.Natives;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/**
 * Round trips of 64 bytes over loopback, each end an event loop of its own, kinds taking turns in one JVM:
 * Netty's epoll on TCP ({@code tcp}), the same with this library ({@code ours}), and, where that is SMC, without our handler in the pipelines
 * ({@code bare}): what {@code ours} is above that is what the library costs, the rest is Netty's and the kernel's.
 *
 * <p>{@code EchoBenchmark [round trips a turn] [turns] [warm-up turns]}. Needs {@code -Dsmc.netty.expect=TCP} (a machine without AF_SMC),
 * SMC_D or SMC_R, and fails where the kernel says that a connection is not what it should be. In the lab with {@code --icount} the figures are
 * instructions, in thousands, not time.
 */
final class EchoBenchmark {

    private static final int SIZE = 64;

    private final EventLoopGroup servers = SmcNetty.newEventLoopGroup(1);
    private final EventLoopGroup clients = SmcNetty.newEventLoopGroup(1);

    private EchoBenchmark() {
    }

    public static void main(String[] args) throws Exception {
        int trips = args.length > 0 ? Integer.parseInt(args[0]) : 40_000;
        int turns = args.length > 1 ? Integer.parseInt(args[1]) : 5;
        int warmUp = args.length > 2 ? Integer.parseInt(args[2]) : 4;
        new EchoBenchmark().run(trips, turns, warmUp);
        System.exit(0);
    }

    private void run(int trips, int turns, int warmUp) throws Exception {
        String[] sides = System.getProperty("smc.netty.sides", Net.EXPECT.equals("TCP") ? "tcp,ours" : "tcp,ours,bare").split(",");
        Pair[] pairs = new Pair[sides.length];
        for (int i = 0; i < sides.length; i++) {
            pairs[i] = pair(sides[i]);
        }
        double[][] us = new double[sides.length][turns];
        for (int turn = -warmUp; turn < turns; turn++) {
            StringBuilder line = new StringBuilder(turn < 0 ? "warm-up" : "turn");
            for (int i = 0; i < sides.length; i++) {
                double figure = pairs[i].trips(trips);
                us[i][Math.max(0, turn)] = figure;
                line.append(String.format("  %s %.2f", sides[i], figure));
            }
            System.out.println(line);
        }
        System.out.printf("64-byte round trips, medians of %d turns of %d, us, and ratio to %s:", turns, trips, sides[0]);
        for (int i = 0; i < sides.length; i++) {
            System.out.printf("  %s %.2f (%.3f)", sides[i], median(us[i]), median(us[i]) / median(us[0]));
        }
        System.out.println();
    }

    private Pair pair(String side) throws Exception {
        SmcEngine engine = SmcEngine.current();
        boolean smc = !Net.EXPECT.equals("TCP");
        if (smc && engine == null) {
            throw new IllegalStateException("no SMC here: " + SmcNetty.unavailabilityCause());
        }
        return switch (side) {
            case "tcp" -> new Pair(null, "TCP", false);
            case "ours" -> new Pair(engine, Net.EXPECT, false);
            case "bare" -> new Pair(engine, Net.EXPECT, smc);
            case "preload" -> new Pair(null, Net.EXPECT, false);
            default -> throw new IllegalArgumentException("no side " + side);
        };
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }

    /** One connection, its two ends. */
    private final class Pair {

        private final Channel client;
        private final Client handler = new Client();

        Pair(SmcEngine engine, String path, boolean bare) throws Exception {
            CompletableFuture<Channel> accepted = new CompletableFuture<>();
            Channel listener = Net.listen(Net.server(servers, engine).childOption(ChannelOption.ALLOCATOR, PooledByteBufAllocator.DEFAULT),
                    new ChannelInboundHandlerAdapter() {
                        @Override
                        public void channelActive(ChannelHandlerContext ctx) {
                            accepted.complete(ctx.channel());
                        }

                        @Override
                        public void channelRead(ChannelHandlerContext ctx, Object msg) {
                            ctx.writeAndFlush(msg, ctx.voidPromise());
                        }
                    });
            client = Net.client(clients, engine).option(ChannelOption.ALLOCATOR, PooledByteBufAllocator.DEFAULT).handler(handler)
                    .connect(listener.localAddress()).sync().channel();
            for (Channel end : new Channel[] {client, accepted.get()}) {
                String is = Natives.isLoaded() ? Net.path(end) : "TCP";
                if (!is.equals(path)) {
                    throw new IllegalStateException("expected " + path + ", the kernel says " + is + " of " + end);
                }
                if (bare) {
                    end.eventLoop().submit(() -> end.pipeline().remove(ConnectionHandler.class)).sync();
                }
            }
        }

        /** Microseconds a round trip. */
        double trips(int n) throws InterruptedException, ExecutionException {
            CompletableFuture<Long> done = new CompletableFuture<>();
            client.eventLoop().execute(() -> handler.start(n, done));
            return done.get() / 1000.0 / n;
        }
    }

    private static final class Client extends ChannelInboundHandlerAdapter {

        private ChannelHandlerContext ctx;
        private int left;
        private int pending;
        private long start;
        private CompletableFuture<Long> done;

        @Override
        public void handlerAdded(ChannelHandlerContext context) {
            ctx = context;
        }

        void start(int trips, CompletableFuture<Long> whenDone) {
            left = trips;
            done = whenDone;
            start = System.nanoTime();
            send();
        }

        private void send() {
            pending = SIZE;
            ctx.writeAndFlush(ctx.alloc().directBuffer(SIZE).writeZero(SIZE), ctx.voidPromise());
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object msg) {
            ByteBuf buffer = (ByteBuf) msg;
            if (pending == SIZE && buffer.readableBytes() == SIZE && left > 1) { // as it came, like Netty's own example of an echo client
                left--;
                context.writeAndFlush(buffer, context.voidPromise());
                return;
            }
            pending -= buffer.readableBytes();
            buffer.release();
            if (pending == 0) {
                if (--left > 0) {
                    send();
                } else {
                    done.complete(System.nanoTime() - start);
                }
            }
        }
    }
}
