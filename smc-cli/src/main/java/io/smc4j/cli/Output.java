package io.smc4j.cli;

import java.io.PrintWriter;
import java.util.function.Supplier;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The options that every command has, and where its answer goes. */
final class Output {

    /** When to colour. */
    enum Colour { AUTO, ALWAYS, NEVER }

    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    @Option(names = "--json", description = "Print JSON.")
    private boolean json;

    @Option(names = "--color", paramLabel = "WHEN", defaultValue = "auto",
            description = "auto (on a terminal, and NO_COLOR is not set), always or never.")
    private Colour colour = Colour.AUTO;

    boolean json() {
        return json;
    }

    PrintWriter out() {
        return spec.commandLine().getOut();
    }

    PrintWriter err() {
        return spec.commandLine().getErr();
    }

    /** Prints JSON or text, whichever was asked for. */
    void print(Object value, String text) {
        out().print(json ? Json.of(value) + "\n" : text);
        out().flush();
    }

    /** The same with a text that is made only where it is printed. */
    void print(Object value, Supplier<String> text) {
        print(value, json ? "" : text.get());
    }

    /** Whether text may be coloured. */
    boolean coloured() {
        return switch (colour) {
            case ALWAYS -> true;
            case NEVER -> false;
            case AUTO -> Ansi.AUTO.enabled();
        };
    }

    /** The text in a picocli style, such as {@code "green"}. */
    String styled(String style, String text) {
        return (coloured() ? Ansi.ON : Ansi.OFF).string("@|" + style + " " + text.replace("|@", "| @") + "|@");
    }
}
