package io.smc4j.jmh;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** What Netty's channels do here. */
final class NettyHandlers {

    /** Longer than any operation takes; then something is broken. */
    private static final int PATIENCE_S = 60;

    private NettyHandlers() {
    }

    /** A direct buffer that is never given back: each write takes a duplicate. */
    static ByteBuf message(int bytes) {
        return Unpooled.unreleasableBuffer(Unpooled.directBuffer(bytes, bytes).writeZero(bytes));
    }

    static void await(CountDownLatch latch) throws IOException {
        try {
            if (!latch.await(PATIENCE_S, TimeUnit.SECONDS)) {
                throw new IOException("no answer in " + PATIENCE_S + " s");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }

    /** Sends back what comes. */
    static final class Echo extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            context.write(message, context.voidPromise());
        }

        @Override
        public void channelReadComplete(ChannelHandlerContext context) {
            context.flush();
        }
    }

    /** Throws away what comes. */
    static final class Sink extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            ReferenceCountUtil.release(message);
        }
    }

    /** Sends a message, waits for as many bytes, and so on, on the event loop; another thread waits for the last one. */
    static final class PingPong extends ChannelInboundHandlerAdapter {

        private final ByteBuf message;
        private ChannelHandlerContext context;
        private CountDownLatch done;
        private int left;
        private int missing;

        PingPong(int bytes) {
            message = message(bytes);
        }

        @Override
        public void handlerAdded(ChannelHandlerContext added) {
            context = added;
        }

        /** Begins, on the event loop. */
        void start(int times, CountDownLatch latch) {
            context.executor().execute(() -> {
                left = times;
                done = latch;
                send();
            });
        }

        private void send() {
            missing = message.readableBytes();
            context.writeAndFlush(message.duplicate(), context.voidPromise());
        }

        @Override
        public void channelRead(ChannelHandlerContext unused, Object got) {
            missing -= ((ByteBuf) got).readableBytes();
            ReferenceCountUtil.release(got);
            if (missing == 0) {
                if (--left > 0) {
                    send();
                } else {
                    done.countDown();
                }
            }
        }
    }
}
