package io.smc4j.jmh;

import java.io.IOException;
import java.util.List;

/** One connection of blocking ends; a thread of its own serves the accepted one. */
final class BlockingLoad implements Load {

    /** What a client does once. */
    private interface Step {
        void run(End client) throws IOException;
    }

    private final End client;
    private final End accepted;
    private final Step step;
    private final Thread server;

    private BlockingLoad(Listener listener, Step step, boolean echo) throws IOException {
        try (listener) {
            client = listener.connect(0);
            accepted = listener.accept();
        }
        this.step = step;
        server = new Thread(() -> serve(echo), "serve");
        server.setDaemon(true);
        server.start();
    }

    /** A message there and back. */
    static Load roundTrips(Listener listener, int bytes) throws IOException {
        return new BlockingLoad(listener, client -> {
            client.write(bytes);
            client.readFully(bytes);
        }, true);
    }

    /** {@link #STREAM_OPERATION} bytes one way; the peer reads them. */
    static Load stream(Listener listener) throws IOException {
        return new BlockingLoad(listener, client -> {
            for (int done = 0; done < STREAM_OPERATION; done += STREAM_WRITE) {
                client.write(STREAM_WRITE);
            }
        }, false);
    }

    private void serve(boolean echo) {
        try (accepted) {
            for (int n; (n = accepted.read(End.MAX_BYTES)) >= 0;) {
                if (echo) {
                    accepted.write(n);
                }
            }
        } catch (IOException e) {
            // the client's next read or write fails then, too
        }
    }

    @Override
    public void run(int times) throws IOException {
        for (int i = 0; i < times; i++) {
            step.run(client);
        }
    }

    @Override
    public List<String> wires() throws IOException {
        return List.of(client.wire(), accepted.wire());
    }

    @Override
    public void close() throws IOException {
        client.close();
        Threads.join(server);
    }
}
