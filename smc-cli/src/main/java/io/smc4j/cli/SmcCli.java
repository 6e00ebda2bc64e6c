package io.smc4j.cli;

import io.smc4j.SmcCapability;
import java.io.IOException;
import java.io.UncheckedIOException;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;

/** Front of the command line; {@code README} and {@code --help} list the commands. */
@Command(name = "smc4j", mixinStandardHelpOptions = true, versionProvider = SmcCli.Version.class,
        description = "What SMC does on this machine, and why.",
        synopsisSubcommandLabel = "COMMAND",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:done; check: nothing is missing; syn-check: the path is clean",
            "1:check: something is missing; syn-check: SMC must not be used on the path; explain --connect: no connection",
            "2:the command line is wrong",
            "3:the kernel cannot be asked (no AF_SMC, no native library, no right); syn-check: no verdict"},
        subcommands = {CheckCommand.class, ConnectionsCommand.class, StatsCommand.class, LinkGroupsCommand.class, DevicesCommand.class,
            UeidCommand.class, ExplainCommand.class, SynCheckCommand.class, AutoComplete.GenerateCompletion.class,
            CommandLine.HelpCommand.class})
public final class SmcCli implements Runnable {

    static final int OK = 0;
    static final int NO = 1;
    static final int USAGE = 2;
    static final int CANNOT_TELL = 3;

    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec;

    /** Made by {@link #commandLine()}. */
    SmcCli() {
    }

    /** {@code java -jar smc-cli.jar COMMAND}. */
    public static void main(String[] args) {
        System.exit(commandLine().execute(args));
    }

    static CommandLine commandLine() {
        CommandLine c = new CommandLine(new SmcCli());
        c.setCaseInsensitiveEnumValuesAllowed(true);
        c.setExecutionExceptionHandler((e, line, result) -> {
            if (e instanceof IOException || e instanceof UncheckedIOException || e instanceof IllegalStateException) {
                line.getErr().println(line.getCommandName() + ": " + e.getMessage() + hint(line.getCommandName()));
                return CANNOT_TELL;
            }
            if (e instanceof IllegalArgumentException) {
                line.getErr().println(line.getCommandName() + ": " + e.getMessage());
                return USAGE;
            }
            throw e;
        });
        return c;
    }

    /** A command that asks the kernel fails for want of a module most of all. */
    private static String hint(String command) {
        boolean asksKernel = !command.equals("syn-check") && !command.equals("explain");
        return asksKernel && !SmcCapability.KERNEL.isAvailable() ? ": " + SmcCapability.KERNEL.evidence() : "";
    }

    @Override
    public void run() {
        throw new CommandLine.ParameterException(spec.commandLine(), "a command is missing");
    }

    /** From the jar's manifest. */
    static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() {
            String v = SmcCli.class.getPackage().getImplementationVersion();
            return new String[] {"smc4j " + (v == null ? "(built from source)" : v)};
        }
    }
}
