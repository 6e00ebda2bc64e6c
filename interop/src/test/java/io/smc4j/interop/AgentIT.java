package io.smc4j.interop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.smc4j.diag.SmcMode;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.channels.AsynchronousSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The packed jar as an agent, in JVMs of its own. */
@Timeout(120)
class AgentIT {

    /** A program that knows nothing of us, but for asking the kernel at its end. */
    static final class Program {

        public static void main(String[] arguments) throws Exception {
            try (ServerSocket server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
                    Socket client = new Socket(server.getInetAddress(), server.getLocalPort());
                    Socket accepted = server.accept()) {
                client.getOutputStream().write('a');
                System.out.println("read " + (char) accepted.getInputStream().read());
                System.out.println("java.net " + (Ends.EXPECTED == SmcMode.TCP ? "TCP" : modes(server.getLocalPort())));
            }
            try (SocketChannel channel = SocketChannel.open(); AsynchronousSocketChannel asynchronous = AsynchronousSocketChannel.open()) {
                System.out.println("channels " + channel.getClass().getName() + " " + asynchronous.getClass().getName());
            }
        }

        private static String modes(int port) throws Exception {
            Ends ends = Ends.of(port);
            return ends.clients().size() == 1 && ends.servers().size() == 1 && ends.clients().get(0).mode() == ends.servers().get(0).mode()
                    ? ends.clients().get(0).mode().name() : ends.toString();
        }
    }

    private static List<String> run(SmcMode expected, String... options) throws Exception {
        List<String> all = new ArrayList<>(List.of(options));
        all.add("-Dsmc.interop.expect=" + expected);
        return Child.run(Child.command(all, Program.class));
    }

    private static long ours(List<String> lines) {
        return lines.stream().filter(l -> l.contains("smc4j agent: ")).count();
    }

    @Test
    void byFlag() throws Exception {
        List<String> lines = run(Ends.EXPECTED, Child.bareAgentFlag());
        assertTrue(lines.contains("status 0") && lines.contains("read a"), lines.toString());
        assertTrue(lines.contains("java.net " + Ends.EXPECTED), lines.toString());
        assertEquals(Ends.EXPECTED == SmcMode.TCP ? 1 : 0, ours(lines), lines.toString());
        assertEquals(Ends.EXPECTED != SmcMode.TCP,
                lines.contains("channels io.smc4j.nio.SmcSocketChannel io.smc4j.net.SmcAsynchronousSocketChannel"), lines.toString());
    }

    @Test
    void byEnvironment() throws Exception {
        ProcessBuilder builder = Child.command(List.of("-Dsmc.interop.expect=" + Ends.EXPECTED, "-Xcheck:jni"), Program.class);
        builder.environment().put("JAVA_TOOL_OPTIONS", Child.bareAgentFlag());
        List<String> lines = Child.run(builder);
        assertTrue(lines.contains("status 0") && lines.contains("java.net " + Ends.EXPECTED), lines.toString());
        assertFalse(String.join("\n", lines).contains("WARNING in native method"), lines.toString());
    }

    @Test
    void anAgentThatFailsLeavesTcpAndOneLine() throws Exception {
        List<String> lines = run(SmcMode.TCP, "-Dsmc.native.path=/nonexistent/libsmc4j.so", Child.bareAgentFlag());
        assertTrue(lines.contains("status 0") && lines.contains("read a"), lines.toString());
        assertEquals(1, ours(lines), lines.toString());
        assertTrue(lines.stream().anyMatch(l -> l.startsWith("channels sun.nio.ch.")), lines.toString());
    }

    @Test
    void requireRefusesTheStart() throws Exception {
        List<String> lines = run(SmcMode.TCP, "-Dsmc.native.path=/nonexistent/libsmc4j.so", Child.bareAgentFlag() + "=mode=require");
        assertEquals("status 1", lines.get(0), lines.toString());
        assertEquals(1, ours(lines), lines.toString());
        assertFalse(lines.contains("read a"), lines.toString());
    }
}
