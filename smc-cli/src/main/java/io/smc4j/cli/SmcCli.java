package io.smc4j.cli;

import io.smc4j.SmcCapability;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
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
            "1:check: something is missing; syn-check: SMC must not be used on the path; explain --connect: no connection; bench: a side is not on its transport",
            "2:the command line is wrong",
            "3:the kernel cannot be asked (no AF_SMC, no native library, no right); syn-check: no verdict; bench: nothing could be measured",
            "130:bench: interrupted, and what had been measured is printed"})
public final class SmcCli implements Runnable {

    private static final String TRACE = "smc4j.trace";

    static final int OK = 0;
    static final int NO = 1;
    static final int USAGE = 2;
    static final int CANNOT_TELL = 3;

    /** The commands in the order of {@code --help}. */
    private static final Map<String, Supplier<Object>> COMMANDS = new LinkedHashMap<>();

    static {
        COMMANDS.put("check", CheckCommand::new);
        COMMANDS.put("connections", ConnectionsCommand::new);
        COMMANDS.put("stats", StatsCommand::new);
        COMMANDS.put("linkgroups", LinkGroupsCommand::new);
        COMMANDS.put("devices", DevicesCommand::new);
        COMMANDS.put("ueid", UeidCommand::new);
        COMMANDS.put("explain", ExplainCommand::new);
        COMMANDS.put("syn-check", SynCheckCommand::new);
        COMMANDS.put("bench", BenchCommand::new);
    }

    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec;

    /** Made by {@link #commandLine()}. */
    SmcCli() {
    }

    /** {@code java -jar smc-cli.jar COMMAND}. */
    public static void main(String[] args) {
        System.exit(commandLine(args).execute(args));
    }

    /**
     * The command line for these arguments. Where they begin with a command's name it is made of that command alone: reading the annotations
     * of all of them is a good part of a JVM's short life.
     */
    static CommandLine commandLine(String... args) {
        CommandLine c = new CommandLine(new SmcCli());
        Supplier<Object> named = args.length == 0 ? null : COMMANDS.get(args[0]);
        if (named != null) {
            c.addSubcommand(args[0], named.get());
        } else {
            COMMANDS.forEach((name, command) -> c.addSubcommand(name, command.get()));
            c.addSubcommand(new AutoComplete.GenerateCompletion());
            c.addSubcommand(new CommandLine.HelpCommand());
        }
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
            line.getErr().println(line.getCommandName() + ": " + e + " (a bug; -D" + TRACE + "=true shows where)");
            if (Boolean.getBoolean(TRACE)) {
                throw e;
            }
            return CANNOT_TELL;
        });
        return c;
    }

    /** A command that asks the kernel fails for want of a module most of all. */
    private static String hint(String command) {
        boolean asksKernel = !List.of("syn-check", "explain", "bench", "server", "diff").contains(command);
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
