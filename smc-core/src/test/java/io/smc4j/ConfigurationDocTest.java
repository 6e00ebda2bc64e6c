package io.smc4j;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** docs/configuration.md is made from {@link SmcSetting#all()}, and every constant stands in the table. */
class ConfigurationDocTest {

    private static final String UPDATE = "smc4j.docs.update";

    @Test
    void pageIsWhatTheTableSays() throws IOException {
        Path page = projectRoot().resolve("docs/configuration.md");
        String made = page();
        if (Boolean.getBoolean(UPDATE)) {
            Files.createDirectories(page.getParent());
            Files.writeString(page, made);
        }
        assertEquals(made, Files.readString(page), "docs/configuration.md is out of date; make it again with: mvn -pl smc-core test -Dtest=ConfigurationDocTest -D"
                + UPDATE + "=true");
    }

    @Test
    void everyNameConstantStandsInTheTableOnce() throws IllegalAccessException {
        Set<String> names = new HashSet<>();
        for (Field field : SmcConfig.class.getFields()) {
            if (Modifier.isStatic(field.getModifiers()) && field.getType() == String.class && !field.getName().equals("ANNOTATION_ENABLED")) {
                names.add((String) field.get(null));
            }
        }
        assertEquals(names, SmcSetting.all().stream().map(SmcSetting::name).collect(Collectors.toSet()));
        assertEquals(names.size(), SmcSetting.all().size());
    }

    @Test
    void defaultsInTheTableAreTheConstants() throws IllegalAccessException, NoSuchFieldException {
        Map<String, String> table = new TreeMap<>();
        SmcSetting.all().forEach(s -> table.put(s.name(), s.defaultValue()));
        int compared = 0;
        for (Field field : SmcConfig.class.getFields()) {
            if (field.getName().endsWith("_DEFAULT")) {
                String name = (String) SmcConfig.class.getField(field.getName().replaceAll("_DEFAULT$", "")).get(null);
                assertEquals(String.valueOf(field.get(null)), table.get(name), name);
                compared++;
            }
        }
        assertTrue(compared >= 8, compared + " defaults compared");
    }

    private static Path projectRoot() {
        Path here = Path.of("").toAbsolutePath();
        return Files.exists(here.resolve("smc-core")) ? here : here.getParent();
    }

    private static String page() {
        StringBuilder page = new StringBuilder("""
                <!-- Made from SmcSetting.java; ConfigurationDocTest compares it and says how to make it again. -->
                # Configuration

                A setting is looked up as a system property, then as an environment variable, then it has its default. For the mode, the pod's
                annotation stands between environment and default. A value that cannot be used is logged once at WARNING on the logger `io.smc4j`,
                and what the table says is used instead; with `smc.mode=require` it is an error.

                | system property | environment variable | default | unit or values | what it does |
                | --- | --- | --- | --- | --- |
                """);
        for (SmcSetting s : SmcSetting.all()) {
            page.append("| `").append(s.name()).append("` | `").append(s.environmentName()).append("` | ")
                    .append(s.defaultValue().isEmpty() ? "none" : "`" + s.defaultValue() + "`").append(" | ").append(s.unit()).append(" | ")
                    .append(s.description()).append(" |\n");
        }
        return page.append("""

                ## Where each switch comes from

                The mode is the first of these that is set:

                1. the system property `smc.mode`;
                2. the environment variable `SMC_MODE`;
                3. the annotation `smc.asm.alibabacloud.com/enabled` in the file that `smc.annotations` names: `"false"` turns SMC off, `"true"` and no such
                   annotation leave it at `auto`. The file is read again while the program runs, so an annotation that changes to `"false"` turns
                   SMC off for new connections. In a program that was started with SMC off, `"true"` takes effect at its next start;
                4. the default, `auto`.

                A mode that is misspelt, and an annotations file that cannot be read, turn SMC off: a broken switch switches nothing on.

                ## Rules

                ```
                rule    := ("connect" | "bind") 1*LWSP address 1*LWSP ports [1*LWSP ("smc" | "tcp")]
                address := "*" | hostname | ipaddress["/"prefix]
                ports   := "*" | port | (port | "*") "-" (port | "*")
                ```

                One rule a line; `#` starts a comment line; words are read in any case. The first rule that matches decides. Without its last word a rule means
                SMC, so a file written for the JDK's SDP support (`com.sun.sdp.conf`) reads as it is. What no rule matches is decided by `smc.default`.

                ```
                # the database stands behind a load balancer that replays TCP options
                connect db.example.com 3306 tcp
                connect 10.0.0.0/8     *    smc
                connect *              *    tcp
                bind    *              8080 smc
                ```

                - A host name means all addresses that it has when the rules are loaded. A host that is unknown then is logged, its rule matches nothing,
                  and it is looked up again when the rules are loaded again.
                - An IPv4-mapped IPv6 address (`::ffff:10.0.0.1`) is the IPv4 address. `::/0` is every IPv6 address and no IPv4 address.
                - A listener on the wildcard address listens on `0.0.0.0` and `::`; a rule for either, or for `*`, matches it. A rule for one of the host's
                  addresses does not, as in the JDK's SDP support.
                - A client is decided by the address that it connects to, also where it was bound before.
                - A bad line makes the whole file bad: at start every connection is TCP then, and a warning names file, line, text and what was expected
                  (`smc.mode=require`: an error). A bad file that replaces a good one leaves the good one in force, with one warning.
                - A changed file is taken once it has stood unchanged for `smc.rules.reload`. Rename a new file over the old one, or let Kubernetes update the
                  ConfigMap: then no half-written file is ever seen.

                ## What is learned about peers

                Peers for which SMC failed, was declined, or whose connections are too short to repay the handshake are remembered and connected over TCP at
                once; one connection tries SMC again when the wait is over. The first wait by what was learned, with the default `smc.memory.retry` of 60 s:

                | learned | first wait | kernel's fallback reasons |
                | --- | --- | --- |
                | broken: the SMC connect failed or stalled where TCP connected | 60 s | |
                | declined, state of the peer | 60 s | 0x03010000 PEERNOSMC, 0x05000000 PEERDECL, time-outs, link failures, codes not known |
                | declined, resources | 5 s | 0x01010000 MEM, 0x0303000a MAXCONNERR, 0x0303000b MAXLINKERR, 0x030d0000 MAX_DMB, 0x0999xxxx |
                | declined, configuration | 5 min | 0x0303xxxx devices and UEIDs, 0x03070000 DIFFPREFIX, 0x03020000 IPSEC, 0x03040000 MODEUNSUPP, versions, VLAN, routes |
                | declined, this socket only | not remembered | 0x03060000 OPTUNSUPP |
                | short: `smc.short.connections` in a row under `smc.short.round-trips` | 60 s | |

                Each trial that fails doubles the wait, up to `smc.memory.retry.max`. With `smc.mode=require` the memory is not asked.

                ## Seeing decisions

                `smc.log=true` logs each decision at DEBUG on the logger `io.smc4j.policy`, for example
                `connect db.example.com/10.1.2.3:3306: TCP (/etc/smc.conf:2 connect db.example.com 3306 tcp)`. With `java.util.logging` DEBUG is called `FINE`:
                a file with these lines, named by `-Djava.util.logging.config.file=FILE`, shows it.

                ```
                handlers = java.util.logging.ConsoleHandler
                java.util.logging.ConsoleHandler.level = FINE
                io.smc4j.policy.level = FINE
                ```
                """).toString();
    }
}
