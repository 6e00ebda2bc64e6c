package io.smc4j.nio;

import io.smc4j.engine.SmcEngine;
import io.smc4j.engine.SmcOutcome;
import io.smc4j.internal.ChannelFd;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.SocketChannel;
import java.util.concurrent.Future;

/** A connect over SMC that is not over yet. Guarded by the channel's state lock. */
final class ConnectAttempt {

    final InetSocketAddress remote;
    final SocketChannel channel;
    final long start = System.nanoTime();
    /** Takes the connect to TCP when patience ends; null in blocking connects, which wait themselves. */
    Future<?> timer;
    /** The connect has failed for good; the program has yet to be told, by finishConnect. */
    IOException failure;
    /** Null while the kernel has no peer for the connection. */
    private SmcOutcome outcome;

    ConnectAttempt(InetSocketAddress remote, SocketChannel channel) {
        this.remote = remote;
        this.channel = channel;
    }

    /** What stands against using the connection although its handshake is over, or null; asked of the kernel once there is a peer, then never again. */
    IOException problem(SmcEngine engine) {
        return SmcEngine.problem(outcome(engine));
    }

    /** What came of it; null where it failed. */
    SmcOutcome outcome(SmcEngine engine) {
        if (outcome == null) {
            outcome = engine.outcome(ChannelFd.of(channel));
        }
        return outcome;
    }

    long nanos() {
        return System.nanoTime() - start;
    }

    void cancelTimer() {
        if (timer != null) {
            timer.cancel(false);
        }
    }
}
