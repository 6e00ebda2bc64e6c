package io.smc4j.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.smc4j.Smc;
import io.smc4j.SmcConfig;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.channels.AsynchronousSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code -javaagent} in JVMs of its own, from a jar with the manifest that the build puts into ours. */
class AgentTest {

    @TempDir
    static Path directory;
    private static Path jar;

    @BeforeAll
    static void packAgent() throws Exception {
        Path classes = Path.of(SmcAgent.class.getProtectionDomain().getCodeSource().getLocation().toURI());
        jar = directory.resolve("smc-core.jar");
        Manifest manifest;
        try (InputStream in = Files.newInputStream(Path.of(System.getProperty("basedir", "."), "src/main/manifest/MANIFEST.MF"))) {
            manifest = new Manifest(in);
        }
        try (OutputStream out = Files.newOutputStream(jar); JarOutputStream jars = new JarOutputStream(out, manifest); Stream<Path> files = Files.walk(classes)) {
            for (Path file : (Iterable<Path>) files.filter(Files::isRegularFile)::iterator) {
                jars.putNextEntry(new ZipEntry(classes.relativize(file).toString()));
                Files.copy(file, jars);
            }
        }
    }

    /** What an unmodified program does. */
    static final class Program {

        public static void main(String[] arguments) throws Exception {
            try (ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
                    Socket client = new Socket(server.getInetAddress(), server.getLocalPort()); Socket end = server.accept()) {
                client.getOutputStream().write('w');
                System.out.println("read " + (char) end.getInputStream().read());
            }
            try (SocketChannel channel = SocketChannel.open(); AsynchronousSocketChannel asynchronous = AsynchronousSocketChannel.open()) {
                System.out.println("channel " + channel.getClass().getName());
                System.out.println("asynchronous " + asynchronous.getClass().getName());
            }
        }
    }

    private static Jvm.Result run(String settings, String... options) throws Exception {
        List<String> all = new java.util.ArrayList<>(List.of(options));
        all.add("-javaagent:" + jar + (settings == null ? "" : "=" + settings));
        return Jvm.run(all, Program.class);
    }

    @Test
    void switchesEverythingOnOrSaysWhyNot() throws Exception {
        String output = run(null).ok();
        assertTrue(output.contains("read w"), output);
        boolean available = Smc.isAvailable();
        assertEquals(available, output.contains("channel io.smc4j.nio.SmcSocketChannel"), output);
        assertEquals(available, output.contains("asynchronous io.smc4j.net.SmcAsynchronousSocketChannel"), output);
        assertEquals(!available, output.contains("smc4j agent: connections stay TCP: "), output);
    }

    @Test
    void off() throws Exception {
        String output = run("mode=off").ok();
        assertTrue(output.contains("channel sun.nio.ch.") && output.contains("asynchronous sun.nio.ch."), output);
        assertFalse(output.contains("smc4j"), output);
    }

    @Test
    void requireKeepsAProgramWithoutSmcFromStarting() throws Exception {
        Jvm.Result result = run("smc.mode=require,smc.capability.kernel=off");
        assertEquals(1, result.status(), result.output());
        assertTrue(result.output().contains("smc4j agent: smc.mode=require: "), result.output());
        assertFalse(result.output().contains("read w"), result.output());
    }

    @Test
    void badSettingsAreNamed() throws Exception {
        String output = run("bogus=1,mode,capability.kernel=off,,mode=auto").ok();
        assertTrue(output.contains("unusable setting 'bogus=1'"), output);
        assertTrue(output.contains("unusable setting 'mode'"), output);
        assertTrue(output.contains("read w"), output);
    }

    @Test
    void propertiesStandBeforeTheFlag() throws Exception {
        assertFalse(run("mode=require", "-Dsmc.mode=off").ok().contains("smc4j"));
    }

    @Test
    void summaryOnRequest() throws Exception {
        assertTrue(run("summary,capability.kernel=off").ok().contains("KERNEL          no   switched off by smc.capability.kernel=off"));
    }

    @Test
    void otherProvidersAreLeft() throws Exception {
        String mine = "-Djava.nio.channels.spi.SelectorProvider=sun.nio.ch.EPollSelectorProvider";
        String output = run(null, mine, "--add-exports", "java.base/sun.nio.ch=ALL-UNNAMED").output();
        assertFalse(output.contains("io.smc4j.nio.SmcSocketChannel"), output);
        assertEquals(Smc.isAvailable(), output.contains("left as it is: java.nio.channels.spi.SelectorProvider"), output);
    }

    /** The agent looks for settings in the kernel's copy of the environment before it asks the JDK. */
    @Test
    void settingsOfTheEnvironment() throws Exception {
        Jvm.Result off = version(null, "SMC_MODE", "off");
        assertFalse(off.ok().contains("smc4j"), off::output);
        Jvm.Result require = version(null, "SMC_CAPABILITY_KERNEL", "off", "SMC_MODE", "require");
        assertEquals(1, require.status(), require::output);
        assertTrue(require.output().contains("smc4j agent: smc.mode=require: "), require::output);
        Path annotations = Files.writeString(directory.resolve("annotations"), SmcConfig.ANNOTATION_ENABLED + "=\"false\"\n");
        Jvm.Result annotated = version(null, "SMC_ANNOTATIONS", annotations.toString());
        assertFalse(annotated.ok().contains("smc4j"), annotated::output);
    }

    @Test
    void byEnvironment() throws Exception {
        Jvm.Result result = version("capability.kernel=off");
        assertTrue(result.ok().contains("smc4j agent: connections stay TCP: "), result::output);
    }

    /** {@code java -version} with the agent in JAVA_TOOL_OPTIONS, and other variables. */
    private static Jvm.Result version(String settings, String... variables) throws Exception {
        ProcessBuilder builder = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-version");
        builder.environment().put("JAVA_TOOL_OPTIONS", "-javaagent:" + jar + (settings == null ? "" : "=" + settings));
        for (int i = 0; i < variables.length; i += 2) {
            builder.environment().put(variables[i], variables[i + 1]);
        }
        builder.redirectErrorStream(true);
        Process process = builder.start();
        String output = new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        return new Jvm.Result(process.waitFor(), output.replaceAll("(?m)^Picked up .*\\n", ""));
    }
}
