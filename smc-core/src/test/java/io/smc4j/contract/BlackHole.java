package io.smc4j.contract;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.List;

/** An address of 127.0.0.1 that answers no SYN: a plain TCP listener whose queue is full, so that a connect stays pending. */
public final class BlackHole implements AutoCloseable {

    private static final int FILL_TIMEOUT_MILLIS = 500;

    private final ServerSocket listener;
    private final List<Socket> filling = new ArrayList<>();

    public BlackHole() throws IOException {
        listener = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"));
        boolean full = false;
        while (!full) {
            Socket socket = new Socket();
            filling.add(socket);
            try {
                socket.connect(address(), FILL_TIMEOUT_MILLIS);
            } catch (SocketTimeoutException e) {
                full = true;
            }
        }
    }

    public InetSocketAddress address() {
        return (InetSocketAddress) listener.getLocalSocketAddress();
    }

    /** From now on connects are answered. */
    public void open() throws IOException {
        for (int i = 0; i < filling.size() - 1; i++) {
            listener.accept().close();
        }
    }

    @Override
    public void close() throws IOException {
        for (Socket socket : filling) {
            socket.close();
        }
        listener.close();
    }
}
