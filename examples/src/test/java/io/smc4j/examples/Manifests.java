package io.smc4j.examples;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.introspect.Annotated;
import com.fasterxml.jackson.databind.introspect.JacksonAnnotationIntrospector;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Reads manifests strictly: a field that the Kubernetes API does not have, or that stands twice, is an error, as it is to a strict API server. */
final class Manifests {

    static final Path DIRECTORY = root().resolve("examples/kubernetes");

    /** Fabric8's model keeps unknown fields in a map; without that map they are errors. */
    private static final class NoRoomForUnknown extends JacksonAnnotationIntrospector {
        private static final long serialVersionUID = 1L;

        @Override
        public Boolean hasAnySetter(Annotated annotated) {
            return Boolean.FALSE;
        }
    }

    private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory())
            .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
            .setAnnotationIntrospector(new NoRoomForUnknown());

    private Manifests() {
    }

    static Path root() {
        Path here = Path.of("").toAbsolutePath();
        return Files.exists(here.resolve("smc-core")) ? here : here.getParent();
    }

    static List<JsonNode> documents(String yaml) throws IOException {
        try (JsonParser parser = YAML.getFactory().createParser(yaml)) {
            return YAML.readerFor(JsonNode.class).<JsonNode>readValues(parser).readAll();
        }
    }

    static List<JsonNode> documentsOf(String file) throws IOException {
        return documents(Files.readString(DIRECTORY.resolve(file)));
    }

    static <T> T as(Class<T> kind, JsonNode document) throws IOException {
        return YAML.readerFor(kind).readValue(document);
    }

    /** The one document of a kind in a file. */
    static <T> T read(Class<T> kind, String file) throws IOException {
        List<JsonNode> found = documentsOf(file).stream().filter(d -> d.path("kind").asText().equals(kind.getSimpleName())).toList();
        if (found.size() != 1) {
            throw new IOException(file + " has " + found.size() + " documents of kind " + kind.getSimpleName());
        }
        return as(kind, found.get(0));
    }
}
