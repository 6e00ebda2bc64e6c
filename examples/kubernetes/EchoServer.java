import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * An ordinary Java service that knows nothing of SMC: an HTTP echo and a TCP echo on java.nio channels. Run it from source:
 * {@code java EchoServer.java HTTP_PORT TCP_PORT}.
 */
class EchoServer {

    public static void main(String[] args) throws IOException {
        ExecutorService threads = Executors.newCachedThreadPool();
        HttpServer http = HttpServer.create(new InetSocketAddress(Integer.parseInt(args[0])), 128);
        http.createContext("/", exchange -> {
            try (exchange) {
                byte[] body = exchange.getRequestBody().readAllBytes();
                exchange.sendResponseHeaders(200, body.length == 0 ? -1 : body.length);
                exchange.getResponseBody().write(body);
            }
        });
        http.setExecutor(threads);
        http.start();

        ServerSocketChannel tcp = ServerSocketChannel.open().bind(new InetSocketAddress(Integer.parseInt(args[1])), 128);
        System.out.println("HTTP echo on " + http.getAddress().getPort() + ", TCP echo on " + tcp.socket().getLocalPort());
        while (true) {
            SocketChannel client = tcp.accept();
            threads.execute(() -> echo(client));
        }
    }

    private static void echo(SocketChannel client) {
        ByteBuffer buffer = ByteBuffer.allocateDirect(64 * 1024);
        try (client) {
            while (client.read(buffer) >= 0) {
                buffer.flip();
                while (buffer.hasRemaining()) {
                    client.write(buffer);
                }
                buffer.clear();
            }
        } catch (IOException e) {
            System.out.println("connection ended: " + e);
        }
    }
}
