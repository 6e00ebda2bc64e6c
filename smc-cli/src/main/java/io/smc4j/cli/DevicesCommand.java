package io.smc4j.cli;

import io.smc4j.diag.SmcDevice;
import io.smc4j.diag.SmcDevices;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code devices}. */
@Command(name = "devices", mixinStandardHelpOptions = true, description = "The devices SMC can use.")
final class DevicesCommand implements Callable<Integer> {

    @Mixin
    private Output output;

    @Override
    public Integer call() throws IOException {
        List<SmcDevice> devices = SmcDevices.list();
        List<List<String>> table = new ArrayList<>();
        table.add(List.of("Kind", "Device", "Port", "State", "Net-Dev", "PNET-ID", "#Links", "Crit", "PCI-ID"));
        for (SmcDevice d : devices) {
            String kind = d.kind().name().replace('_', '-');
            String name = d.name() + (d.concluded() ? " (not listed by the kernel)" : "");
            if (d.ports().isEmpty()) {
                table.add(List.of(kind, name, "", "", "", "", d.linkGroups() < 0 ? "" : "" + d.linkGroups(), yes(d.critical()), d.pciId()));
            }
            for (SmcDevice.Port p : d.ports()) {
                table.add(List.of(kind, name, "" + p.number(), p.state() == SmcDevice.PortState.NONE ? "" : p.state().name(),
                        p.netdev() == 0 ? "" : "#" + p.netdev(), p.pnetId() + (p.pnetIdByUser() ? "*" : ""), "" + p.links(), yes(d.critical()),
                        d.pciId()));
            }
        }
        output.print(devices, devices.isEmpty() ? "no SMC devices\n" : Text.table(table));
        return SmcCli.OK;
    }

    private static String yes(boolean b) {
        return b ? "yes" : "no";
    }
}
