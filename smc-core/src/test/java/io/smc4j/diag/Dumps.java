package io.smc4j.diag;

import io.smc4j.internal.NetlinkReply;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** Answers of a Linux 6.12 kernel (x86-64), captured in the lab by {@link NetlinkCapture}, and the parser of each. */
final class Dumps {

    static final List<String> MODES = List.of("smcd", "smcr", "no-device");
    static final Map<String, Supplier<SmcGeneric.Parser<?>>> GENERIC = new LinkedHashMap<>();

    static {
        GENERIC.put("sys-info", SmcSystem.InfoParser::new);
        GENERIC.put("lgr-smcr", LinkGroupParser::new);
        GENERIC.put("link-smcr", LinkGroupParser::new);
        GENERIC.put("lgr-smcd", LinkGroupParser::new);
        GENERIC.put("dev-smcd", SmcDevices.DeviceParser::new);
        GENERIC.put("dev-smcr", SmcDevices.DeviceParser::new);
        GENERIC.put("stats", SmcStats.StatsParser::new);
        GENERIC.put("fback-stats", SmcStats.FallbackParser::new);
        GENERIC.put("ueid", SmcSystem.UeidParser::new);
        GENERIC.put("seid", SmcSystem.SeidParser::new);
        GENERIC.put("hs-limitation", SmcSystem.LimitParser::new);
    }

    private Dumps() {
    }

    static byte[] bytes(String mode, String name) {
        try (InputStream in = Dumps.class.getResourceAsStream("dumps/" + mode + "/" + name + ".bin")) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** The sockets in a dump's bytes, through the same code as from the kernel. */
    static List<SmcConnection> sockets(byte[] dump, ByteOrder order) throws IOException {
        List<SmcConnection> found = new ArrayList<>();
        new NetlinkReply("dump", 1, (type, payload) -> {
            if (type == SmcDiag.TYPE) {
                found.add(SmcDiag.parse(payload));
            }
        }).take(ByteBuffer.wrap(dump).order(order));
        return found;
    }

    /** What a parser makes of a dump's bytes. */
    static <T> T read(byte[] dump, ByteOrder order, SmcGeneric.Parser<T> parser) throws IOException {
        new NetlinkReply("dump", 1, SmcGeneric.handler(parser)).take(ByteBuffer.wrap(dump).order(order));
        return parser.result();
    }

    static <T> T read(String mode, String name, SmcGeneric.Parser<T> parser) throws IOException {
        return read(bytes(mode, name), ByteOrder.LITTLE_ENDIAN, parser);
    }
}
