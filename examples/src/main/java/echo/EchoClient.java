package echo;

import java.io.BufferedReader;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * A plain NIO program that knows nothing of SMC: connects to each address in blocking mode, sends each line of its standard input to all of them and
 * prints what comes back, with the connection's two addresses.
 *
 * <p>Usage: {@code java echo.EchoClient ADDRESS PORT [ADDRESS PORT]...}
 */
public final class EchoClient {

    private EchoClient() {
    }

    /** Echoes until the standard input ends. */
    public static void main(String[] args) throws IOException {
        if (args.length == 0 || args.length % 2 != 0) {
            System.err.println("usage: EchoClient ADDRESS PORT [ADDRESS PORT]...");
            System.exit(2);
        }
        List<SocketChannel> connections = new ArrayList<>();
        for (int i = 0; i < args.length; i += 2) {
            connections.add(SocketChannel.open(new InetSocketAddress(args[i], Integer.parseInt(args[i + 1]))));
        }
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            for (SocketChannel connection : connections) {
                System.out.println(connection.getLocalAddress() + " -> " + connection.getRemoteAddress() + ": " + roundTrip(connection, line));
            }
        }
        for (SocketChannel connection : connections) {
            connection.close();
        }
    }

    private static String roundTrip(SocketChannel connection, String line) throws IOException {
        ByteBuffer message = StandardCharsets.UTF_8.encode(line);
        ByteBuffer answer = ByteBuffer.allocate(message.remaining());
        while (message.hasRemaining()) {
            connection.write(message);
        }
        while (answer.hasRemaining()) {
            if (connection.read(answer) < 0) {
                throw new EOFException("the server closed " + connection);
            }
        }
        return StandardCharsets.UTF_8.decode(answer.flip()).toString();
    }
}
