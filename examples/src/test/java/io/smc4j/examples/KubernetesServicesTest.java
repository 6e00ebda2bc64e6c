package io.smc4j.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.smc4j.SmcConfig;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs the two services as their manifests say, with the pods' files laid out in a directory and the ports moved. */
class KubernetesServicesTest {

    private static final String PROVIDER = "io.smc4j.nio.SmcSelectorProvider";

    @TempDir
    Path pods;
    private final List<Process> processes = new ArrayList<>();

    @AfterEach
    void endProcesses() throws InterruptedException {
        for (Process process : processes) {
            process.destroyForcibly().waitFor(30, TimeUnit.SECONDS);
        }
    }

    @Test
    void servicesTalkWithTheSwitchOn() throws Exception {
        servicesTalk("true");
    }

    @Test
    void servicesTalkWithTheAnnotationSayingNo() throws Exception {
        servicesTalk("false");
    }

    private void servicesTalk(String enabled) throws Exception {
        int[] ports = freePorts();
        Process server = start("server.yaml", enabled, ports, List.of());
        awaitListener(ports[0], server, "server.yaml");
        awaitListener(ports[1], server, "server.yaml");
        Process client = start("client.yaml", enabled, ports, List.of("1")); // one round
        assertTrue(client.waitFor(120, TimeUnit.SECONDS), () -> "the client did not end: " + output("client.yaml"));
        String said = output("client.yaml");
        assertEquals(0, client.exitValue(), said);
        assertTrue(said.matches("(?s).*HTTP echo: [1-9]\\d* calls, P50 .*TCP echo: [1-9]\\d* calls, P50 .*"), said);
        assertFalse(said.contains("failed"), said);
        assertTrue(server.isAlive(), () -> output("server.yaml"));
        for (String file : List.of("server.yaml", "client.yaml")) {
            assertTrue(Files.readString(pods.resolve(file + ".classes")).contains(PROVIDER + " source:"), file + ": the switch was not thrown");
            assertFalse(output(file).contains("WARNING"), output(file));
        }
    }

    private Process start(String file, String enabled, int[] ports, List<String> more) throws IOException {
        PodTemplateSpec pod = KubernetesManifestsTest.template(file);
        Container container = KubernetesManifestsTest.container(pod);
        Path annotations = Files.writeString(pods.resolve(file + ".annotations"), downwardApi(pod.getMetadata().getAnnotations(), enabled));
        Path rules = Files.writeString(pods.resolve(file + ".rules"),
                Manifests.read(ConfigMap.class, "rules.yaml").getData().get("rules.conf").replace("8078", String.valueOf(ports[1])));
        Map<String, String> moved = Map.of("/opt/echo", Manifests.DIRECTORY.toString(), "/opt/smc4j/smc-core.jar", library(),
                "/etc/podinfo/annotations", annotations.toString(), "/etc/smc4j/rules.conf", rules.toString());

        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        container.getCommand().stream().skip(1).map(word -> word.equals("8080") ? String.valueOf(ports[0]) : word.equals("8078") ? String.valueOf(ports[1])
                : word.equals("echo-server") ? "127.0.0.1" : word.equals("10") ? "1" : move(word, moved)).forEach(command::add);
        command.addAll(more);
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(pods.resolve(file + ".out").toFile());
        builder.environment().keySet().removeIf(name -> name.startsWith("SMC_"));
        for (EnvVar variable : container.getEnv()) {
            builder.environment().put(variable.getName(), move(variable.getValue(), moved));
        }
        builder.environment().merge("JAVA_TOOL_OPTIONS", " -Xlog:class+load:file=" + pods.resolve(file + ".classes"), String::concat);
        Process process = builder.start();
        processes.add(process);
        return process;
    }

    private static String move(String text, Map<String, String> moved) {
        String result = text;
        for (Map.Entry<String, String> place : moved.entrySet()) {
            result = result.replace(place.getKey(), place.getValue());
        }
        return result;
    }

    /** As the kubelet writes it: sorted, one a line, quoted as Go does. */
    private static String downwardApi(Map<String, String> annotations, String enabled) {
        Map<String, String> sorted = new TreeMap<>(annotations);
        sorted.put(SmcConfig.ANNOTATION_ENABLED, enabled);
        StringBuilder file = new StringBuilder();
        sorted.forEach((key, value) -> file.append(key).append("=\"").append(value.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n")).append("\"\n"));
        return file.toString();
    }

    /** The jar or the classes of smc-core, whichever this build has. */
    private static String library() {
        return Path.of(java.net.URI.create(SmcConfig.class.getProtectionDomain().getCodeSource().getLocation().toString())).toString();
    }

    private void awaitListener(int port, Process server, String file) throws InterruptedException {
        for (int i = 0; i < 600 && server.isAlive(); i++) {
            try (Socket probe = new Socket()) {
                probe.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1_000);
                return;
            } catch (IOException e) {
                Thread.sleep(100);
            }
        }
        throw new AssertionError("nothing listens on " + port + ": " + output(file));
    }

    private static int[] freePorts() throws IOException {
        try (java.net.ServerSocket a = new java.net.ServerSocket(0); java.net.ServerSocket b = new java.net.ServerSocket(0)) {
            return new int[] {a.getLocalPort(), b.getLocalPort()};
        }
    }

    private String output(String file) {
        try {
            return Files.readString(pods.resolve(file + ".out"));
        } catch (IOException e) {
            return e.toString();
        }
    }
}
