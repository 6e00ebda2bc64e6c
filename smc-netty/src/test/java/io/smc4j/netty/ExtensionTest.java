package io.smc4j.netty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.util.Version;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A Netty program that knows nothing of this library, in a JVM with the switch and in one without. */
@Timeout(value = 300, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ExtensionTest {

    private static String run(String... options) throws Exception {
        List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1", "-Djava.net.preferIPv4Stack=" + System.getProperty("java.net.preferIPv4Stack", "false")));
        command.addAll(List.of(options));
        command.addAll(List.of("-cp", classPath(), PlainEcho.class.getName()));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertTrue(process.waitFor(200, TimeUnit.SECONDS), "the program did not end");
        assertEquals(0, process.exitValue(), out);
        return out;
    }

    /** The class path of the tests: the launchers hide it behind a jar of their own. */
    private static String classPath() {
        return System.getProperty("surefire.test.class.path", System.getProperty("smc.netty.classpath", System.getProperty("java.class.path")));
    }

    @Test
    void theSwitchIsEnough() throws Exception {
        String out = run("-Dio.netty.bootstrap.extensions=serviceload");
        String path = Net.MPTCP ? "TCP" : Net.EXPECT; // a machine without AF_SMC stays TCP
        assertTrue(out.contains("client " + path), out);
        assertTrue(out.contains("server " + path), out);
    }

    @Test
    void withoutTheSwitchNothingChanges() throws Exception {
        String out = run();
        assertTrue(out.contains("client TCP"), out);
        assertTrue(out.contains("server TCP"), out);
    }

    @Test
    void offIsOff() throws Exception {
        String out = run("-Dio.netty.bootstrap.extensions=serviceload", "-Dsmc.mode=off");
        assertTrue(out.contains("client TCP"), out);
        assertTrue(out.contains("server TCP"), out);
    }

    /** The run is with the Netty line that it says. */
    @Test
    void theNettyLineIsTheOneAskedFor() {
        String line = System.getProperty("smc.netty.line", "4.2");
        String version = Version.identify().get("netty-transport-classes-epoll").artifactVersion();
        assertTrue(version.startsWith(line + "."), version);
    }
}
