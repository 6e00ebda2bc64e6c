package io.smc4j.diag;

import io.smc4j.internal.Linux;
import io.smc4j.internal.MalformedNetlinkException;
import io.smc4j.internal.NetlinkAttributes;
import io.smc4j.internal.NetlinkReply;
import io.smc4j.internal.NetlinkSocket;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * The generic netlink family {@code SMC_GEN_NETLINK}: asks, and hands each answer's attributes to a parser. Asking for the family loads
 * the module {@code smc} where the system allows that; {@link io.smc4j.SmcCapability} looks first whether it is loaded.
 *
 * <p>Thread-safety: none; opened, used and closed by one thread.
 */
final class SmcGeneric implements AutoCloseable {

    static final int GET_SYS_INFO = 1;
    static final int GET_LGR_SMCR = 2;
    static final int GET_LINK_SMCR = 3;
    static final int GET_LGR_SMCD = 4;
    static final int GET_DEV_SMCD = 5;
    static final int GET_DEV_SMCR = 6;
    static final int GET_STATS = 7;
    static final int GET_FBACK_STATS = 8;
    static final int DUMP_UEID = 9;
    static final int DUMP_SEID = 13;
    static final int DUMP_HS_LIMITATION = 16;

    /** {@code struct genlmsghdr { __u8 cmd; __u8 version; __u16 reserved; }}. */
    private static final int HEADER = 4;
    /** {@code GENL_ID_CTRL}: the family that names the others. */
    private static final int CTRL = 0x10;
    private static final int CTRL_CMD_GETFAMILY = 3;
    private static final int CTRL_ATTR_FAMILY_ID = 1;
    private static final int CTRL_ATTR_FAMILY_NAME = 2;
    private static final String FAMILY = "SMC_GEN_NETLINK";

    private final NetlinkSocket socket;
    private final int family;

    /** One answer: its command and its top-level attributes. */
    record Answer(int command, NetlinkAttributes attributes) {
    }

    /** Takes answers apart; made anew where a dump has to be repeated. */
    interface Parser<T> {
        void take(Answer answer) throws MalformedNetlinkException;

        T result();
    }

    /** Opens the socket and looks the family up. */
    SmcGeneric() throws IOException {
        socket = new NetlinkSocket(Linux.NETLINK_GENERIC);
        int[] id = new int[1];
        try {
            socket.request("generic netlink family " + FAMILY, CTRL, familyRequest(), (type, payload) ->
                    id[0] = answer(payload).attributes().integer(CTRL_ATTR_FAMILY_ID, 0));
            if (id[0] == 0) {
                throw new MalformedNetlinkException("generic netlink family " + FAMILY + ": answer without a number");
            }
        } catch (IOException | RuntimeException e) {
            socket.close();
            throw e;
        }
        family = id[0];
    }

    private static ByteBuffer familyRequest() {
        byte[] name = (FAMILY + '\0').getBytes(StandardCharsets.US_ASCII);
        ByteBuffer b = ByteBuffer.allocate(HEADER + 4 + (name.length + 3 & ~3)).order(ByteOrder.nativeOrder());
        b.put((byte) CTRL_CMD_GETFAMILY).put((byte) 1).putShort((short) 0);
        b.putShort((short) (4 + name.length)).putShort((short) CTRL_ATTR_FAMILY_NAME).put(name);
        return b.rewind();
    }

    /** Asks for a command's dump and answers what the parser made of it. */
    <T> T dump(String name, int command, Supplier<? extends Parser<T>> parsers) throws IOException {
        ByteBuffer request = ByteBuffer.allocate(HEADER).order(ByteOrder.nativeOrder()).put(0, (byte) command).put(1, (byte) 1);
        List<Parser<T>> last = new ArrayList<>(1);
        socket.dump(name, family, request, () -> {
            Parser<T> parser = parsers.get();
            last.clear();
            last.add(parser);
            return handler(parser);
        });
        return last.get(0).result();
    }

    /** The handler that feeds a parser with raw messages; for tests on captured bytes too. */
    static NetlinkReply.Handler handler(Parser<?> parser) {
        return (type, payload) -> parser.take(answer(payload));
    }

    /** Takes one message's payload apart. */
    static Answer answer(ByteBuffer payload) throws MalformedNetlinkException {
        if (payload.limit() < HEADER) {
            throw new MalformedNetlinkException("generic netlink message of " + payload.limit() + " bytes, expected at least " + HEADER);
        }
        ByteBuffer attributes = payload.slice(HEADER, payload.limit() - HEADER).order(payload.order());
        return new Answer(payload.get(0) & 0xff, NetlinkAttributes.parse(attributes));
    }

    @Override
    public void close() {
        socket.close();
    }
}
