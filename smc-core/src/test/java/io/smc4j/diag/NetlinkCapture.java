package io.smc4j.diag;

import io.smc4j.internal.Errno;
import io.smc4j.internal.Linux;
import io.smc4j.internal.NativeCalls;
import io.smc4j.internal.Natives;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Writes the kernel's raw answers to files: the fixtures of {@link CapturedDumpTest}. Run it in the lab, once for each of its modes:
 * {@code lab/run --smcd --out DIR java -cp smc-core/target/classes:smc-core/target/test-classes io.smc4j.diag.NetlinkCapture DIR}.
 */
final class NetlinkCapture {

    private static final int REQUEST_DUMP = 0x301;

    private NetlinkCapture() {
    }

    public static void main(String[] args) throws IOException {
        Path directory = Path.of(args[0]).resolve(System.getenv("SMC_LAB"));
        Files.createDirectories(directory);
        try (SmcPair pair = new SmcPair(true, true); SmcPair plainServer = new SmcPair(false, true)) {
            pair.client.write(ByteBuffer.allocate(100));
            pair.accepted.read(ByteBuffer.allocate(100));
            pair.client.write(ByteBuffer.allocate(40_000));
            plainServer.client.write(ByteBuffer.allocate(1));
            Files.write(directory.resolve("diag.bin"), ask(Linux.NETLINK_SOCK_DIAG, SmcDiag.TYPE, SmcDiag.request()));
            int family = family();
            String[] names = {"", "sys-info", "lgr-smcr", "link-smcr", "lgr-smcd", "dev-smcd", "dev-smcr", "stats", "fback-stats", "ueid"};
            for (int command = 1; command < names.length; command++) {
                Files.write(directory.resolve(names[command] + ".bin"), generic(family, command));
            }
            Files.write(directory.resolve("seid.bin"), generic(family, SmcGeneric.DUMP_SEID));
            Files.write(directory.resolve("hs-limitation.bin"), generic(family, SmcGeneric.DUMP_HS_LIMITATION));
        }
    }

    private static byte[] generic(int family, int command) throws IOException {
        return ask(Linux.NETLINK_GENERIC, family, ByteBuffer.allocate(4).put(0, (byte) command).put(1, (byte) 1));
    }

    private static int family() throws IOException {
        byte[] name = "SMC_GEN_NETLINK\0".getBytes(java.nio.charset.StandardCharsets.US_ASCII);
        ByteBuffer b = ByteBuffer.allocate(24).order(ByteOrder.nativeOrder());
        b.put((byte) 3).put((byte) 1).putShort((short) 0).putShort((short) 20).putShort((short) 2).put(name).flip();
        byte[] reply = send(Linux.NETLINK_GENERIC, 0x10, 1, b);
        ByteBuffer r = ByteBuffer.wrap(reply).order(ByteOrder.nativeOrder());
        for (int at = 20; at + 4 <= reply.length; at += (r.getShort(at) & 0xffff) + 3 & ~3) {
            if (r.getShort(at + 2) == 1) {
                return r.getShort(at + 4) & 0xffff;
            }
        }
        throw new IOException("no SMC_GEN_NETLINK");
    }

    private static byte[] ask(int protocol, int type, ByteBuffer payload) throws IOException {
        return send(protocol, type, REQUEST_DUMP, payload);
    }

    private static byte[] send(int protocol, int type, int flags, ByteBuffer payload) throws IOException {
        NativeCalls calls = Natives.calls();
        int fd = Errno.check("socket", calls.socket(Linux.AF_NETLINK, Linux.SOCK_RAW | Linux.SOCK_CLOEXEC, protocol));
        try {
            int length = 16 + payload.remaining();
            ByteBuffer b = ByteBuffer.allocate(length).order(ByteOrder.nativeOrder());
            b.putInt(length).putShort((short) type).putShort((short) flags).putInt(1).putInt(0).put(payload);
            Errno.check("send", calls.send(fd, b.array(), length, 0, null));
            ByteArrayOutputStream all = new ByteArrayOutputStream();
            byte[] buffer = new byte[32768];
            while (true) {
                int n = Errno.check("recv", calls.recv(fd, buffer, 0));
                all.write(buffer, 0, n);
                int first = ByteBuffer.wrap(buffer).order(ByteOrder.nativeOrder()).getShort(4);
                if (flags == 1 || first == 3 || first == 2) {
                    return all.toByteArray();
                }
            }
        } finally {
            calls.close(fd);
        }
    }
}
