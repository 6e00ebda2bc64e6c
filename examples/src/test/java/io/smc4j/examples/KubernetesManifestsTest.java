package io.smc4j.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.smc4j.SmcConfig;
import io.smc4j.policy.SmcRuleParser;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class KubernetesManifestsTest {

    /** Each manifest's documents, and the model class that takes the whole of each. */
    private static final Map<String, Class<?>> KINDS = Map.of("Deployment", Deployment.class, "Service", Service.class, "ConfigMap", ConfigMap.class);

    @ParameterizedTest
    @ValueSource(strings = {"server.yaml", "client.yaml", "rules.yaml"})
    void everyDocumentIsWhollyUnderstood(String file) throws IOException {
        List<JsonNode> documents = Manifests.documentsOf(file);
        assertFalse(documents.isEmpty());
        for (JsonNode document : documents) {
            Class<?> kind = KINDS.get(document.path("kind").asText());
            assertEquals(kind.getAnnotation(io.fabric8.kubernetes.model.annotation.Version.class).value(),
                    document.path("apiVersion").asText().replaceFirst(".*/", ""));
            Manifests.as(kind, document);
        }
    }

    /** The check itself: each of these mistakes in a good file is found. */
    @ParameterizedTest
    @CsvSource({
        "replicas: 1, replica: 1",
        "replicas: 1, replicas: one",
        "readOnly: true, readonly: true",
        "runAsNonRoot: true, runAsNonroot: true",
        "fieldPath: metadata.annotations, fieldpath: metadata.annotations",
        "containerPort: 8080, containerPort: http",
        "drop: [ALL], drop: ALL",
        "sizeLimit: 16Mi, limit: 16Mi",
        "downwardAPI:, downwardApi:"})
    void mistakesAreFound(String good, String bad) throws IOException {
        String text = Files.readString(Manifests.DIRECTORY.resolve("server.yaml"));
        assertTrue(text.contains(good), good);
        JsonNode deployment = Manifests.documents(text.replace(good, bad)).get(1);
        assertThrows(JsonProcessingException.class, () -> Manifests.as(Deployment.class, deployment));
    }

    @Test
    void doubleKeysAreFound() {
        assertThrows(JsonProcessingException.class, () -> Manifests.documents("spec:\n  replicas: 1\n  replicas: 2\n"));
    }

    @Test
    void pairIsTheMeshGuides() throws IOException {
        PodTemplateSpec server = template("server.yaml");
        PodTemplateSpec client = template("client.yaml");
        for (PodTemplateSpec pod : List.of(server, client)) {
            assertEquals("true", pod.getMetadata().getAnnotations().get("sidecar.istio.io/inject"));
            assertEquals("true", pod.getMetadata().getAnnotations().get(SmcConfig.ANNOTATION_ENABLED));
        }
        assertEquals("concurrency: 2\n", server.getMetadata().getAnnotations().get("proxy.istio.io/config"));
        assertEquals("concurrency: 4\n", client.getMetadata().getAnnotations().get("proxy.istio.io/config"));
        assertEquals("8078", server.getMetadata().getAnnotations().get("traffic.sidecar.istio.io/excludeInboundPorts"));
        assertEquals("8078", client.getMetadata().getAnnotations().get("traffic.sidecar.istio.io/excludeOutboundPorts"));
        var terms = client.getSpec().getAffinity().getPodAntiAffinity().getRequiredDuringSchedulingIgnoredDuringExecution();
        assertEquals(1, terms.size());
        assertEquals("kubernetes.io/hostname", terms.get(0).getTopologyKey());
        assertEquals(server.getMetadata().getLabels().get("app"), terms.get(0).getLabelSelector().getMatchLabels().get("app"));
    }

    @Test
    void serviceLeadsToTheServersPorts() throws IOException {
        Service service = Manifests.read(Service.class, "server.yaml");
        PodTemplateSpec server = template("server.yaml");
        assertTrue(server.getMetadata().getLabels().entrySet().containsAll(service.getSpec().getSelector().entrySet()));
        Map<String, Integer> ports = container(server).getPorts().stream().collect(Collectors.toMap(p -> p.getName(), p -> p.getContainerPort()));
        assertEquals(Map.of("http-echo", 8080, "tcp-echo", 8078), ports);
        service.getSpec().getPorts().forEach(p -> assertEquals(p.getPort(), ports.get(p.getTargetPort().getStrVal())));
        assertEquals(2, service.getSpec().getPorts().size());
        assertTrue(container(template("client.yaml")).getCommand().contains(service.getMetadata().getName()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"server.yaml", "client.yaml"})
    void libraryComesFromOutsideTheImage(String file) throws IOException {
        Deployment deployment = Manifests.read(Deployment.class, file);
        PodTemplateSpec pod = deployment.getSpec().getTemplate();
        assertEquals(deployment.getSpec().getSelector().getMatchLabels().get("app"), pod.getMetadata().getLabels().get("app"));
        Container container = container(pod);
        Map<String, String> env = container.getEnv().stream().collect(Collectors.toMap(EnvVar::getName, EnvVar::getValue));
        assertTrue(env.get("JAVA_TOOL_OPTIONS").contains("-Djava.nio.channels.spi.SelectorProvider=io.smc4j.nio.SmcSelectorProvider"));
        assertInVolume(pod, env.get("CLASSPATH"), "smc4j");
        assertInVolume(pod, env.get(SmcConfig.environmentName(SmcConfig.ANNOTATIONS)), "podinfo");
        assertInVolume(pod, env.get(SmcConfig.environmentName(SmcConfig.RULES)), "smc4j-rules");
        assertInVolume(pod, "/tmp/x", "tmp");
        var items = volume(pod.getSpec(), "podinfo").getDownwardAPI().getItems();
        assertEquals(List.of("annotations"), items.stream().map(i -> i.getPath()).toList());
        assertEquals("metadata.annotations", items.get(0).getFieldRef().getFieldPath());
        assertTrue(container.getVolumeMounts().stream().noneMatch(m -> m.getSubPath() != null), "a subPath mount does not follow changes");
        Set<String> settings = env.keySet().stream().filter(name -> name.startsWith("SMC_")).collect(Collectors.toCollection(TreeSet::new));
        settings.removeAll(io.smc4j.SmcSetting.all().stream().map(s -> s.environmentName()).toList());
        assertEquals(Set.of(), settings, "settings that do not exist");
    }

    @Test
    void kustomizationNamesWhatIsThere() throws IOException {
        JsonNode kustomization = Manifests.documentsOf("kustomization.yaml").get(0);
        Set<String> fields = new TreeSet<>();
        kustomization.fieldNames().forEachRemaining(fields::add);
        assertEquals(Set.of("apiVersion", "kind", "resources", "configMapGenerator", "generatorOptions"), fields);
        List<String> files = new ArrayList<>();
        kustomization.path("resources").forEach(r -> files.add(r.asText()));
        Set<String> maps = new TreeSet<>();
        kustomization.path("configMapGenerator").forEach(g -> {
            maps.add(g.path("name").asText());
            g.path("files").forEach(f -> files.add(f.asText()));
        });
        assertTrue(files.remove("smc-core.jar"), "the one that is built first");
        for (String file : files) {
            assertTrue(Files.isRegularFile(Manifests.DIRECTORY.resolve(file)), file);
        }
        maps.add(Manifests.read(ConfigMap.class, "rules.yaml").getMetadata().getName());
        for (String file : List.of("server.yaml", "client.yaml")) {
            for (Volume volume : template(file).getSpec().getVolumes()) {
                if (volume.getConfigMap() != null) {
                    assertTrue(maps.contains(volume.getConfigMap().getName()), volume.getConfigMap().getName());
                }
            }
        }
        assertTrue(kustomization.path("generatorOptions").path("disableNameSuffixHash").asBoolean(), "the Deployments name the maps as they are");
    }

    @Test
    void meshSwitchIsTheMeshGuides() throws IOException {
        JsonNode mesh = Manifests.documentsOf("mesh.yaml").get(0);
        assertEquals(Manifests.documents("{apiVersion: istio.alibabacloud.com/v1beta1, kind: ASMMeshConfig, metadata: {name: default}, spec: {smcEnabled: true}}").get(0),
                mesh);
    }

    @Test
    void rulesAreGood() throws IOException {
        Map<String, String> data = Manifests.read(ConfigMap.class, "rules.yaml").getData();
        assertEquals(Set.of("rules.conf"), data.keySet());
        assertEquals(5, SmcRuleParser.parse("rules.conf", data.get("rules.conf").getBytes(StandardCharsets.UTF_8)).size());
    }

    private static void assertInVolume(PodTemplateSpec pod, String path, String volume) {
        var mounts = container(pod).getVolumeMounts().stream().filter(m -> path.startsWith(m.getMountPath() + "/")).toList();
        assertEquals(1, mounts.size(), path);
        assertEquals(volume, mounts.get(0).getName());
        volume(pod.getSpec(), volume);
    }

    private static Volume volume(PodSpec spec, String name) {
        return spec.getVolumes().stream().filter(v -> v.getName().equals(name)).findFirst().orElseThrow();
    }

    static PodTemplateSpec template(String file) throws IOException {
        return Manifests.read(Deployment.class, file).getSpec().getTemplate();
    }

    static Container container(PodTemplateSpec pod) {
        assertEquals(1, pod.getSpec().getContainers().size());
        return pod.getSpec().getContainers().get(0);
    }
}
