package io.smc4j.netty;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.uring.IoUringIoHandler;
import io.netty.channel.uring.IoUringSocketChannel;
import io.smc4j.engine.SmcEngine;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Whether Netty's io_uring channels can do with an AF_SMC socket: why {@link SmcNetty} leaves them on TCP. Clients on io_uring, on TCP and with the
 * socket converted before it is registered, send a stream to an epoll echo in pieces and read it back; says of each round whether all came back.
 *
 * <p>{@code IoUringTrial [rounds]}, Netty 4.2 only, {@code -Dsmc.netty.expect=SMC_D|SMC_R|MPTCP}.
 */
final class IoUringTrial {

    private static final int SIZE = 4 << 20;
    private static final int PIECE = 1_000;
    private static final int WAIT_S = 30;

    private IoUringTrial() {
    }

    public static void main(String[] args) throws Exception {
        int rounds = args.length > 0 ? Integer.parseInt(args[0]) : 4;
        EventLoopGroup epoll = SmcNetty.newEventLoopGroup(2);
        EventLoopGroup uring = new MultiThreadIoEventLoopGroup(1, IoUringIoHandler.newFactory());
        SmcEngine engine = Net.engine(30_000);
        for (boolean smc : new boolean[] {false, true}) {
            for (boolean small : new boolean[] {false, true}) {
                int complete = 0;
                for (int i = 0; i < rounds; i++) {
                    if (round(epoll, uring, engine, smc, small)) {
                        complete++;
                    }
                }
                System.out.printf("io_uring client, %s, %s: %d of %d rounds complete%n", smc ? Net.EXPECT : "TCP",
                        small ? "one read of 16 bytes at a time" : "reads as Netty does", complete, rounds);
            }
        }
        System.exit(0);
    }

    @SuppressWarnings("deprecation") // the allocator's type that takes a fixed size
    private static boolean round(EventLoopGroup epoll, EventLoopGroup uring, SmcEngine engine, boolean smc, boolean small) throws Exception {
        ServerBootstrap server = Net.server(epoll, smc ? engine : null);
        Channel listener = Net.listen(server, new ChannelInboundHandlerAdapter() {
            @Override
            public boolean isSharable() {
                return true;
            }

            @Override
            public void channelRead(ChannelHandlerContext ctx, Object msg) {
                ctx.writeAndFlush(msg);
            }
        });
        CompletableFuture<Void> all = new CompletableFuture<>();
        int size = small ? SIZE / 64 : SIZE;
        int[] received = new int[1];
        Bootstrap client = new Bootstrap().group(uring).channelFactory(() -> {
            IoUringSocketChannel channel = new IoUringSocketChannel();
            if (smc) {
                try {
                    engine.convert(Net.fd(channel), engine.isV6(Net.fd(channel)));
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
            return channel;
        }).handler(new ChannelInboundHandlerAdapter() {
            @Override
            public void channelRead(ChannelHandlerContext ctx, Object msg) {
                ByteBuf buffer = (ByteBuf) msg;
                received[0] += buffer.readableBytes();
                buffer.release();
                if (received[0] >= size) {
                    all.complete(null);
                }
            }
        });
        if (small) {
            client.option(ChannelOption.RCVBUF_ALLOCATOR, new io.netty.channel.FixedRecvByteBufAllocator(16));
        }
        Channel channel = client.connect(listener.localAddress()).sync().channel();
        if (smc) {
            Net.assertPath(channel);
        } else {
            Net.assertTcp(channel);
        }
        for (int sent = 0; sent < size; sent += PIECE) {
            channel.write(Unpooled.wrappedBuffer(new byte[Math.min(PIECE, size - sent)]));
        }
        channel.flush();
        boolean complete = true;
        try {
            all.get(WAIT_S, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            complete = false;
            System.out.println("stands still after " + received[0] + " of " + size + " bytes read");
        }
        channel.close().sync();
        listener.close().sync();
        return complete;
    }
}
