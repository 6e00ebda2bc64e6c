import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.Arrays;

/**
 * The other ordinary service: calls the HTTP echo and the TCP echo with 128 bytes, again and again, and prints the latency of each every so
 * often. Run it from source: {@code java EchoClient.java HOST HTTP_PORT TCP_PORT SECONDS [ROUNDS]}; without ROUNDS it does not end.
 */
class EchoClient {

    private static final int PAYLOAD = 128;
    private static final int CALLS = 20_000;

    public static void main(String[] args) throws InterruptedException {
        String host = args[0];
        int rounds = args.length > 4 ? Integer.parseInt(args[4]) : Integer.MAX_VALUE;
        HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://" + host + ":" + args[1] + "/"))
                .POST(HttpRequest.BodyPublishers.ofByteArray(new byte[PAYLOAD])).build();
        for (int round = 0; round < rounds; round++) {
            long seconds = Long.parseLong(args[3]);
            run("HTTP", seconds, () -> {
                HttpResponse<byte[]> response = http.send(request, HttpResponse.BodyHandlers.ofByteArray());
                if (response.statusCode() != 200 || response.body().length != PAYLOAD) {
                    throw new IOException("HTTP " + response.statusCode() + " with " + response.body().length + " bytes");
                }
            });
            try (SocketChannel tcp = SocketChannel.open(new InetSocketAddress(host, Integer.parseInt(args[2])))) {
                ByteBuffer out = ByteBuffer.allocateDirect(PAYLOAD);
                ByteBuffer in = ByteBuffer.allocateDirect(PAYLOAD);
                run("TCP", seconds, () -> exchange(tcp, out.clear(), in.clear()));
            } catch (IOException e) {
                System.out.println("TCP echo failed: " + e);
                Thread.sleep(1_000);
            }
        }
    }

    private static void exchange(SocketChannel channel, ByteBuffer out, ByteBuffer in) throws IOException {
        while (out.hasRemaining()) {
            channel.write(out);
        }
        while (in.hasRemaining()) {
            if (channel.read(in) < 0) {
                throw new EOFException("the server has closed the connection");
            }
        }
    }

    private interface Call {
        void make() throws IOException, InterruptedException;
    }

    private static void run(String name, long seconds, Call call) throws InterruptedException {
        long[] nanos = new long[CALLS];
        int calls = 0;
        long end = System.nanoTime() + seconds * 1_000_000_000L;
        try {
            while (calls == 0 || System.nanoTime() < end) {
                long start = System.nanoTime();
                call.make();
                nanos[calls++ % CALLS] = System.nanoTime() - start;
            }
        } catch (IOException e) {
            System.out.println(name + " echo failed: " + e);
            Thread.sleep(1_000);
            return;
        }
        long[] sorted = Arrays.copyOf(nanos, Math.min(calls, CALLS));
        Arrays.sort(sorted);
        System.out.printf("%s echo: %d calls, P50 %.1f us, P99 %.1f us%n", name, calls, sorted[sorted.length / 2] / 1e3, sorted[sorted.length * 99 / 100] / 1e3);
    }
}
