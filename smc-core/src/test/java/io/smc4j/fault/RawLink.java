package io.smc4j.fault;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.smc4j.internal.Linux;
import io.smc4j.internal.NativeCalls;
import io.smc4j.internal.Natives;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.function.Consumer;

/**
 * A pair of virtual Ethernet devices: one has an address of this kernel, on the other one a packet socket takes and sends frames. The far
 * address belongs to no network stack, so that nobody but us answers for it. One thread reads.
 */
final class RawLink implements AutoCloseable {

    private static final int ETH_P_IP = 0x0800;
    private static final int LINGER_MS = 50;

    private final NativeCalls calls = Natives.calls();
    private final String near;
    private final byte[] nearMac;
    private final byte[] farMac;
    private final InetAddress nearAddress;
    private final InetAddress farAddress;
    private final int socket;
    private final Thread reader;
    private volatile boolean closed;
    private volatile Consumer<Segment> receiver = segment -> { };

    /** The link {@code 10.99.NUMBER.1} (ours) to {@code 10.99.NUMBER.2} (nobody's). */
    RawLink(int number) throws IOException, InterruptedException {
        near = "near" + number;
        String far = "far" + number;
        nearAddress = InetAddress.getByName("10.99." + number + ".1");
        farAddress = InetAddress.getByName("10.99." + number + ".2");
        Guest.ip("ip link add " + near + " type veth peer name " + far);
        Files.writeString(Path.of("/proc/sys/net/ipv6/conf", far, "disable_ipv6"), "1");
        Guest.ip("ip link set " + far + " up arp off");
        Guest.ip("ip address add " + nearAddress.getHostAddress() + "/24 dev " + near);
        Guest.ip("ip link set " + near + " up");
        nearMac = mac(near);
        farMac = mac(far);
        Guest.ip("ip neigh replace " + farAddress.getHostAddress() + " lladdr " + read(far, "address") + " dev " + near);
        socket = calls.socket(Linux.AF_PACKET, Linux.SOCK_RAW | Linux.SOCK_CLOEXEC, 0);
        assertTrue(socket >= 0, "packet socket: " + socket);
        // struct sockaddr_ll: family, protocol (big endian), interface; the rest is not looked at
        ByteBuffer address = ByteBuffer.allocate(20).order(ByteOrder.nativeOrder());
        address.putShort((short) Linux.AF_PACKET).put((byte) (ETH_P_IP >> 8)).put((byte) ETH_P_IP).putInt(Integer.parseInt(read(far, "ifindex")));
        int bound = calls.bind(socket, address.array());
        assertTrue(bound == 0, "bind of the packet socket: " + bound);
        reader = new Thread(this::readAll, "raw-link-" + number);
        reader.setDaemon(true);
        reader.start();
    }

    private static String read(String device, String what) throws IOException {
        return Files.readString(Path.of("/sys/class/net", device, what)).trim();
    }

    private static byte[] mac(String device) throws IOException {
        return HexFormat.ofDelimiter(":").parseHex(read(device, "address"));
    }

    /** This kernel's device. */
    String device() {
        return near;
    }

    /** This kernel's address. */
    InetAddress nearAddress() {
        return nearAddress;
    }

    /** Nobody's address. */
    InetAddress farAddress() {
        return farAddress;
    }

    int near() {
        return ByteBuffer.wrap(nearAddress.getAddress()).getInt();
    }

    int far() {
        return ByteBuffer.wrap(farAddress.getAddress()).getInt();
    }

    /** Has {@code receiver} called with each segment that this kernel sends to the far end, on the link's own thread. */
    void onReceive(Consumer<Segment> newReceiver) {
        receiver = newReceiver;
    }

    /** Sends from the far end to this kernel. */
    void send(Segment segment) {
        byte[] frame = segment.frame(farMac, nearMac);
        int sent = calls.send(socket, frame, frame.length, 0, null);
        if (sent != frame.length && !closed) {
            throw new AssertionError("sent " + sent + " of " + frame.length);
        }
    }

    private void readAll() {
        byte[] frame = new byte[70_000]; // segments not cut yet: the kernel leaves that to the device
        while (!closed) {
            if (calls.poll(socket, Linux.POLLIN, LINGER_MS) > 0) {
                int length = calls.recv(socket, frame, Linux.MSG_DONTWAIT);
                Segment segment = length > 0 ? Segment.parse(frame, length) : null;
                if (segment != null) {
                    receiver.accept(segment);
                }
            }
        }
    }

    @Override
    public void close() throws IOException {
        closed = true;
        try {
            reader.join();
            calls.close(socket);
            Guest.ip("ip link delete " + near);
        } catch (InterruptedException e) {
            throw new InterruptedIOException();
        }
    }
}
