package io.smc4j.contract;

import io.smc4j.net.MptcpSockets;
import io.smc4j.net.SmcSockets;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The other end of many connections, in a JVM of its own, since one JVM's descriptors do not reach for both: a virtual thread for each. It prints its port, and once its standard input
 * ends how many of its virtual threads pinned their carrier.
 */
public final class EchoServer implements AutoCloseable {

    static final int MESSAGE = 64;
    private static final int BACKLOG = 4096;

    private final Process process;
    private final BufferedReader out;
    /** Where it listens, on 127.0.0.1. */
    final int port;

    /** Starts one, with this JVM's options and class path. */
    EchoServer(Path directory) throws IOException {
        List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
        command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), EchoServer.class.getName(), directory.toString()));
        process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
        out = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        port = Integer.parseInt(line("port "));
    }

    private String line(String start) throws IOException {
        for (String line = out.readLine(); line != null; line = out.readLine()) {
            if (line.startsWith(start)) {
                return line.substring(start.length());
            }
            System.out.println("server: " + line);
        }
        throw new IOException("the server ended before it said '" + start + "'");
    }

    /** Ends it; answers how many of its virtual threads pinned their carrier. */
    int stop() throws IOException {
        process.getOutputStream().close();
        return Integer.parseInt(line("pinned "));
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }

    /** The server itself. */
    public static void main(String[] arguments) throws Exception {
        ServerSocket server = switch (System.getProperty("smc.contract.provider", "jdk")) {
            case "jdk" -> new ServerSocket();
            case "mptcp" -> MptcpSockets.newServerSocket();
            default -> SmcSockets.newServerSocket();
        };
        server.bind(Contract.loopback(0), BACKLOG);
        Thread acceptor = new Thread(() -> accept(server), "acceptor");
        acceptor.setDaemon(true);
        acceptor.start();
        for (int i = 0; i < 4; i++) { // what the JDK itself initialises with its first sockets
            oneEcho(server.getLocalPort());
        }
        List<?> pinned;
        try (PinnedEvents events = PinnedEvents.start()) {
            System.out.println("port " + server.getLocalPort());
            while (System.in.read() >= 0) {
                // until it ends
            }
            pinned = events.stop(Files.createDirectories(Path.of(arguments[0])));
        }
        pinned.forEach(System.out::println);
        System.out.println("pinned " + pinned.size());
        System.exit(0);
    }

    private static void accept(ServerSocket server) {
        try {
            for (;;) {
                Socket end = server.accept();
                VirtualThreads.unstarted(() -> echo(end)).start();
            }
        } catch (IOException e) { // too many open files, for one: the clients would wait for ever
            e.printStackTrace();
            System.exit(1);
        }
    }

    private static void oneEcho(int port) throws Exception {
        try (Socket socket = new Socket()) {
            socket.connect(Contract.loopback(port));
            Thread.sleep(50); // the other end waits by then
            socket.getOutputStream().write(new byte[MESSAGE]);
            if (socket.getInputStream().readNBytes(MESSAGE).length != MESSAGE) {
                throw new IOException("no echo");
            }
        }
    }

    static void echo(Socket end) {
        byte[] message = new byte[MESSAGE];
        try (end) {
            while (end.getInputStream().readNBytes(message, 0, MESSAGE) == MESSAGE) {
                end.getOutputStream().write(message);
            }
        } catch (IOException e) {
            System.out.println("an echo ended: " + e);
        }
    }
}
