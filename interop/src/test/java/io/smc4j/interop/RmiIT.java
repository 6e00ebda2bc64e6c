package io.smc4j.interop;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.rmi.Remote;
import java.rmi.RemoteException;
import java.rmi.registry.LocateRegistry;
import java.rmi.registry.Registry;
import java.rmi.server.UnicastRemoteObject;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** RMI between two JVMs; the other one has the agent from {@code JAVA_TOOL_OPTIONS}. */
@Timeout(120)
class RmiIT {

    private static final int CALLS = 300;

    /** What is called. */
    public interface Echo extends Remote {
        byte[] echo(byte[] data) throws RemoteException;
    }

    /** The other JVM. */
    static final class Server implements Echo {

        public static void main(String[] arguments) throws Exception {
            int registryPort = freePort();
            int objectPort = freePort();
            Server server = new Server();
            Registry registry = LocateRegistry.createRegistry(registryPort);
            registry.rebind("echo", UnicastRemoteObject.exportObject(server, objectPort));
            System.out.println("ports " + registryPort + " " + objectPort);
            System.in.read(); // until the test ends
            System.exit(0);
        }

        private static int freePort() throws Exception {
            try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
                return socket.getLocalPort();
            }
        }

        @Override
        public byte[] echo(byte[] data) {
            return data;
        }
    }

    @Test
    void calls() throws Exception {
        ProcessBuilder builder = Child.command(List.of("-Djava.rmi.server.hostname=127.0.0.1"), Server.class);
        builder.environment().put("JAVA_TOOL_OPTIONS", Child.agentFlag());
        Process process = builder.start();
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            String line = lines.readLine();
            while (line != null && !line.startsWith("ports ")) {
                System.out.println("RMI server: " + line);
                line = lines.readLine();
            }
            assertNotNull(line, "the other JVM ended");
            String[] ports = line.split(" ");
            Echo echo = (Echo) LocateRegistry.getRegistry("127.0.0.1", Integer.parseInt(ports[1])).lookup("echo");
            for (int i = 0; i < CALLS; i++) {
                byte[] data = new byte[i * 10];
                java.util.Arrays.fill(data, (byte) i);
                assertArrayEquals(data, echo.echo(data));
            }
            Ends.check("RMI registry, two JVMs", Integer.parseInt(ports[1]), 1);
            Ends.check("RMI object, two JVMs", Integer.parseInt(ports[2]), 1);
        } finally {
            process.getOutputStream().close();
            process.destroy();
        }
        assertEquals(true, process.waitFor(30, java.util.concurrent.TimeUnit.SECONDS));
    }
}
