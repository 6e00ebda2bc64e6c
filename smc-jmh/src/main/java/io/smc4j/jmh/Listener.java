package io.smc4j.jmh;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;

/** A listener on this host and a way to connect to it; connecting and accepting may be two threads' work. */
interface Listener extends Closeable {

    /** So many loopback addresses are used in turn: ports of closed connections stay taken for a minute, for each pair of addresses. */
    int ADDRESSES = 254;

    /** The backlog: as many as connect before anyone accepts. */
    int BACKLOG = 512;

    /** Connects to the loopback address of this number; to the one there is where the transport has no IP addresses. */
    End connect(int address) throws IOException;

    /** The next connection. */
    End accept() throws IOException;

    /** 127.0.0.1 is number 0. */
    static InetSocketAddress loopback(int address, int port) throws UnknownHostException {
        return new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, (byte) (1 + address % ADDRESSES)}), port);
    }
}
