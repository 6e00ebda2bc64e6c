package io.smc4j.jmh;

import io.smc4j.net.SmcSockets;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;

/** Connections of {@code java.net}. */
final class SocketListener implements Listener {

    /** Opens a socket, unconnected. */
    interface Clients {
        Socket open() throws IOException;
    }

    /** Opens a server socket, unbound. */
    interface Servers {
        ServerSocket open() throws IOException;
    }

    private final Clients clients;
    private final ServerSocket listener;

    SocketListener(Clients clients, Servers servers) throws IOException {
        this.clients = clients;
        listener = servers.open();
        listener.bind(new InetSocketAddress("0.0.0.0", 0), BACKLOG);
    }

    @Override
    public End connect(int address) throws IOException {
        Socket socket = clients.open();
        try {
            socket.connect(Listener.loopback(address, listener.getLocalPort()));
            return new SocketEnd(socket);
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    @Override
    public End accept() throws IOException {
        return new SocketEnd(listener.accept());
    }

    @Override
    public void close() throws IOException {
        listener.close();
    }

    private static final class SocketEnd implements End {

        /** One for each thread: a short connection should not pay for it. */
        private static final ThreadLocal<byte[]> BUFFER = ThreadLocal.withInitial(() -> new byte[MAX_BYTES]);

        private final Socket socket;
        private final InputStream in;
        private final OutputStream out;
        /** That of the first thread that used this end: what is in it matters to nobody. */
        private byte[] buffer;

        SocketEnd(Socket socket) throws IOException {
            this.socket = socket;
            socket.setTcpNoDelay(true);
            in = socket.getInputStream();
            out = socket.getOutputStream();
        }

        @Override
        public void write(int bytes) throws IOException {
            out.write(buffer(), 0, bytes);
        }

        @Override
        public int read(int bytes) throws IOException {
            return in.read(buffer(), 0, bytes);
        }

        private byte[] buffer() {
            if (buffer == null) {
                buffer = BUFFER.get();
            }
            return buffer;
        }

        @Override
        public String wire() throws IOException {
            return SmcSockets.connection(socket).mode().name();
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }
}
