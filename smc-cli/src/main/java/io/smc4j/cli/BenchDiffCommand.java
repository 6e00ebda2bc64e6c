package io.smc4j.cli;

import io.smc4j.cli.bench.Comparison;
import io.smc4j.cli.bench.RunDiff;
import io.smc4j.cli.bench.RunFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code bench diff}. */
@Command(name = "diff", mixinStandardHelpOptions = true,
        description = {"Two runs that `bench --json` wrote: ratios of the second to the first, and whether a difference exceeds the spread of the rounds.",
            "Runs of one side each are compared whatever the sides, such as tcp before and smc after; others side by side."})
final class BenchDiffCommand implements Callable<Integer> {

    @Mixin
    private Output output;
    @Parameters(index = "0", paramLabel = "A.json", description = "What is compared with.")
    private Path a;
    @Parameters(index = "1", paramLabel = "B.json", description = "What is compared.")
    private Path b;

    @Override
    public Integer call() throws IOException {
        RunFile base = RunFile.read(a);
        RunFile other = RunFile.read(b);
        RunDiff diff = RunDiff.of(base, other);
        output.print(diff, () -> text(diff, base, other));
        return SmcCli.OK;
    }

    private static String text(RunDiff diff, RunFile base, RunFile other) {
        StringBuilder s = new StringBuilder();
        s.append(base.name()).append(": ").append(base.plan()).append('\n').append(other.name()).append(": ").append(other.plan()).append("\n\n");
        for (Comparison c : diff.comparisons()) {
            s.append(Text.table(RunDiff.table(c, base, other))).append('\n');
        }
        diff.notes().forEach(n -> s.append("- ").append(n).append('\n'));
        return s.toString();
    }
}
