package io.smc4j.cli.syn;

import io.smc4j.internal.Errno;
import io.smc4j.internal.Linux;
import io.smc4j.internal.NativeCalls;
import io.smc4j.internal.Natives;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;

/**
 * The far end of a wire, made of raw Ethernet frames: answers each SYN as its port's behaviour says. The interface has no address of its own, so
 * the kernel takes no part. Counts what arrives.
 */
final class RawPeer implements AutoCloseable {

    private static final int ETH_P_ALL = 3;
    private static final int ETHER = 14;
    private static final int IPV4 = 0x0800;
    private static final int IPV6 = 0x86dd;
    /** The echoed timestamp is 0, for a kernel's own connect passes over an answer that echoes one it did not send. */
    private static final byte[] USUAL_ANSWER = {2, 4, 0x05, (byte) 0xb4, 4, 2, 8, 10, 0, 0, 2, 0, 0, 0, 0, 0, 1, 3, 3, 7};
    private static final byte[] SMC = {1, 1, (byte) 254, 6, (byte) 0xe2, (byte) 0xd4, (byte) 0xc3, (byte) 0xd9};
    /** Another owner of kind 254: a load balancer that hands on the client's address. */
    private static final byte[] OTHER = {(byte) 254, 8, 0x1f, (byte) 0x90, 10, 0, 0, 1};

    private static final byte[] RESET = new byte[0];

    /** The scripted paths, by port. */
    static final Map<Integer, UnaryOperator<byte[]>> PATHS = Map.of(
            1001, RawPeer::smcHost,
            1002, o -> USUAL_ANSWER,
            1003, RawPeer::replay,
            1004, o -> join(USUAL_ANSWER, OTHER),
            1005, o -> o.length > 24 ? null : USUAL_ANSWER,
            1006, o -> null,
            1007, o -> RESET,
            1008, o -> TcpOptions.parse(o).experiments().isEmpty() ? USUAL_ANSWER : null,
            1009, o -> o.length > 24 ? new byte[] {2, 4, 0x05, (byte) 0xb4, (byte) 254, 10, 1, 1} : USUAL_ANSWER,
            1010, RawPeer::otherMagicHost);

    final Map<Integer, Integer> packets = new ConcurrentHashMap<>();
    final Map<Integer, Integer> payloads = new ConcurrentHashMap<>();
    private final NativeCalls calls = Natives.calls();
    private final int fd;
    private final Thread thread;
    private volatile boolean closed;
    volatile IOException failure;

    RawPeer(String device) throws IOException {
        // java.net.NetworkInterface leaves out an interface without an address
        int index = Integer.parseInt(Files.readString(Path.of("/sys/class/net/" + device + "/ifindex")).strip());
        fd = Errno.check("socket", calls.socket(Linux.AF_PACKET, Linux.SOCK_RAW | Linux.SOCK_CLOEXEC, swap(ETH_P_ALL)));
        ByteBuffer address = ByteBuffer.allocate(20).order(ByteOrder.nativeOrder());
        address.putShort((short) Linux.AF_PACKET).putShort((short) swap(ETH_P_ALL)).putInt(index);
        Errno.check("bind", calls.bind(fd, address.array()));
        thread = new Thread(this::run, "raw-peer");
        thread.start();
    }

    private static int swap(int n) {
        return ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN ? (n & 0xff) << 8 | n >> 8 & 0xff : n;
    }

    private static byte[] smcHost(byte[] options) {
        return TcpOptions.parse(options).list().stream().anyMatch(TcpOptions.Option::isSmc) ? join(USUAL_ANSWER, SMC) : USUAL_ANSWER;
    }

    private static byte[] otherMagicHost(byte[] options) {
        byte[] magic = {1, 1, (byte) 254, 6, 1, 2, 3, 4};
        return TcpOptions.parse(options).list().stream().anyMatch(TcpOptions.Option::isSmc) ? join(USUAL_ANSWER, magic) : USUAL_ANSWER;
    }

    private static byte[] replay(byte[] options) {
        return options.clone();
    }

    private static byte[] join(byte[] a, byte[] b) {
        byte[] both = Arrays.copyOf(a, a.length + b.length);
        System.arraycopy(b, 0, both, a.length, b.length);
        return both;
    }

    private void run() {
        byte[] frame = new byte[2048];
        try {
            while (!closed) {
                if (calls.poll(fd, Linux.POLLIN, 100) > 0) {
                    int n = calls.recv(fd, frame, Linux.MSG_DONTWAIT);
                    if (n > ETHER) {
                        frame(Arrays.copyOf(frame, n));
                    }
                }
            }
        } catch (IOException | RuntimeException e) {
            failure = e instanceof IOException io ? io : new IOException(e);
        }
    }

    private void frame(byte[] f) throws IOException {
        int type = (f[12] & 0xff) << 8 | f[13] & 0xff;
        boolean v6 = type == IPV6;
        if (type != IPV4 && !v6) {
            return;
        }
        int protocol = v6 ? f[ETHER + 6] : f[ETHER + 9];
        int ipHeader = v6 ? 40 : (f[ETHER] & 0xf) * 4;
        TcpSegment in = protocol != 6 ? null : TcpSegment.parse(f, ETHER + ipHeader, f.length);
        if (in == null) {
            return;
        }
        packets.merge(in.targetPort(), 1, Integer::sum);
        int total = v6 ? 40 + ((f[ETHER + 4] & 0xff) << 8 | f[ETHER + 5] & 0xff) : (f[ETHER + 2] & 0xff) << 8 | f[ETHER + 3] & 0xff;
        payloads.merge(in.targetPort(), total - ipHeader - in.bytes().length, Integer::sum);
        UnaryOperator<byte[]> path = PATHS.get(in.targetPort());
        if (!in.has(TcpSegment.SYN) || path == null) {
            return;
        }
        byte[] options = path.apply(in.options());
        if (options != null) {
            answer(f, in, v6, ipHeader, options);
        }
    }

    private void answer(byte[] f, TcpSegment in, boolean v6, int ipHeader, byte[] options) throws IOException {
        int length = v6 ? 16 : 4;
        int from = ETHER + (v6 ? 8 : 12);
        byte[] source = Arrays.copyOfRange(f, from, from + length);
        byte[] target = Arrays.copyOfRange(f, from + length, from + 2 * length);
        int flags = options == RESET ? TcpSegment.RST | TcpSegment.ACK : TcpSegment.SYN | TcpSegment.ACK;
        TcpSegment out = TcpSegment.make(InetAddress.getByAddress(target), in.targetPort(), InetAddress.getByAddress(source), in.sourcePort(),
                0x1000, in.sequence() + 1, flags, options);
        ByteBuffer b = ByteBuffer.allocate(ETHER + (v6 ? 40 : 20) + out.bytes().length);
        b.put(f, 6, 6).put(f, 0, 6).putShort((short) (v6 ? IPV6 : IPV4));
        if (v6) {
            b.putInt(0x60000000).putShort((short) out.bytes().length).put((byte) 6).put((byte) 64).put(target).put(source);
        } else {
            b.put((byte) 0x45).put((byte) 0).putShort((short) (20 + out.bytes().length)).putInt(0).put((byte) 64).put((byte) 6)
                    .putShort((short) 0).put(target).put(source);
            int sum = 0;
            for (int i = ETHER; i < ETHER + 20; i += 2) {
                sum += b.getShort(i) & 0xffff;
            }
            b.putShort(ETHER + 10, (short) ~((sum & 0xffff) + (sum >> 16)));
        }
        b.put(out.bytes());
        Errno.check("send", calls.send(fd, b.array(), b.capacity(), 0, null));
    }

    @Override
    public void close() throws IOException {
        closed = true;
        try {
            thread.join(5_000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        calls.close(fd);
        if (failure != null) {
            throw failure;
        }
    }
}
