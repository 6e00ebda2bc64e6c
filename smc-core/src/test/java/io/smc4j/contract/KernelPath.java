package io.smc4j.contract;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import io.smc4j.internal.ChannelFd;
import io.smc4j.internal.Linux;
import io.smc4j.internal.NativeCalls;
import io.smc4j.internal.Natives;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.Channel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The path a connection takes by the kernel's own word, read without the code under test: SO_PROTOCOL of the descriptor, then smc_diag
 * (matched by inode) for the kind of SMC. A JVM without the native library has no AF_SMC either; there {@code /proc/net/tcp} is asked.
 */
enum KernelPath {
    TCP, SMC_D, SMC_R,
    /** The stand-in for SMC on kernels without AF_SMC. */
    MPTCP;

    /** One line of smc_diag: {@code struct smc_diag_msg}, 64 bytes, mode 0 SMC-R, 1 TCP fallback, 2 SMC-D; state 1 ACTIVE. */
    record Entry(int state, int mode, int localPort, int remotePort, long inode) {

        static final int ACTIVE = 1;
        private static final int LISTEN = 10;
        private static final int INIT = 2;

        boolean isConnection() {
            return state != LISTEN && state != INIT;
        }

        KernelPath path() {
            return mode == 0 ? SMC_R : mode == 2 ? SMC_D : TCP;
        }
    }

    private static final int SOCK_DIAG_BY_FAMILY = 20;
    private static final int NLM_F_REQUEST_DUMP = 0x301;
    private static final int NLMSG_ERROR = 2;
    private static final int NLMSG_DONE = 3;
    private static final int HEADER = 16;

    /** The path of a connected channel of the JDK or of ours; fails where the kernel knows no such connection. */
    static KernelPath of(SocketChannel channel) throws IOException {
        if (!Natives.isLoaded()) {
            return withoutNatives(channel);
        }
        NativeCalls calls = Natives.calls();
        int fd = fd(channel);
        assertTrue(fd >= 0, "no descriptor of " + channel);
        long protocol = calls.getsockopt(fd, Linux.SOL_SOCKET, Linux.SO_PROTOCOL);
        long domain = calls.getsockopt(fd, Linux.SOL_SOCKET, Linux.SO_DOMAIN);
        if (protocol == Linux.IPPROTO_TCP && (domain == Linux.AF_INET || domain == Linux.AF_INET6)) {
            return TCP;
        }
        if (protocol == Linux.IPPROTO_MPTCP) {
            return MPTCP;
        }
        long inode = calls.inode(fd);
        for (Entry entry : smcSockets()) {
            if (entry.inode == inode) {
                assertTrue(entry.isConnection(), "not a connection: " + entry + " of " + channel);
                return entry.path();
            }
        }
        return fail("neither TCP nor in smc_diag: protocol " + protocol + ", domain " + domain + ", inode " + inode + " of " + channel);
    }

    /** The path of a connected descriptor; fails where the kernel knows no such connection. */
    static KernelPath ofDescriptor(int fd) {
        NativeCalls calls = Natives.calls();
        assertTrue(fd >= 0, "no descriptor");
        long protocol = calls.getsockopt(fd, Linux.SOL_SOCKET, Linux.SO_PROTOCOL);
        if (protocol == Linux.IPPROTO_TCP) {
            return TCP;
        }
        if (protocol == Linux.IPPROTO_MPTCP) {
            return MPTCP;
        }
        long inode = calls.inode(fd);
        for (Entry entry : smcSockets()) {
            if (entry.inode == inode) {
                assertTrue(entry.isConnection(), "not a connection: " + entry);
                return entry.path();
            }
        }
        return fail("neither TCP nor in smc_diag: protocol " + protocol + ", inode " + inode);
    }

    /** The descriptor of a JDK channel, or of one of ours. */
    static int fd(Channel channel) {
        return ChannelFd.of(channel);
    }

    /** Whether smc_diag lists such connections. */
    boolean isSmc() {
        return this == SMC_D || this == SMC_R;
    }

    /** The paths of all SMC sockets of this network namespace that are connections from or to {@code port}; empty where all are TCP. */
    static List<KernelPath> smcConnectionsOf(int port) {
        List<KernelPath> paths = new ArrayList<>();
        if (Natives.isLoaded()) {
            for (Entry e : smcSockets()) {
                if (e.isConnection() && e.path() != TCP && (e.localPort == port || e.remotePort == port)) {
                    paths.add(e.path());
                }
            }
        }
        return paths;
    }

    /** What smc_diag says of the server's end of a connection; TCP where it lists none. */
    static KernelPath between(int serverPort, int clientPort) {
        if (Natives.isLoaded()) {
            for (Entry e : smcSockets()) {
                if (e.isConnection() && e.localPort == serverPort && e.remotePort == clientPort) {
                    return e.path();
                }
            }
        }
        return TCP;
    }

    /** Every AF_SMC socket of this network namespace; empty where the kernel has no smc_diag. */
    static List<Entry> smcSockets() {
        NativeCalls calls = Natives.calls();
        List<Entry> entries = new ArrayList<>();
        int netlink = calls.socket(Linux.AF_NETLINK, Linux.SOCK_RAW | Linux.SOCK_CLOEXEC, Linux.NETLINK_SOCK_DIAG);
        assertTrue(netlink >= 0, "netlink socket: " + netlink);
        try {
            ByteBuffer request = ByteBuffer.allocate(HEADER + 52).order(ByteOrder.nativeOrder());
            request.putInt(request.capacity()).putShort((short) SOCK_DIAG_BY_FAMILY).putShort((short) NLM_F_REQUEST_DUMP).putInt(1).putInt(0);
            request.put((byte) Linux.AF_SMC);
            int sent = calls.send(netlink, request.array(), request.capacity(), 0, null);
            assertTrue(sent == request.capacity(), "smc_diag request: " + sent);
            byte[] answer = new byte[64 * 1024];
            boolean more = true;
            while (more) {
                int length = calls.recv(netlink, answer, 0);
                assertTrue(length > 0, "smc_diag answer: " + length);
                more = parse(ByteBuffer.wrap(answer, 0, length).order(ByteOrder.nativeOrder()), entries);
            }
        } finally {
            calls.close(netlink);
        }
        return entries;
    }

    /** Adds what {@code answer} holds; whether more is to come. */
    private static boolean parse(ByteBuffer answer, List<Entry> entries) {
        int at = 0;
        while (at + HEADER <= answer.limit()) {
            int length = answer.getInt(at);
            int type = answer.getShort(at + 4);
            if (type == NLMSG_DONE || type == NLMSG_ERROR || length < HEADER) {
                return false;
            }
            if (type == SOCK_DIAG_BY_FAMILY && length >= HEADER + 64) {
                int m = at + HEADER;
                entries.add(new Entry(answer.get(m + 1), answer.get(m + 2), port(answer, m + 4), port(answer, m + 6), answer.getLong(m + 56)));
            }
            at += length + 3 & ~3;
        }
        return true;
    }

    private static int port(ByteBuffer b, int at) {
        return (b.get(at) & 0xff) << 8 | b.get(at + 1) & 0xff;
    }

    /** TCP where {@code /proc/net/tcp} has the channel's two ports with an inode that one of this process's descriptors has. */
    private static KernelPath withoutNatives(SocketChannel channel) throws IOException {
        String local = String.format(":%04X", ((InetSocketAddress) channel.getLocalAddress()).getPort());
        String remote = String.format(":%04X", ((InetSocketAddress) channel.getRemoteAddress()).getPort());
        List<String> mine = new ArrayList<>();
        try (var descriptors = Files.newDirectoryStream(Path.of("/proc/self/fd"))) {
            for (Path descriptor : descriptors) {
                if (Files.isSymbolicLink(descriptor)) {
                    mine.add(Files.readSymbolicLink(descriptor).toString());
                }
            }
        }
        for (String table : List.of("/proc/net/tcp", "/proc/net/tcp6")) {
            for (String line : Files.readAllLines(Path.of(table))) {
                String[] f = line.trim().split(" +");
                if (f.length > 9 && f[1].endsWith(local) && f[2].endsWith(remote) && mine.contains("socket:[" + f[9] + "]")) {
                    return TCP;
                }
            }
        }
        return fail("not in /proc/net/tcp: " + channel);
    }
}
