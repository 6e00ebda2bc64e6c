package io.smc4j.diag;

import io.smc4j.internal.MalformedNetlinkException;
import io.smc4j.internal.NetlinkAttributes;
import io.smc4j.internal.NetlinkException;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;

/**
 * What the machine can do with SMC and how it is set: SYS_INFO, the EIDs, the handshake limitation and the sysctls of the network namespace.
 *
 * <p>Thread-safety: immutable.
 *
 * @param kernel the kernel's release, as {@code uname -r}
 * @param info what SYS_INFO says
 * @param userEids the user EIDs (UEID) of this host, at most 4 entries of 32 characters
 * @param systemEid the system EID (SEID), or "" where the host has none
 * @param systemEidEnabled whether the SEID may be used
 * @param handshakeLimitation whether listeners under pressure leave the SMC option out; empty where the kernel does not say
 * @param sysctls {@code /proc/sys/net/smc}: name to value, sorted; empty where it cannot be read
 */
public record SmcSystem(String kernel, Info info, List<String> userEids, String systemEid, boolean systemEidEnabled,
        Optional<Boolean> handshakeLimitation, Map<String, String> sysctls) {

    /** {@code SMC_GEN_SYS_INFO}, {@code SMC_NLA_SYS_*}. */
    private static final int SMC_GEN_SYS_INFO = 1;
    private static final int VER = 1;
    private static final int REL = 2;
    private static final int IS_ISM_V2 = 3;
    private static final int LOCAL_HOST = 4;
    private static final int SEID = 5;
    private static final int IS_SMCR_V2 = 6;
    /** Top-level attributes of DUMP_UEID, DUMP_SEID and DUMP_HS_LIMITATION. */
    private static final int EID_TABLE_ENTRY = 1;
    private static final int SEID_ENTRY = 1;
    private static final int SEID_ENABLED = 2;
    private static final int HS_LIMITATION_ENABLED = 1;

    private static final Path SYSCTLS = Path.of("/proc/sys/net/smc");

    /**
     * What SYS_INFO says.
     *
     * @param version SMC's version, 2 in every kernel that answers
     * @param release release of version 2
     * @param ismV2 whether an SMC-D device with version 2 is or was there
     * @param smcrV2 whether SMC-R version 2 is supported
     * @param host the name this host gives to peers, or ""
     * @param seid the system EID, or ""
     */
    public record Info(int version, int release, boolean ismV2, boolean smcrV2, String host, String seid) {
    }

    /** Copies the collections. */
    public SmcSystem {
        userEids = List.copyOf(userEids);
        sysctls = Collections.unmodifiableMap(new TreeMap<>(sysctls));
    }

    /**
     * Asks the kernel.
     *
     * @throws IOException where it cannot be asked: no native library, no AF_SMC, or a kernel before 5.11
     */
    public static SmcSystem read() throws IOException {
        try (SmcGeneric netlink = new SmcGeneric()) {
            Info info = netlink.dump("system", SmcGeneric.GET_SYS_INFO, InfoParser::new);
            List<String> ueids = ifSupported(netlink, "UEIDs", SmcGeneric.DUMP_UEID, UeidParser::new).orElse(List.of());
            Seid seid = ifSupported(netlink, "SEID", SmcGeneric.DUMP_SEID, SeidParser::new).orElse(new Seid(info.seid(), false));
            Optional<Boolean> limited = ifSupported(netlink, "handshake limitation", SmcGeneric.DUMP_HS_LIMITATION, LimitParser::new)
                    .flatMap(v -> v);
            return new SmcSystem(kernelRelease(), info, ueids, seid.entry(), seid.enabled(), limited, readSysctls());
        }
    }

    /**
     * The user EIDs alone.
     *
     * @throws IOException where the kernel cannot be asked
     */
    public static List<String> readUserEids() throws IOException {
        try (SmcGeneric netlink = new SmcGeneric()) {
            return netlink.dump("UEIDs", SmcGeneric.DUMP_UEID, UeidParser::new);
        }
    }

    /** Older kernels do not have every command: EOPNOTSUPP. */
    private static <T> Optional<T> ifSupported(SmcGeneric netlink, String name, int command,
            Supplier<? extends SmcGeneric.Parser<T>> parser) throws IOException {
        try {
            return Optional.of(netlink.dump(name, command, parser));
        } catch (NetlinkException e) {
            return Optional.empty();
        }
    }

    /** The kernel's release, as {@code uname -r}. */
    public static String kernelRelease() {
        return System.getProperty("os.version", "");
    }

    /** {@code /proc/sys/net/smc}: name to value, sorted; empty where there is none. */
    public static Map<String, String> readSysctls() {
        Map<String, String> values = new TreeMap<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(SYSCTLS)) {
            for (Path file : files) {
                try {
                    values.put(file.getFileName().toString(), Files.readString(file).strip());
                } catch (IOException e) {
                    values.put(file.getFileName().toString(), ""); // write-only or not ours to read
                }
            }
        } catch (IOException e) {
            return Map.of(); // no AF_SMC, a kernel before 5.18, or no /proc
        }
        return values;
    }

    /** Takes GET_SYS_INFO's answer. */
    static final class InfoParser implements SmcGeneric.Parser<Info> {
        private Info info = new Info(0, 0, false, false, "", "");

        @Override
        public void take(SmcGeneric.Answer answer) throws MalformedNetlinkException {
            if (answer.attributes().has(SMC_GEN_SYS_INFO)) {
                NetlinkAttributes a = answer.attributes().nested(SMC_GEN_SYS_INFO);
                info = new Info(a.integer(VER, 0), a.integer(REL, 0), a.flag(IS_ISM_V2), a.flag(IS_SMCR_V2), a.string(LOCAL_HOST),
                        a.string(SEID));
            }
        }

        @Override
        public Info result() {
            return info;
        }
    }

    /** Takes DUMP_UEID's answers. */
    static final class UeidParser implements SmcGeneric.Parser<List<String>> {
        private final List<String> eids = new ArrayList<>();

        @Override
        public void take(SmcGeneric.Answer answer) {
            if (answer.attributes().has(EID_TABLE_ENTRY)) {
                eids.add(answer.attributes().string(EID_TABLE_ENTRY));
            }
        }

        @Override
        public List<String> result() {
            return eids;
        }
    }

    record Seid(String entry, boolean enabled) {
    }

    /** Takes DUMP_SEID's answer. */
    static final class SeidParser implements SmcGeneric.Parser<Seid> {
        private Seid seid = new Seid("", false);

        @Override
        public void take(SmcGeneric.Answer answer) throws MalformedNetlinkException {
            seid = new Seid(answer.attributes().string(SEID_ENTRY), answer.attributes().flag(SEID_ENABLED));
        }

        @Override
        public Seid result() {
            return seid;
        }
    }

    /** Takes DUMP_HS_LIMITATION's answer. */
    static final class LimitParser implements SmcGeneric.Parser<Optional<Boolean>> {
        private Optional<Boolean> limited = Optional.empty();

        @Override
        public void take(SmcGeneric.Answer answer) throws MalformedNetlinkException {
            if (answer.attributes().has(HS_LIMITATION_ENABLED)) {
                limited = Optional.of(answer.attributes().flag(HS_LIMITATION_ENABLED));
            }
        }

        @Override
        public Optional<Boolean> result() {
            return limited;
        }
    }
}
