package io.smc4j.fault;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;

/** A program that listens, and connects in each way: {@code HOST PORT}, where {@link RawServer}'s application answers. */
final class Talk {

    private Talk() {
    }

    public static void main(String[] args) throws IOException {
        InetSocketAddress to = new InetSocketAddress(InetAddress.getByName(args[0]), Integer.parseInt(args[1]));
        try (ServerSocketChannel listener = ServerSocketChannel.open().bind(Guest.loopback(0))) {
            System.out.println("listens on " + listener.getLocalAddress());
            for (Way way : Way.values()) {
                try (SocketChannel channel = way.connect(to)) {
                    channel.write(ByteBuffer.wrap(RawServer.ASK.getBytes()));
                    ByteBuffer answer = ByteBuffer.allocate(RawServer.ASK.length());
                    while (answer.hasRemaining() && channel.read(answer) >= 0) {
                        Thread.onSpinWait();
                    }
                    System.out.println(new String(answer.array()));
                }
            }
        }
    }
}
