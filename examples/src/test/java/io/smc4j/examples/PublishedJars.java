package io.smc4j.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleFinder;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What is published, as it is deployed into a folder (system property {@code smc.staged}; javadoc jars may lie in the modules' own {@code target} instead). Run by the
 * step "packaging: what is in the jars" of {@code ./dev test}, not by Maven, which does not build natives for every machine.
 */
class PublishedJars {

    private static final Path STAGED = Path.of(System.getProperty("smc.staged"), "io/smc4j");
    private static final Path ROOT = Path.of(System.getProperty("smc.root"));
    /** Each published module, with its name on the module path; whatever has a jar. */
    private static final Map<String, String> MODULES = new TreeMap<>(Map.of("smc-core", "io.smc4j.core", "smc-jnr", "io.smc4j.jnr", "smc-netty", "io.smc4j.netty",
            "smc-micrometer", "io.smc4j.micrometer"));
    private static final String CLI = "smc-cli";
    /** ELF's e_machine and byte order. */
    private static final Map<String, Integer> MACHINES = Map.of("x86_64", 62, "aarch64", 183, "s390x", 22);
    private static final int ELF_DATA = 5;
    private static final int ELF_MACHINE = 18;
    private static final Pattern PURL = Pattern.compile("\"purl\" ?: ?\"pkg:maven/([^/]+/[^@]+)@[^\"]+\"");
    /** What stands in each of our jars beside classes. */
    private static final Pattern COMMON = Pattern.compile("META-INF/(MANIFEST\\.MF|LICENSE|maven/io\\.smc4j/[\\w-]+/pom\\.(xml|properties))");
    private static final Map<String, Pattern> OWN = Map.of(
            "smc-core", Pattern.compile("META-INF/(native/linux-(x86_64|aarch64|s390x)/libsmc4j\\.so|native-image/io\\.smc4j/smc-core/(jni|reflect|resource)-config\\.json)"),
            "smc-jnr", Pattern.compile("META-INF/services/io\\.smc4j\\.internal\\.NativeBackend"),
            "smc-netty", Pattern.compile("META-INF/services/io\\.netty\\.bootstrap\\.ChannelInitializerExtension"),
            "smc-micrometer", Pattern.compile("none"));

    static Set<String> modules() {
        return MODULES.keySet();
    }

    static Set<String> published() {
        Set<String> all = new TreeSet<>(MODULES.keySet());
        all.add(CLI);
        return all;
    }

    private static Path file(String artifact, String ending) throws IOException {
        try (Stream<Path> all = Files.walk(STAGED.resolve(artifact))) {
            Pattern name = Pattern.compile(Pattern.quote(artifact) + "-[\\d.]+(-SNAPSHOT|-\\d{8}\\.\\d{6}-\\d+)?" + Pattern.quote(ending));
            List<Path> found = all.filter(p -> name.matcher(p.getFileName().toString()).matches()).toList();
            assertEquals(1, found.size(), () -> artifact + ending + ": " + found);
            return found.get(0);
        }
    }

    private static Path jar(String artifact) throws IOException {
        return file(artifact, ".jar");
    }

    private static Set<String> entries(Path jar) throws IOException {
        try (JarFile file = new JarFile(jar.toFile())) {
            return file.stream().filter(e -> !e.isDirectory()).map(ZipEntry::getName).collect(Collectors.toCollection(TreeSet::new));
        }
    }

    private static byte[] read(Path jar, String entry) throws IOException {
        try (JarFile file = new JarFile(jar.toFile())) {
            ZipEntry found = file.getEntry(entry);
            assertNotNull(found, () -> entry + " in " + jar);
            try (InputStream in = file.getInputStream(found)) {
                return in.readAllBytes();
            }
        }
    }

    private static Attributes manifest(Path jar) throws IOException {
        try (JarFile file = new JarFile(jar.toFile())) {
            return file.getManifest().getMainAttributes();
        }
    }

    @Test
    void whatIsDeployedIsWhatTheBillOfMaterialsNames() throws IOException {
        Set<String> deployed = new TreeSet<>();
        try (Stream<Path> all = Files.list(STAGED)) {
            all.filter(Files::isDirectory).map(p -> p.getFileName().toString()).forEach(deployed::add);
        }
        assertTrue(deployed.remove("smc4j-parent") && deployed.remove("smc4j-bom"), deployed::toString);
        assertEquals(published(), deployed);
        String bom = Files.readString(file("smc4j-bom", ".pom"));
        Matcher m = Pattern.compile("<groupId>io\\.smc4j</groupId>\\s*<artifactId>([^<]+)</artifactId>\\s*<version>\\$\\{project\\.version}</version>\\s*</dependency>").matcher(bom);
        Set<String> named = new TreeSet<>();
        while (m.find()) {
            named.add(m.group(1));
        }
        assertEquals(published(), named);
    }

    @Test
    void nativeLibrariesForThreeMachines() throws IOException {
        for (String artifact : List.of("smc-core", CLI)) {
            Set<String> libraries = entries(jar(artifact)).stream().filter(e -> e.endsWith(".so")).collect(Collectors.toCollection(TreeSet::new));
            assertEquals(MACHINES.keySet().stream().map(a -> "META-INF/native/linux-" + a + "/libsmc4j.so").collect(Collectors.toCollection(TreeSet::new)), libraries);
            for (Map.Entry<String, Integer> machine : MACHINES.entrySet()) {
                byte[] elf = read(jar(artifact), "META-INF/native/linux-" + machine.getKey() + "/libsmc4j.so");
                ByteOrder order = elf[ELF_DATA] == 2 ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
                assertEquals(machine.getKey().equals("s390x") ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN, order);
                assertEquals(machine.getValue().intValue(), ByteBuffer.wrap(elf).order(order).getShort(ELF_MACHINE), machine.getKey());
            }
        }
    }

    @ParameterizedTest
    @MethodSource("modules")
    void hasANameOnTheModulePath(String artifact) throws IOException {
        ModuleDescriptor module = ModuleFinder.of(jar(artifact)).findAll().iterator().next().descriptor();
        assertEquals(MODULES.get(artifact), module.name());
        assertEquals(module.isAutomatic(), module.name().equals(manifest(jar(artifact)).getValue("Automatic-Module-Name")), "a name from the manifest, not from the file's name");
        if (artifact.equals("smc-core")) {
            assertEquals(Set.of("io.smc4j", "io.smc4j.diag", "io.smc4j.net", "io.smc4j.nio", "io.smc4j.policy"),
                    module.exports().stream().filter(e -> !e.isQualified()).map(ModuleDescriptor.Exports::source).collect(Collectors.toSet()));
        }
    }

    @Test
    void manifestsNameClassesThatAreThere() throws Exception {
        Attributes core = manifest(jar("smc-core"));
        assertTrue(entries(jar("smc-core")).contains(core.getValue("Premain-Class").replace('.', '/') + ".class"));
        Attributes cli = manifest(jar(CLI));
        assertTrue(entries(jar(CLI)).contains(cli.getValue("Main-Class").replace('.', '/') + ".class"));
        assertEquals("ALL-UNNAMED", cli.getValue("Enable-Native-Access"));
        String version = core.getValue("Implementation-Version");
        assertEquals(version, cli.getValue("Implementation-Version"));
        assertTrue(Files.readString(file("smc-core", ".pom")).contains("<version>" + version + "</version>"), version);
    }

    @ParameterizedTest
    @MethodSource("modules")
    void providersAreThere(String artifact) throws IOException {
        for (String entry : entries(jar(artifact))) {
            if (entry.startsWith("META-INF/services/")) {
                for (String line : new String(read(jar(artifact), entry), StandardCharsets.UTF_8).lines().filter(l -> !l.isBlank() && !l.startsWith("#")).toList()) {
                    assertTrue(entries(jar(artifact)).contains(line.strip().replace('.', '/') + ".class"), entry + ": " + line);
                }
            }
        }
    }

    /** Each class comes from a file in the sources jar, which has nothing but our main sources: so neither has a test, nor anything that lay around. */
    @ParameterizedTest
    @MethodSource("modules")
    void nothingElseIsInTheJar(String artifact) throws IOException {
        Set<String> sources = entries(file(artifact, "-sources.jar"));
        for (String source : sources) {
            boolean ours = source.endsWith(".java") ? Files.isRegularFile(ROOT.resolve(artifact).resolve("src/main/java").resolve(source))
                    : COMMON.matcher(source).matches() || OWN.get(artifact).matcher(source).matches();
            assertTrue(ours, () -> "in the sources jar: " + source);
        }
        Set<String> compiled = new TreeSet<>();
        for (String entry : entries(jar(artifact))) {
            if (entry.endsWith(".class")) {
                String source = entry.replaceAll("(\\$.*)?\\.class$", ".java");
                assertTrue(sources.contains(source), () -> "no source of " + entry);
                compiled.add(source);
            } else {
                assertTrue(COMMON.matcher(entry).matches() || OWN.get(artifact).matcher(entry).matches(), () -> "a stray file: " + entry);
            }
        }
        Set<String> uncompiled = sources.stream().filter(s -> s.endsWith(".java") && !s.endsWith("package-info.java")).collect(Collectors.toCollection(TreeSet::new));
        uncompiled.removeAll(compiled);
        assertEquals(Set.of(), uncompiled, "sources without a class");
    }

    @Test
    void theCommandLineHasItsPartsAndNoMore() throws IOException {
        Set<String> strangers = entries(jar(CLI)).stream().filter(e -> !e.matches("(io/smc4j/|picocli/|org/HdrHistogram/|com/fasterxml/jackson/core/|META-INF/versions/\\d+/com/fasterxml/jackson/core/).*\\.class"))
                .filter(e -> !e.matches("META-INF/(MANIFEST\\.MF|NOTICE|[\\w-]*LICENSE|LICENSE\\.txt|services/com\\.fasterxml\\.jackson\\.core\\.JsonFactory|native.*)|io/smc4j/cli/bench/report\\.(html|js)"))
                .collect(Collectors.toCollection(TreeSet::new));
        assertEquals(Set.of(), strangers);
        Set<String> core = entries(jar("smc-core")).stream().filter(e -> e.startsWith("io/")).collect(Collectors.toCollection(TreeSet::new));
        core.removeAll(entries(jar(CLI)));
        assertEquals(Set.of(), core, "missing of smc-core");
    }

    @ParameterizedTest
    @MethodSource("published")
    void hasItsLicence(String artifact) throws IOException {
        byte[] licence = Files.readAllBytes(ROOT.resolve("LICENSE"));
        for (String ending : List.of(".jar", "-sources.jar")) {
            assertTrue(Arrays.equals(licence, read(file(artifact, ending), "META-INF/LICENSE")), artifact + ending);
        }
    }

    @ParameterizedTest
    @MethodSource("published")
    void hasJavadoc(String artifact) throws IOException {
        Path built;
        try (Stream<Path> all = Stream.concat(Files.walk(STAGED.resolve(artifact)), Files.list(ROOT.resolve(artifact).resolve("target")))) {
            built = all.filter(p -> p.getFileName().toString().endsWith("-javadoc.jar")).findFirst().orElseThrow(() -> new AssertionError("no javadoc jar of " + artifact));
        }
        Set<String> pages = entries(built);
        assertTrue(pages.contains("index.html"), built::toString);
        if (artifact.equals("smc-core")) {
            for (String type : List.of("Smc", "SmcConfig", "diag/SmcConnection", "net/SmcSockets", "nio/SmcSelectorProvider", "policy/SmcRule")) {
                assertTrue(pages.contains("io.smc4j.core/io/smc4j/" + type + ".html"), type);
            }
            assertEquals("module:io.smc4j.core\nio.smc4j\nio.smc4j.diag\nio.smc4j.net\nio.smc4j.nio\nio.smc4j.policy\n", new String(read(built, "element-list"), StandardCharsets.UTF_8),
                    "what is documented is what is exported");
        }
    }

    /** The bill of materials names what is brought along at run time: no test's, no build's, nothing that the program has to bring itself. */
    @Test
    void billsOfMaterials() throws IOException {
        Set<String> jnr = new TreeSet<>(List.of("com.github.jnr/jnr-ffi", "com.github.jnr/jffi", "com.github.jnr/jnr-a64asm", "com.github.jnr/jnr-x86asm", "org.ow2.asm/asm",
                "org.ow2.asm/asm-commons", "org.ow2.asm/asm-analysis", "org.ow2.asm/asm-tree", "org.ow2.asm/asm-util", "io.smc4j/smc-core"));
        Map<String, Set<String>> expected = Map.of("smc-core", Set.of(), "smc-jnr", jnr, "smc-netty", Set.of("io.smc4j/smc-core"), "smc-micrometer", Set.of("io.smc4j/smc-core"),
                CLI, Set.of("io.smc4j/smc-core", "info.picocli/picocli", "com.fasterxml.jackson.core/jackson-core", "org.hdrhistogram/HdrHistogram"));
        for (String artifact : published()) {
            String text = Files.readString(file(artifact, "-cyclonedx.json"));
            assertTrue(text.contains("CycloneDX"), artifact);
            Set<String> found = new TreeSet<>();
            Matcher m = PURL.matcher(text);
            while (m.find()) {
                found.add(m.group(1));
            }
            assertTrue(found.remove("io.smc4j/" + artifact), () -> "itself in " + found);
            assertEquals(new TreeSet<>(expected.get(artifact)), found, artifact);
        }
    }

    @Test
    void nativeImageMetadataNamesClassesThatAreThere() throws IOException {
        Path core = jar("smc-core");
        Set<String> there = entries(core);
        int seen = 0;
        for (String file : List.of("jni-config.json", "reflect-config.json")) {
            Matcher m = Pattern.compile("\"name\": \"(io\\.smc4j\\.[\\w.$]+)\"").matcher(new String(read(core, "META-INF/native-image/io.smc4j/smc-core/" + file), StandardCharsets.UTF_8));
            while (m.find()) {
                seen++;
                assertTrue(there.contains(m.group(1).replace('.', '/') + ".class"), m.group(1));
            }
        }
        assertTrue(seen > 0, "no class of ours");
    }

    static List<Jvm> jvms() throws IOException {
        return Jvm.installed();
    }

    /** An executable jar whose manifest says {@code Enable-Native-Access} starts with no warning of the JVM: the command line's, and a user's own. */
    @ParameterizedTest
    @MethodSource("jvms")
    void theJvmHasNothingToWarnOf(Jvm jvm, @TempDir Path directory) throws Exception {
        assertEquals(List.of(), warnings(jvm, "-jar", jar(CLI).toString(), "check"));
        assertEquals(List.of(), warnings(jvm, "-jar", program(directory, true).toString()));
        assumeTrue(jvm.release() >= 24, "JDK 24 brought the warning");
        assertFalse(warnings(jvm, "-jar", program(directory, false).toString()).isEmpty(), "a warning where the manifest says nothing: or the lines above find nothing");
    }

    /** A user's executable jar with ours on its class path. */
    private static Path program(Path directory, boolean enabled) throws IOException {
        Manifest manifest = new Manifest();
        Attributes main = manifest.getMainAttributes();
        main.put(Attributes.Name.MANIFEST_VERSION, "1.0");
        main.put(Attributes.Name.MAIN_CLASS, TinyProgram.class.getName());
        main.put(Attributes.Name.CLASS_PATH, jar("smc-core").toUri().toString());
        if (enabled) {
            main.putValue("Enable-Native-Access", "ALL-UNNAMED");
        }
        Path jar = directory.resolve("program-" + enabled + ".jar");
        String entry = TinyProgram.class.getName().replace('.', '/') + ".class";
        try (OutputStream out = Files.newOutputStream(jar); JarOutputStream jars = new JarOutputStream(out, manifest);
                InputStream in = PublishedJars.class.getResourceAsStream("/" + entry)) {
            jars.putNextEntry(new ZipEntry(entry));
            in.transferTo(jars);
        }
        return jar;
    }

    private static List<String> warnings(Jvm jvm, String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of(jvm.home().resolve("bin/java").toString(), "-Djava.nio.channels.spi.SelectorProvider=io.smc4j.nio.SmcSelectorProvider"));
        command.addAll(List.of(arguments));
        Path out = Files.createTempFile("smc4j-out", ".txt");
        try {
            Process process = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(out.toFile()).start();
            process.getOutputStream().close();
            assertTrue(process.waitFor(1, TimeUnit.MINUTES), command::toString);
            List<String> lines = Files.readAllLines(out);
            assertFalse(lines.isEmpty(), command::toString);
            assertTrue(lines.stream().noneMatch(l -> l.contains("Exception")), lines::toString);
            return lines.stream().filter(l -> l.contains("WARNING: ")).toList();
        } finally {
            Files.delete(out);
        }
    }
}
