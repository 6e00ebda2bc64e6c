package io.smc4j.bridge;

import io.smc4j.Smc;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;

/** A program for a JVM of its own: one echo through whatever provider is set, and the summary. */
public final class Program {

    private static final int BYTES = 64;

    private Program() {
    }

    /** Runs it. */
    public static void main(String[] arguments) throws Exception {
        try (ServerSocketChannel listener = ServerSocketChannel.open().bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
                SocketChannel client = SocketChannel.open(listener.getLocalAddress());
                SocketChannel end = listener.accept()) {
            client.write(ByteBuffer.allocate(BYTES));
            ByteBuffer got = ByteBuffer.allocate(BYTES);
            while (got.hasRemaining() && end.read(got) >= 0) {
                // goes on
            }
            System.out.println("channel " + client.getClass().getSimpleName() + ", read " + got.position());
        }
        System.out.print(Smc.summary());
    }
}
