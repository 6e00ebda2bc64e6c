package io.smc4j.net;

import java.io.IOException;
import java.nio.channels.CompletionHandler;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A read's handler over SMC: asks at an end of stream whether it is one. */
final class EndCheck<V extends Number, A> implements CompletionHandler<V, A> {

    private final SmcAsynchronousSocketChannel channel;
    private final CompletionHandler<V, ? super A> handler;

    EndCheck(SmcAsynchronousSocketChannel channel, CompletionHandler<V, ? super A> handler) {
        this.channel = channel;
        this.handler = handler;
    }

    @Override
    public void completed(V result, A attachment) {
        if (result.longValue() < 0 && channel.wasReset()) {
            handler.failed(reset(), attachment);
        } else {
            handler.completed(result, attachment);
        }
    }

    @Override
    public void failed(Throwable e, A attachment) {
        handler.failed(e, attachment);
    }

    private static IOException reset() {
        return new IOException("Connection reset");
    }

    /** The same for a read without a handler. */
    static final class OfFuture implements Future<Integer> {

        private final SmcAsynchronousSocketChannel channel;
        private final Future<Integer> read;

        OfFuture(SmcAsynchronousSocketChannel channel, Future<Integer> read) {
            this.channel = channel;
            this.read = read;
        }

        @Override
        public boolean cancel(boolean mayInterruptIfRunning) {
            return read.cancel(mayInterruptIfRunning);
        }

        @Override
        public boolean isCancelled() {
            return read.isCancelled();
        }

        @Override
        public boolean isDone() {
            return read.isDone();
        }

        @Override
        public Integer get() throws InterruptedException, ExecutionException {
            return checked(read.get());
        }

        @Override
        public Integer get(long timeout, TimeUnit unit) throws InterruptedException, ExecutionException, TimeoutException {
            return checked(read.get(timeout, unit));
        }

        private Integer checked(Integer n) throws ExecutionException {
            if (n < 0 && channel.wasReset()) {
                throw new ExecutionException(reset());
            }
            return n;
        }
    }
}
