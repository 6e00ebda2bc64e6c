package io.smc4j.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.w3c.dom.NodeList;

/** Every dependency and plugin of every pom has one fixed version, and a row in docs/dependencies.md; the bill of materials names what is published. */
class PomsTest {

    private static final Path ROOT = Path.of("").toAbsolutePath().getParent();
    /** Elements that name an artifact, wherever they stand. */
    private static final Set<String> ARTIFACTS = Set.of("dependency", "plugin", "extension", "path", "artifactItem", "additionalClasspathDependency");
    /** Digits first; no range, no SNAPSHOT, no LATEST or RELEASE, no property left. */
    private static final Pattern FIXED = Pattern.compile("(?!.*SNAPSHOT)\\d[\\w.\\-]*");
    private static final Pattern PROPERTY = Pattern.compile("\\$\\{([^}]+)}");
    private static final Pattern ROW = Pattern.compile("^\\| `([^`]+:[^`]+)` \\|(.*)\\|$");
    private static final String OURS = "io.smc4j";

    /** An artifact of a pom: {@code version} as it stands there, or null. */
    private record Artifact(Path pom, String key, String version) {
    }

    @Test
    void everyDependencyAndPluginHasOneFixedVersion() throws Exception {
        Element parent = parse(ROOT.resolve("pom.xml"));
        List<String> bad = new ArrayList<>();
        int looked = 0;
        for (Path pom : poms()) {
            // What has no parent manages its versions itself.
            Set<String> managed = new TreeSet<>();
            artifacts(parse(pom).getElementsByTagName("parent").getLength() > 0 ? ROOT.resolve("pom.xml") : pom).stream().filter(a -> a.version != null)
                    .forEach(a -> managed.add(a.key));
            for (Artifact a : artifacts(pom)) {
                looked++;
                boolean fixed = a.version != null ? FIXED.matcher(resolve(a.version, parse(pom), parent)).matches()
                        : managed.contains(a.key) || a.key.startsWith("org.junit"); // JUnit's own bill of materials, itself fixed
                boolean ours = a.key.startsWith(OURS + ":") && "${project.version}".equals(a.version);
                if (!fixed && !ours) {
                    bad.add(ROOT.relativize(pom) + ": " + a.key + " " + a.version);
                }
            }
        }
        assertEquals(List.of(), bad);
        assertTrue(looked > 60, "only " + looked + " seen");
    }

    @Test
    void everyPluginOfTheLifeCycleIsPinned() throws Exception {
        Set<String> pinned = new TreeSet<>();
        artifacts(ROOT.resolve("pom.xml")).stream().filter(a -> a.version != null).forEach(a -> pinned.add(a.key));
        for (String name : List.of("clean", "resources", "compiler", "surefire", "jar", "install", "deploy", "site")) {
            assertTrue(pinned.contains("org.apache.maven.plugins:maven-" + name + "-plugin"), name);
        }
    }

    @Test
    void dependenciesPageHasARowForEach() throws Exception {
        Set<String> used = new TreeSet<>();
        for (Path pom : poms()) {
            artifacts(pom).stream().map(Artifact::key).filter(k -> !k.startsWith(OURS + ":")).forEach(used::add);
        }
        Set<String> rows = new TreeSet<>();
        for (String line : Files.readAllLines(ROOT.resolve("docs/dependencies.md"))) {
            Matcher m = ROW.matcher(line);
            if (m.matches()) {
                assertTrue(rows.add(m.group(1)), "twice: " + m.group(1));
                String[] cells = m.group(2).split("\\|");
                assertEquals(4, cells.length, "licence, where, why, what would replace it: " + line);
                for (String cell : cells) {
                    assertTrue(!cell.isBlank(), "an empty cell: " + line);
                }
            }
        }
        assertEquals(used, rows, "docs/dependencies.md and the poms");
    }

    @Test
    void billOfMaterialsNamesWhatIsPublished() throws Exception {
        Element bom = parse(ROOT.resolve("smc4j-bom/pom.xml"));
        assertEquals(text(parse(ROOT.resolve("pom.xml")), "version"), text(bom, "version"));
        Set<String> named = new TreeSet<>();
        artifacts(ROOT.resolve("smc4j-bom/pom.xml")).stream().map(Artifact::key).filter(k -> k.startsWith(OURS + ":")).forEach(named::add);
        Set<String> published = new TreeSet<>();
        for (Path pom : poms()) {
            String all = Files.readString(pom);
            if (!all.contains("<maven.deploy.skip>true") && !all.contains("<packaging>pom</packaging>")) {
                published.add(OURS + ":" + text(parse(pom), "artifactId"));
            }
        }
        assertEquals(published, named);
    }

    /** The reactor's, and those of projects that only tests build. */
    private static List<Path> poms() throws IOException {
        try (Stream<Path> all = Files.walk(ROOT, 3)) {
            List<Path> poms = all.filter(p -> p.getFileName().toString().equals("pom.xml") && !p.toString().contains("/target/")).sorted().toList();
            assertTrue(poms.size() >= 9, () -> "only " + poms);
            return poms;
        }
    }

    private static List<Artifact> artifacts(Path pom) throws Exception {
        List<Artifact> found = new ArrayList<>();
        NodeList all = parse(pom).getElementsByTagName("*");
        for (int i = 0; i < all.getLength(); i++) {
            Element e = (Element) all.item(i);
            if (ARTIFACTS.contains(e.getTagName()) && text(e, "artifactId") != null) {
                String group = text(e, "groupId");
                found.add(new Artifact(pom, (group == null ? "org.apache.maven.plugins" : group) + ":" + text(e, "artifactId"), text(e, "version")));
            }
        }
        return found;
    }

    private static String resolve(String version, Element pom, Element parent) {
        Matcher m = PROPERTY.matcher(version);
        if (!m.matches()) {
            return version;
        }
        for (Element e : new Element[] {pom, parent}) {
            NodeList found = e.getElementsByTagName(m.group(1));
            if (found.getLength() == 1) {
                return found.item(0).getTextContent().strip();
            }
        }
        return version;
    }

    private static Element parse(Path pom) throws Exception {
        return DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(pom.toFile()).getDocumentElement();
    }

    /** The text of a direct child, or null. */
    private static String text(Element e, String child) {
        for (Node n = e.getFirstChild(); n != null; n = n.getNextSibling()) {
            if (n instanceof Element && n.getNodeName().equals(child)) {
                return n.getTextContent().strip();
            }
        }
        return null;
    }
}
