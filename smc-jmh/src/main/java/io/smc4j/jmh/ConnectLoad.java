package io.smc4j.jmh;

import java.io.IOException;
import java.util.List;

/** Connect, one byte each way, close; the server closes as soon as it sees the client's end. */
final class ConnectLoad implements Load {

    private final Listener listener;
    private final Thread server;
    private volatile boolean closed;
    private volatile IOException failure;
    private int next;

    ConnectLoad(Listener listener) {
        this.listener = listener;
        server = new Thread(this::serve, "accept");
        server.setDaemon(true);
        server.start();
    }

    @Override
    public void run(int times) throws IOException {
        for (int i = 0; i < times; i++) {
            try (End client = listener.connect(next++ % Listener.ADDRESSES)) {
                use(client);
            }
        }
    }

    private void use(End client) throws IOException {
        client.write(1);
        if (client.read(1) != 1) {
            throw new IOException("no answer", failure);
        }
    }

    /** Of a connection to the first address and of one to the next in turn. The server's thread does not ask: a connection has one wire. */
    @Override
    public List<String> wires() throws IOException {
        return List.of(wire(0), wire(next % Listener.ADDRESSES));
    }

    private String wire(int address) throws IOException {
        try (End client = listener.connect(address)) {
            use(client);
            return client.wire();
        }
    }

    private void serve() {
        while (!closed) {
            try (End accepted = listener.accept()) {
                while (accepted.read(1) > 0) {
                    accepted.write(1);
                }
            } catch (IOException e) {
                if (closed) {
                    return;
                }
                failure = e;
            }
        }
    }

    @Override
    public void close() throws IOException {
        closed = true;
        listener.close();
        Threads.join(server);
    }
}
