package io.smc4j.netty.reactor;

import io.netty.channel.Channel;
import io.netty.channel.EventLoopGroup;
import io.smc4j.netty.SmcNetty;
import java.time.Duration;
import java.util.Objects;
import reactor.core.publisher.Mono;
import reactor.netty.resources.LoopResources;

/**
 * SMC for Reactor Netty, and so for Spring's {@code WebClient} and WebFlux: event loops of another {@link LoopResources}, whose epoll channels
 * get SMC where it can be had.
 *
 * <pre>{@code
 * LoopResources loops = SmcLoopResources.create("smc");
 * HttpServer.create().runOn(loops)...
 * HttpClient.create().runOn(loops)...
 * }</pre>
 *
 * <p>Thread-safety: safe for any thread.
 */
@SuppressWarnings("exports") // who uses this class requires Reactor Netty already
public final class SmcLoopResources implements LoopResources {

    private final LoopResources loops;

    private SmcLoopResources(LoopResources loops) {
        this.loops = Objects.requireNonNull(loops, "loops");
    }

    /**
     * Event loops of Reactor Netty's default numbers.
     *
     * @param prefix of the threads' names
     */
    public static SmcLoopResources create(String prefix) {
        return new SmcLoopResources(LoopResources.create(prefix));
    }

    /** The event loops of {@code loops}; disposing this disposes them. */
    public static SmcLoopResources on(LoopResources loops) {
        return new SmcLoopResources(loops);
    }

    @Override
    public <C extends Channel> C onChannel(Class<C> channelType, EventLoopGroup group) {
        return SmcNetty.install(loops.onChannel(channelType, group));
    }

    @Override
    public <C extends Channel> Class<? extends C> onChannelClass(Class<C> channelType, EventLoopGroup group) {
        return loops.onChannelClass(channelType, group);
    }

    @Override
    public EventLoopGroup onClient(boolean useNative) {
        return loops.onClient(useNative);
    }

    @Override
    public EventLoopGroup onServer(boolean useNative) {
        return loops.onServer(useNative);
    }

    @Override
    public EventLoopGroup onServerSelect(boolean useNative) {
        return loops.onServerSelect(useNative);
    }

    @Override
    public boolean daemon() {
        return loops.daemon();
    }

    @Override
    public boolean isDisposed() {
        return loops.isDisposed();
    }

    @Override
    public void dispose() {
        loops.dispose();
    }

    @Override
    public Mono<Void> disposeLater(Duration quietPeriod, Duration timeout) {
        return loops.disposeLater(quietPeriod, timeout);
    }
}
