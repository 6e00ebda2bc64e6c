package io.smc4j.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Event loops with many connections. */
class ManyConnectionsTest extends Contract {

    private static final int CONNECTIONS = 64;
    private static final int ROUNDS = 5;

    private volatile boolean stop;

    /** An echo server on one selector, as a program without a word of SMC would have it. Answers how many it accepted. */
    private Background<Integer> echo(Selector selector, ServerSocketChannel server) throws Exception {
        server.configureBlocking(false);
        server.register(selector, SelectionKey.OP_ACCEPT);
        return Background.start(() -> {
            int accepted = 0;
            ByteBuffer buffer = ByteBuffer.allocateDirect(4096);
            while (!stop) {
                selector.select();
                for (SelectionKey key : selector.selectedKeys()) {
                    if (key.isAcceptable()) {
                        for (SocketChannel end = server.accept(); end != null; end = server.accept()) {
                            assertPath(end);
                            own(end).configureBlocking(false);
                            end.register(selector, SelectionKey.OP_READ);
                            accepted++;
                        }
                    } else {
                        SocketChannel end = (SocketChannel) key.channel();
                        if (end.read(buffer.clear()) < 0) {
                            end.close();
                        } else {
                            buffer.flip();
                            while (buffer.hasRemaining()) {
                                end.write(buffer);
                            }
                        }
                    }
                }
                selector.selectedKeys().clear();
            }
            return accepted;
        });
    }

    @Test
    void oneSelectorOnEachSide() throws Exception {
        Selector serverSide = selector();
        ServerSocketChannel server = own(ServerSocketChannel.open()).bind(loopback(0), 2 * CONNECTIONS);
        Background<Integer> echo = echo(serverSide, server);
        Selector selector = selector();
        List<SocketChannel> clients = new ArrayList<>();
        for (int i = 0; i < CONNECTIONS; i++) {
            SocketChannel client = open();
            client.configureBlocking(false);
            SelectionKey key = client.register(selector, SelectionKey.OP_CONNECT, new int[1]);
            if (client.connect(server.getLocalAddress())) {
                key.interestOps(SelectionKey.OP_WRITE);
            }
            clients.add(client);
        }
        int done = 0;
        ByteBuffer buffer = ByteBuffer.allocate(64);
        while (done < CONNECTIONS) {
            assertTrue(selector.select(PATIENCE_MILLIS) > 0, done + " of " + CONNECTIONS + " done, then nothing");
            for (SelectionKey key : selector.selectedKeys()) {
                SocketChannel client = (SocketChannel) key.channel();
                int[] round = (int[]) key.attachment();
                if (key.isConnectable()) {
                    assertTrue(client.finishConnect());
                    assertPath(client);
                    key.interestOps(SelectionKey.OP_WRITE);
                } else if (key.isWritable()) {
                    buffer.clear().putInt(clients.indexOf(client)).putInt(round[0]).flip();
                    assertEquals(8, client.write(buffer));
                    key.interestOps(SelectionKey.OP_READ);
                } else if (key.isReadable()) {
                    assertEquals(8, client.read(buffer.clear()));
                    assertEquals(clients.indexOf(client), buffer.getInt(0));
                    assertEquals(round[0], buffer.getInt(4));
                    if (++round[0] < ROUNDS) {
                        key.interestOps(SelectionKey.OP_WRITE);
                    } else {
                        key.interestOps(0);
                        done++;
                    }
                }
            }
            selector.selectedKeys().clear();
        }
        assertEquals(CONNECTIONS, selector.keys().size());
        for (SocketChannel client : clients) {
            client.close();
        }
        selector.selectNow();
        assertEquals(0, selector.keys().size());
        stop = true;
        serverSide.wakeup();
        assertEquals(CONNECTIONS, echo.result());
    }

    @Test
    void shortConnectionsOneAfterAnother() throws Exception {
        Selector serverSide = selector();
        ServerSocketChannel server = listen();
        Background<Integer> echo = echo(serverSide, server);
        for (int i = 0; i < CONNECTIONS; i++) {
            try (SocketChannel client = SocketChannel.open(server.getLocalAddress())) {
                assertPath(client);
                write(client, "short");
                assertEquals("short", read(client, 5));
            }
        }
        stop = true;
        serverSide.wakeup();
        assertEquals(CONNECTIONS, echo.result());
    }

    @Test
    void blockingClientsInThreads() throws Exception {
        Selector serverSide = selector();
        ServerSocketChannel server = own(ServerSocketChannel.open()).bind(loopback(0), 64);
        Background<Integer> echo = echo(serverSide, server);
        List<Background<Void>> clients = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            clients.add(Background.start(() -> {
                for (int n = 0; n < 4; n++) {
                    try (SocketChannel client = SocketChannel.open(server.getLocalAddress())) {
                        assertPath(client);
                        write(client, "thread");
                        assertEquals("thread", read(client, 6));
                    }
                }
                return null;
            }));
        }
        for (Background<Void> client : clients) {
            client.result();
        }
        stop = true;
        serverSide.wakeup();
        assertEquals(32, echo.result());
    }
}
