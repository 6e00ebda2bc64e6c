package your;

import io.smc4j.Smc;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;

/** One connection, what it uses, and the summary for a bug report. */
public final class Main {

    private Main() {
    }

    /** Runs it. */
    public static void main(String[] args) throws Exception {
        try (ServerSocketChannel listener = ServerSocketChannel.open().bind(new InetSocketAddress("127.0.0.1", 0));
                SocketChannel client = SocketChannel.open(listener.getLocalAddress()); SocketChannel server = listener.accept()) {
            client.write(ByteBuffer.wrap("hello".getBytes("US-ASCII")));
            ByteBuffer got = ByteBuffer.allocate(5);
            while (got.hasRemaining() && server.read(got) >= 0) {
                // goes on
            }
            System.out.println(new String(got.array(), "US-ASCII") + " over " + Smc.connection(client).mode() + ", " + client.getClass().getName());
        }
        System.out.print(Smc.summary());
    }
}
