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
        boolean smc = !Net.EXPECT.equals("TCP");
        SmcEngine engine = SmcEngine.current();
        if (smc && engine == null) {
            throw new IllegalStateException("no SMC here: " + SmcNetty.unavailabilityCause());
        }
        Pair tcp = new Pair(null, "TCP", false);
        Pair ours = new Pair(engine, Net.EXPECT, false);
        Pair bare = smc ? new Pair(engine, Net.EXPECT, true) : null;
        for (int i = 0; i < warmUp; i++) {
            System.out.printf("warm-up %d: tcp %.1f ours %.1f%n", i, tcp.trips(trips), ours.trips(trips));
        }
        double[][] us = new double[3][turns];
        for (int i = 0; i < turns; i++) {
            us[0][i] = tcp.trips(trips);
            us[1][i] = ours.trips(trips);
            us[2][i] = bare == null ? Double.NaN : bare.trips(trips);
            System.out.printf("turn %d: tcp %.2f ours %.2f bare %.2f us%n", i, us[0][i], us[1][i], us[2][i]);
        }
        double t = median(us[0]);
        double o = median(us[1]);
        System.out.printf("64-byte round trips, medians of %d turns of %d: tcp %.2f us, ours (%s) %.2f us, ratio %.3f", turns, trips, t, Net.EXPECT, o, o / t);
        System.out.println(bare == null ? "" : String.format(", without our handler %.2f us (%.3f)", median(us[2]), median(us[2]) / t));
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
            ByteBuf buffer = ctx.alloc().directBuffer(SIZE).writeZero(SIZE);
            ctx.writeAndFlush(buffer, ctx.voidPromise());
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object msg) {
            ByteBuf buffer = (ByteBuf) msg;
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
