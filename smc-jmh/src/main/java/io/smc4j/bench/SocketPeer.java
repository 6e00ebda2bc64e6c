package io.smc4j.bench;

import io.smc4j.diag.SmcConnection;
import io.smc4j.net.SmcSockets;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;

/**
 * A connection of {@code java.net} in this JVM: a client socket, and a thread that sends back what the accepted socket gets.
 *
 * <p>Thread-safety: the client's side is for one thread.
 */
final class SocketPeer implements Peer {

    /** Whose sockets. */
    interface Sockets {
        Socket socket() throws IOException;

        ServerSocket server() throws IOException;
    }

    /** What {@code new Socket()} and {@code new ServerSocket()} are in this JVM. */
    static final Sockets DEFAULT = new Sockets() {
        @Override
        public Socket socket() {
            return new Socket();
        }

        @Override
        public ServerSocket server() throws IOException {
            return new ServerSocket();
        }
    };

    private final Socket client;
    private final Socket accepted;
    private final InputStream in;
    private final OutputStream out;
    private final byte[] message;
    private final Thread server;

    /** Connects over loopback and starts the server's thread. */
    SocketPeer(Sockets sockets, int bytes) throws IOException {
        try (ServerSocket listener = sockets.server()) {
            listener.bind(new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), 0));
            client = sockets.socket();
            client.connect(listener.getLocalSocketAddress());
            accepted = listener.accept();
        }
        client.setTcpNoDelay(true);
        accepted.setTcpNoDelay(true);
        in = client.getInputStream();
        out = client.getOutputStream();
        message = new byte[bytes];
        server = new Thread(this::serve, "echo");
        server.setDaemon(true);
        server.start();
    }

    @Override
    public SmcConnection client() throws IOException {
        return SmcSockets.connection(client);
    }

    @Override
    public SmcConnection accepted() throws IOException {
        return SmcSockets.connection(accepted);
    }

    private void serve() {
        byte[] got = new byte[message.length];
        try (accepted) {
            InputStream from = accepted.getInputStream();
            OutputStream to = accepted.getOutputStream();
            while (from.readNBytes(got, 0, got.length) == got.length) {
                to.write(got);
            }
        } catch (IOException e) {
            // the client's read ends then, too
        }
    }

    @Override
    public void roundTrips(int times) throws IOException {
        for (int i = 0; i < times; i++) {
            out.write(message);
            if (in.readNBytes(message, 0, message.length) < message.length) {
                throw new IOException("the peer closed");
            }
        }
    }

    @Override
    public void close() throws IOException {
        client.close();
        try {
            server.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
