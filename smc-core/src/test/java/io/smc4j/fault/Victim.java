package io.smc4j.fault;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;

/** A peer to be killed: {@code PORT READS WRITES}. Port 0: listens and prints its port; another one: connects to it. Prints "ready" then. */
final class Victim {

    private Victim() {
    }

    public static void main(String[] args) throws IOException, InterruptedException {
        int port = Integer.parseInt(args[0]);
        SocketChannel channel = port != 0 ? SocketChannel.open(Guest.loopback(port)) : accept();
        System.out.println("ready");
        if (Boolean.parseBoolean(args[1])) {
            Thread reader = new Thread(() -> forever(channel, false));
            reader.setDaemon(true);
            reader.start();
        }
        if (Boolean.parseBoolean(args[2])) {
            forever(channel, true);
        }
        Thread.sleep(Long.MAX_VALUE);
    }

    private static SocketChannel accept() throws IOException {
        try (ServerSocketChannel listener = ServerSocketChannel.open().bind(Guest.loopback(0))) {
            System.out.println(((InetSocketAddress) listener.getLocalAddress()).getPort());
            return listener.accept();
        }
    }

    private static void forever(SocketChannel channel, boolean write) {
        try {
            for (ByteBuffer buffer = ByteBuffer.allocate(16 * 1024);; buffer.clear()) {
                if ((write ? channel.write(buffer) : channel.read(buffer)) < 0) {
                    return;
                }
            }
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
