package io.smc4j.cli;

import io.smc4j.Smc;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code check}: the doctor. */
@Command(name = "check", mixinStandardHelpOptions = true,
        description = {"Looks at every prerequisite of SMC on this machine: evidence, and the command that mends what is missing.",
            "Exit code 0: SMC can be used; 1: it cannot, and the rows say why."})
final class CheckCommand implements Callable<Integer> {

    @Mixin
    private Output output;
    @Option(names = "--pod", description = "Also what a Kubernetes pod can see of itself: annotation, sidecar in front.")
    private boolean pod;
    @Option(names = "--pid", paramLabel = "PID", description = "The Java process whose JVM flags are looked at; otherwise the environment's.")
    private Long pid;

    /**
     * The answer.
     *
     * @param usable whether SMC can be used
     * @param why why not, or null
     * @param rows the rows
     */
    record Answer(boolean usable, String why, List<Finding> rows) {
    }

    @Override
    public Integer call() {
        List<Finding> rows = new Doctor(Path.of("/"), pod, pid).examine();
        boolean usable = Smc.isAvailable();
        output.print(new Answer(usable, usable ? null : Smc.unavailabilityCause().getMessage(), rows), text(rows, usable));
        return usable && rows.stream().noneMatch(f -> f.status() == Finding.Status.MISSING) ? SmcCli.OK : SmcCli.NO;
    }

    private String text(List<Finding> rows, boolean usable) {
        StringBuilder s = new StringBuilder();
        int width = rows.stream().mapToInt(f -> f.name().length()).max().orElse(0);
        for (Finding f : rows) {
            String style = switch (f.status()) {
                case OK -> "green";
                case MISSING -> "bold,red";
                case CANNOT_TELL -> "yellow";
                case NOTE -> "cyan";
            };
            s.append(output.styled(style, String.format("%-11s", f.status().text()))).append("  ")
                    .append(String.format("%-" + width + "s", f.name())).append("  ").append(f.evidence()).append('\n');
            if (f.remedy() != null) {
                s.append(" ".repeat(width + 15)).append("-> ").append(f.remedy()).append('\n');
            }
        }
        s.append('\n').append(usable ? output.styled("green", "SMC can be used.")
                : output.styled("bold,red", "SMC cannot be used:") + " " + Smc.unavailabilityCause().getMessage()).append('\n');
        return s.toString();
    }
}
