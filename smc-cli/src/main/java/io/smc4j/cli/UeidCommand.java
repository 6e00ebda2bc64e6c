package io.smc4j.cli;

import io.smc4j.diag.SmcSystem;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code ueid}: shows; setting is the system's tools' (CAP_NET_ADMIN). */
@Command(name = "ueid", mixinStandardHelpOptions = true,
        description = {"The enterprise ids (EID) by which hosts know that they may use SMC version 2 with each other.",
            "Add one, the same on all hosts, with: smcr ueid add NAME"})
final class UeidCommand implements Callable<Integer> {

    @Mixin
    private Output output;

    @Override
    public Integer call() throws IOException {
        SmcSystem s = SmcSystem.read();
        StringBuilder text = new StringBuilder();
        s.userEids().forEach(e -> text.append("UEID  ").append(e).append('\n'));
        if (s.userEids().isEmpty()) {
            text.append("UEID  none\n");
        }
        text.append("SEID  ").append(s.systemEid().isEmpty() ? "none" : s.systemEid() + (s.systemEidEnabled() ? " (enabled)" : " (disabled)")).append('\n');
        output.print(s, text.toString());
        return SmcCli.OK;
    }
}
