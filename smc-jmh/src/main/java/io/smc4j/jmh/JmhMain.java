package io.smc4j.jmh;

import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.openjdk.jmh.Main;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.CommandLineOptionException;
import org.openjdk.jmh.runner.options.CommandLineOptions;
import org.openjdk.jmh.runner.options.OptionsBuilder;

/**
 * JMH's command line, with the transports that this process can have where none is named. A benchmark whose connection is not on its transport ends
 * the run with 1.
 */
public final class JmhMain {

    private static final String TRANSPORT = "transport";

    private JmhMain() {
    }

    /** Takes JMH's arguments; {@code -p transport=A,B} names transports for every benchmark that can use them. */
    public static void main(String[] args) throws Exception {
        CommandLineOptions given;
        try {
            given = new CommandLineOptions(args);
        } catch (CommandLineOptionException e) {
            System.err.println("smc-jmh: " + e.getMessage());
            System.exit(2);
            return;
        }
        if (given.shouldHelp() || given.shouldList() || given.shouldListWithParams() || given.shouldListProfilers() || given.shouldListResultFormats()) {
            Main.main(args);
            return;
        }
        Set<Transport> transports = given.getParameter(TRANSPORT).hasValue() ? named(given.getParameter(TRANSPORT).get()) : available();
        try {
            new Runner(options(given, transports).shouldFailOnError(true).build()).run();
        } catch (RunnerException e) {
            System.err.println("smc-jmh: " + e.getMessage());
            System.exit(1);
        }
        System.exit(0); // event loops of a connection that failed may be there still
    }

    private static Set<Transport> named(Collection<String> names) {
        Set<Transport> transports = EnumSet.noneOf(Transport.class);
        names.forEach(name -> transports.add(Transport.valueOf(name)));
        return transports;
    }

    private static Set<Transport> available() {
        Set<Transport> transports = EnumSet.noneOf(Transport.class);
        for (Transport transport : Transport.values()) {
            String why = transport.unavailable();
            if (why == null) {
                transports.add(transport);
            } else {
                System.out.println("# left out: " + transport + ": " + why);
            }
        }
        return transports;
    }

    /** The options, with these transports for each benchmark that can use them. */
    static ChainedOptionsBuilder options(CommandLineOptions given, Set<Transport> transports) {
        ChainedOptionsBuilder options = new OptionsBuilder().parent(given).addProfiler(KernelProfiler.class);
        param(options, given, TRANSPORT, transports, t -> true);
        param(options, given, "selector", transports, Transport::hasSelector);
        param(options, given, "channel", transports, Transport::hasIpChannels);
        return options;
    }

    private static void param(ChainedOptionsBuilder options, CommandLineOptions given, String name, Set<Transport> transports, Predicate<Transport> fits) {
        List<String> names = new ArrayList<>();
        transports.stream().filter(fits).forEach(t -> names.add(t.name()));
        if (!given.getParameter(name).hasValue() && !names.isEmpty()) {
            options.param(name, names.toArray(new String[0]));
        }
    }
}
