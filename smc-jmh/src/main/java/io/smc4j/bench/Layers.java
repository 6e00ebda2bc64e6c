package io.smc4j.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Whose instructions an operation executes: what lab/plugin/count_insns.c counted, by layer.
 *
 * <p>Usage: {@code Layers COUNTS DIRECTORY SYMBOLS SIDE...}: the plugin's output, a directory with {@code kallsyms} and for each side, in the order they ran,
 * {@code SIDE.maps} (of {@code GuestBench}) and {@code SIDE.perf} (of {@code -XX:+DumpPerfMapAtExit}); and how many symbols to list for each operation, the largest
 * first. Compiled methods count for the class they are of: what is inlined into one counts as it, for which reason the benchmark keeps the JIT
 * from inlining at the layers' borders.
 */
public final class Layers {

    /** Addresses from here on are the kernel's (x86-64). */
    private static final long KERNEL = 0xffff_8000_0000_0000L;

    /** By name: the kernel has no better map of itself. */
    private static final Pattern NETWORK = Pattern.compile("_*(tcp|ip|ip4|inet|ipv4|ipv6|inet6|nf|fib|rt|dst|ipv4_dst|neigh|dev|netif|netdev|net|napi|loopback|eth|skb|alloc_skb|"
            + "kfree_skb|kfree_skbmem|consume_skb|build_skb|process_backlog|enqueue_to_backlog|csum|qdisc|validate_xmit|simple_copy_to_iter|raw|udp|bictcp|cubictcp|rb_|"
            + "sch|xmit|get_rps_cpu|flow|lock_sock|release_sock|sk|sock_def|sock_wfree|sock_rfree|sock_efree|xfrm4|fl|minmax|lwtunnel|ipv4_mtu|siphash|secure_tcp)([_0-9].*)?");

    /** The layers, as the table lists them. */
    enum Layer {
        APPLICATION("the benchmark's loop"),
        SMC4J("smc4j"),
        NETTY("Netty"),
        JDK("JDK and libc"),
        KERNEL_SMC("kernel: SMC"),
        KERNEL_NETWORK("kernel: TCP/IP"),
        KERNEL_REST("kernel: rest"),
        OTHER("not known");

        private final String title;

        Layer(String title) {
            this.title = title;
        }
    }

    private record Symbol(String name, Layer layer) {
    }

    private record Range(long end, Symbol symbol) {
    }

    /** What one side's operations executed: instructions for each operation, by symbol. */
    private record Counted(String side, Map<String, Map<Symbol, Double>> operations) {
    }

    private final NavigableMap<Long, Symbol> kernel = new TreeMap<>(Long::compareUnsigned);

    private Layers() {
    }

    /** Prints the tables. */
    public static void main(String[] args) throws IOException {
        if (args.length < 4) {
            System.err.println("usage: Layers COUNTS DIRECTORY SYMBOLS SIDE...");
            System.exit(2);
        }
        Layers layers = new Layers();
        Path directory = Path.of(args[1]);
        layers.readKernel(directory.resolve("kallsyms"));
        List<Counted> sides = new ArrayList<>();
        try (BufferedReader counts = Files.newBufferedReader(Path.of(args[0]))) {
            for (int i = 3; i < args.length; i++) {
                sides.add(layers.count(args[i], directory, counts));
            }
        }
        for (String operation : sides.get(0).operations.keySet()) {
            print(operation, sides, Integer.parseInt(args[2]));
        }
    }

    private void readKernel(Path file) throws IOException {
        try (BufferedReader lines = Files.newBufferedReader(file)) {
            for (String line; (line = lines.readLine()) != null;) {
                String[] words = line.split("[ \t]+"); // ADDRESS TYPE NAME [MODULE]
                long address = Long.parseUnsignedLong(words[0], 16);
                if (Long.compareUnsigned(address, KERNEL) >= 0 && "tTwW".contains(words[1])) {
                    boolean smc = words.length > 3 && words[3].startsWith("[smc");
                    Layer layer = smc ? Layer.KERNEL_SMC : NETWORK.matcher(words[2]).matches() ? Layer.KERNEL_NETWORK : Layer.KERNEL_REST;
                    kernel.put(address, new Symbol(words[2], layer));
                }
            }
        }
    }

    /** Reads on in the counts: two marks for each operation, what is between them counts. */
    private Counted count(String side, Path directory, BufferedReader counts) throws IOException {
        Map<String, Integer> times = new LinkedHashMap<>();
        NavigableMap<Long, Range> user = new TreeMap<>();
        try (BufferedReader lines = Files.newBufferedReader(directory.resolve(side + ".maps"))) {
            for (String line; (line = lines.readLine()) != null;) {
                String[] words = line.trim().split(" +");
                if (words[0].equals(side)) {
                    times.put(words[1], Integer.valueOf(words[2]));
                } else if (words[1].contains("x")) {
                    String[] range = words[0].split("-");
                    String file = words.length > 5 ? words[5].replaceAll(".*/", "") : "code of no file";
                    user.put(Long.parseLong(range[0], 16), new Range(Long.parseLong(range[1], 16), new Symbol(file, layerOf(file))));
                }
            }
        }
        NavigableMap<Long, Range> compiled = new TreeMap<>();
        try (BufferedReader lines = Files.newBufferedReader(directory.resolve(side + ".perf"))) {
            for (String line; (line = lines.readLine()) != null;) {
                String[] words = line.split(" ", 3); // ADDRESS SIZE NAME
                long begin = Long.decode(words[0].startsWith("0x") ? words[0] : "0x" + words[0]);
                long size = Long.decode(words[1].startsWith("0x") ? words[1] : "0x" + words[1]);
                compiled.put(begin, new Range(begin + size, new Symbol(words[2], layerOfMethod(words[2]))));
            }
        }
        Map<String, Map<Symbol, Double>> operations = new LinkedHashMap<>();
        for (Map.Entry<String, Integer> operation : times.entrySet()) {
            section(counts, null);
            Map<Symbol, Double> sums = new LinkedHashMap<>();
            section(counts, (address, instructions) ->
                    sums.merge(find(address, compiled, user), (double) instructions / operation.getValue(), Double::sum));
            operations.put(operation.getKey(), sums);
        }
        return new Counted(side, operations);
    }

    private interface Counts {
        void add(long address, long instructions);
    }

    /** The lines up to a mark. */
    private static void section(BufferedReader counts, Counts counted) throws IOException {
        String line;
        while (!"end".equals(line = counts.readLine())) {
            if (line == null) {
                throw new IOException("the counts end before the last mark");
            }
            if (counted != null) {
                int space = line.indexOf(' ');
                counted.add(Long.parseUnsignedLong(line.substring(0, space), 16), Long.parseLong(line.substring(space + 1)));
            }
        }
    }

    private Symbol find(long address, NavigableMap<Long, Range> compiled, NavigableMap<Long, Range> user) {
        if (Long.compareUnsigned(address, KERNEL) >= 0) {
            Map.Entry<Long, Symbol> symbol = kernel.floorEntry(address);
            return symbol == null ? new Symbol("kernel", Layer.KERNEL_REST) : symbol.getValue();
        }
        for (NavigableMap<Long, Range> map : List.of(compiled, user)) {
            Map.Entry<Long, Range> range = map.floorEntry(address);
            if (range != null && address < range.getValue().end()) {
                return range.getValue().symbol();
            }
        }
        return new Symbol("not known", Layer.OTHER);
    }

    private static Layer layerOf(String file) {
        if (file.contains("smc4j")) {
            return Layer.SMC4J;
        }
        return file.contains("netty") ? Layer.NETTY : Layer.JDK;
    }

    private static Layer layerOfMethod(String method) {
        // "int io.smc4j.nio.SmcSocketChannel.read(java.nio.ByteBuffer)": the class is before the parenthesis
        String name = method.replaceAll("\\(.*", "");
        if (name.contains("io.smc4j.jmh.") || name.contains("io.smc4j.bench.")) {
            return Layer.APPLICATION;
        }
        if (name.contains("io.smc4j.")) {
            return Layer.SMC4J;
        }
        return name.contains("io.netty.") ? Layer.NETTY : Layer.JDK;
    }

    private static void print(String operation, List<Counted> sides, int symbols) {
        System.out.printf(Locale.ROOT, "%n%-24s", operation);
        sides.forEach(s -> System.out.printf(Locale.ROOT, " %10s", s.side));
        System.out.println();
        for (Layer layer : Layer.values()) {
            double[] sums = sides.stream().mapToDouble(s -> sum(s.operations.get(operation), layer)).toArray();
            boolean any = false;
            for (double sum : sums) {
                any |= sum >= 0.5;
            }
            if (any) {
                row("  " + layer.title, sums);
            }
        }
        row("  sum", sides.stream().mapToDouble(s -> sum(s.operations.get(operation), null)).toArray());
        if (symbols > 0) {
            sides.stream().flatMap(s -> s.operations.get(operation).keySet().stream()).collect(Collectors.toSet()).stream()
                    .collect(Collectors.toMap(s -> s, s -> sides.stream().mapToDouble(c -> c.operations.get(operation).getOrDefault(s, 0.0)).toArray()))
                    .entrySet().stream().sorted((a, b) -> Double.compare(largest(b.getValue()), largest(a.getValue()))).limit(symbols)
                    .forEach(e -> row("    " + e.getKey().name().replaceAll("\\(.*", "").replaceAll("^[^ ]* ", "").replaceAll(".*\\.(?=[^.]+\\.[^.]+$)", ""), e.getValue()));
        }
    }

    private static double largest(double[] values) {
        double largest = 0;
        for (double value : values) {
            largest = Math.max(largest, value);
        }
        return largest;
    }

    private static double sum(Map<Symbol, Double> counts, Layer layer) {
        return counts.entrySet().stream().filter(e -> layer == null || e.getKey().layer() == layer).mapToDouble(Map.Entry::getValue).sum();
    }

    private static void row(String title, double[] values) {
        System.out.printf(Locale.ROOT, "%-24s", title);
        for (double value : values) {
            System.out.printf(Locale.ROOT, " %10.0f", value);
        }
        System.out.println();
    }
}
