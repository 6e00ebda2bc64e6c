package io.smc4j.fault;

import io.smc4j.fault.ClosingTest.Exit;
import java.io.IOException;
import java.nio.channels.SocketChannel;

/** A program that writes and ends: {@code PORT BYTES HOW}. Prints how much write accepted. */
final class WriteAndExit {

    private WriteAndExit() {
    }

    public static void main(String[] args) throws IOException {
        SocketChannel channel = Guest.assertSmc(SocketChannel.open(Guest.loopback(Integer.parseInt(args[0]))));
        channel.configureBlocking(false);
        System.out.println(SlowReader.write(channel, Long.parseLong(args[1])));
        Exit how = Exit.valueOf(args[2]);
        if (how == Exit.SYSTEM_EXIT_AFTER_CLOSE) {
            channel.close();
        }
        if (how != Exit.RETURN_FROM_MAIN) {
            System.exit(0);
        }
    }
}
