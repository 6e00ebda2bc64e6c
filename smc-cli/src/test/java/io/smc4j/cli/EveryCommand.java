package io.smc4j.cli;

import java.util.List;

/** Runs every command in one JVM, as {@code main} does: {@code PORT} of a listener on 127.0.0.1. Before each a line {@code >> COMMAND}, after it {@code << EXIT CODE}. */
final class EveryCommand {

    static final List<String> COMMANDS = List.of("check", "check --json", "check --pod", "check --pid 1", "check --pid 4000000", "connections", "connections -a -d --json",
            "connections -D", "connections -R", "stats", "linkgroups", "devices", "ueid", "explain 127.0.0.1:PORT", "explain 127.0.0.1:PORT --connect",
            "syn-check 127.0.0.1:PORT --gap 10", "syn-check 127.0.0.1:PORT --intrusive");

    private EveryCommand() {
    }

    public static void main(String[] args) {
        for (String command : COMMANDS) {
            System.out.println(">> " + command);
            String[] words = command.replace("PORT", args[0]).split(" ");
            int code = SmcCli.commandLine(words).execute(words);
            System.err.flush();
            System.out.println("<< " + code);
        }
    }
}
