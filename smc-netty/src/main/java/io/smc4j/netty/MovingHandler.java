package io.smc4j.netty;

import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.unix.UnixChannel;
import io.smc4j.engine.SmcEngine;
import io.smc4j.internal.Errno;
import io.smc4j.internal.Linux;
import java.nio.channels.ClosedChannelException;
import java.util.function.Consumer;

/**
 * Can put another socket under its channel's descriptor.
 *
 * <p>Netty may have added the descriptor to epoll already (4.1 and 4.2.0 to 4.2.10: at registration), and epoll knows the open file, not the
 * number: the channel has to be deregistered before and registered again after. The rest of the pipeline does not see these two events.
 *
 * <p>Everything runs on the channel's event loop.
 */
abstract class MovingHandler extends ChannelDuplexHandler {

    /** What to do once the channel is registered again; null while nothing is being moved. */
    private Runnable then;

    static int fd(Channel channel) {
        return ((UnixChannel) channel).fd().intValue();
    }

    /**
     * Moves the socket of {@code from} under the channel's descriptor; {@code from} is closed in any case.
     *
     * @param before runs right before, on the channel out of epoll; not where the channel was closed meanwhile
     * @param then runs once the channel is registered again
     * @param failed runs instead where the channel was closed meanwhile, or the kernel refuses
     */
    final void move(ChannelHandlerContext ctx, SmcEngine engine, int from, Runnable before, Runnable then, Consumer<Throwable> failed) {
        this.then = then;
        Channel channel = ctx.channel();
        ctx.deregister(ctx.newPromise()).addListener(deregistered -> {
            int moved = -Errno.EBADF.number();
            boolean open = channel.isOpen() && channel.eventLoop().inEventLoop();
            if (open) {
                before.run();
                moved = engine.calls().dup3(from, fd(channel), Linux.O_CLOEXEC);
            }
            engine.calls().close(from);
            if (moved < 0) {
                this.then = null;
                ctx.fireChannelUnregistered();
                failed.accept(open ? Errno.exception("dup3", moved) : new ClosedChannelException());
                return;
            }
            channel.eventLoop().register(channel).addListener(registered -> {
                if (!registered.isSuccess()) {
                    this.then = null;
                    failed.accept(registered.cause());
                }
            });
        });
    }

    @Override
    public final void channelUnregistered(ChannelHandlerContext ctx) {
        if (then == null) {
            ctx.fireChannelUnregistered();
        }
    }

    @Override
    public final void channelRegistered(ChannelHandlerContext ctx) {
        Runnable next = then;
        if (next == null) {
            ctx.fireChannelRegistered();
        } else {
            then = null;
            next.run();
        }
    }
}
