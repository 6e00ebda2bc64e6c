package io.smc4j.nio;

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

    ConnectAttempt(InetSocketAddress remote, SocketChannel channel) {
        this.remote = remote;
        this.channel = channel;
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
