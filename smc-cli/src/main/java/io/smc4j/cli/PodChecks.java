package io.smc4j.cli;

import io.smc4j.SmcConfig;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a pod can see of itself. A sidecar proxy shows by its listening ports in the pod's network namespace ({@code /proc/net/tcp}): 15001 takes outbound
 * connections and 15006 inbound ones in every Istio-like mesh.
 */
final class PodChecks {

    private static final Map<Integer, String> SIDECAR = new TreeMap<>(Map.of(15001, "outbound", 15006, "inbound", 15090, "metrics", 15021, "health"));
    private static final int OUTBOUND = 15001;
    private static final String LISTEN = "0A";
    private static final Pattern ANNOTATION = Pattern.compile("(?m)^" + Pattern.quote(SmcConfig.ANNOTATION_ENABLED) + "=\"([^\"]*)\"");

    private final RootFiles files;
    private final boolean pod;

    PodChecks(RootFiles files, boolean pod) {
        this.files = files;
        this.pod = pod;
    }

    void examine(List<Finding> rows) {
        if (pod) {
            rows.add(inPod());
        }
        annotation(rows);
        sidecar(rows);
    }

    private Finding inPod() {
        String service = System.getenv("KUBERNETES_SERVICE_HOST");
        if (service == null && !files.exists("var/run/secrets/kubernetes.io")) {
            return Finding.cannotTell("pod", "neither KUBERNETES_SERVICE_HOST nor a service account: this is no Kubernetes pod, as it seems", null);
        }
        String name = System.getenv("HOSTNAME");
        return Finding.ok("pod", name == null ? "a Kubernetes pod" : name);
    }

    private void annotation(List<Finding> rows) {
        String setting = SmcConfig.get(SmcConfig.ANNOTATIONS);
        String path = setting != null ? setting : pod ? "/etc/podinfo/annotations" : null;
        if (path == null) {
            return;
        }
        Optional<String> text = files.read(path.startsWith("/") ? path.substring(1) : path);
        String name = "pod's annotation";
        if (text.isEmpty()) {
            rows.add(Finding.cannotTell(name, path + " cannot be read", "mount metadata.annotations by the Downward API and name the file by smc.annotations"));
            return;
        }
        Matcher m = ANNOTATION.matcher(text.get());
        String key = SmcConfig.ANNOTATION_ENABLED;
        rows.add(!m.find() ? Finding.note(name, key + " is not stated", "metadata.annotations: " + key + ": \"true\" on client and server, and restart the pods")
                : m.group(1).equals("true") ? Finding.ok(name, key + "=\"true\"")
                : Finding.missing(name, key + "=\"" + m.group(1) + "\"", "set it to \"true\" on client and server, and restart the pods"));
    }

    private void sidecar(List<Finding> rows) {
        Optional<String> tcp = files.read("proc/net/tcp");
        if (tcp.isEmpty()) {
            rows.add(Finding.cannotTell("sidecar", "no /proc/net/tcp", null));
            return;
        }
        String all = tcp.get() + "\n" + files.read("proc/net/tcp6").orElse("");
        List<Integer> found = SIDECAR.keySet().stream().filter(port -> listens(all, port)).toList();
        if (!found.contains(OUTBOUND)) {
            rows.add(Finding.ok("sidecar", "none: nothing listens on port 15001"));
            return;
        }
        String ports = String.join(", ", found.stream().map(p -> p + " (" + SIDECAR.get(p) + ")").toList());
        rows.add(Finding.note("sidecar", "a proxy listens on " + ports, "this program's connections end at the proxy, on this pod's loopback; whether the way between the "
                + "pods is SMC is the proxy's to decide (the mesh's smcEnabled). To use SMC from here, exclude the port: "
                + "traffic.sidecar.istio.io/excludeOutboundPorts"));
    }

    /** A row of /proc/net/tcp: {@code sl local_address rem_address st ...}, address and port in hexadecimal. */
    static boolean listens(String table, int port) {
        String hex = String.format(":%04X", port);
        return table.lines().map(l -> l.trim().split("\\s+")).anyMatch(f -> f.length > 3 && f[3].equals(LISTEN) && f[1].endsWith(hex));
    }
}
