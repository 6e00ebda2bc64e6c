package io.smc4j.cli.syn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.smc4j.internal.ChannelFd;
import io.smc4j.internal.Errno;
import io.smc4j.internal.Linux;
import io.smc4j.internal.Natives;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The check that connects, and the one by raw SYNs, on a kernel with AF_SMC: real listeners, and a scripted path. */
class IntrusiveLabTest {

    private static final String NEAR = "10.98.1.1";
    private static final String FAR = "10.98.1.2";

    private static String lab;

    @BeforeAll
    static void inTheLab() {
        lab = System.getenv("SMC_LAB");
        if (lab == null) {
            System.out.println("IntrusiveLabTest skipped: not in the lab (SMC_LAB is not set)");
        }
        assumeTrue(lab != null, "not in the lab (SMC_LAB is not set)");
    }

    private static SynVerdict intrusive(InetSocketAddress target) throws IOException {
        SynCheck.Report r = IntrusiveCheck.run("target", target);
        System.out.println(r.port() + " " + r.verdict() + ": " + r.evidence().get(0).probe());
        assertEquals(r.verdict().needsRule(), r.rule() != null);
        return r.verdict();
    }

    @Test
    void realListeners() throws Exception {
        InetSocketAddress closed;
        try (ServerSocketChannel smc = ServerSocketChannel.open(StandardProtocolFamily.INET); ServerSocketChannel plain = ServerSocketChannel.open(StandardProtocolFamily.INET)) {
            int fd = Errno.check("socket", Natives.calls().socket(Linux.AF_SMC, Linux.SOCK_STREAM | Linux.SOCK_CLOEXEC, Linux.SMCPROTO_SMC));
            Errno.check("dup3", Natives.calls().dup3(fd, ChannelFd.of(smc), Linux.O_CLOEXEC));
            Natives.calls().close(fd);
            smc.bind(new InetSocketAddress("127.0.0.1", 0));
            plain.bind(new InetSocketAddress("127.0.0.1", 0));
            closed = (InetSocketAddress) plain.getLocalAddress();
            // Without a device this host's kernel declines by itself, so that the peer's word is never heard
            assertEquals("no-device".equals(lab) ? SynVerdict.INCONCLUSIVE : SynVerdict.SMC_PEER, intrusive((InetSocketAddress) smc.getLocalAddress()));
            assertEquals(SynVerdict.PLAIN_PEER, intrusive(closed));
            assertEquals(SynVerdict.SMC_PEER, SynCheck.run("smc", (InetSocketAddress) smc.getLocalAddress(), 5_000, 10).verdict());
            assertEquals(SynVerdict.PLAIN_PEER, SynCheck.run("plain", closed, 5_000, 10).verdict());
        }
        assertEquals(SynVerdict.CLOSED, intrusive(closed));
    }

    @Test
    void scriptedPath() throws Exception {
        onTheFarSide(peer -> {
            // loopback-ism reaches every peer; without a device towards this one the kernel declines by itself
            assertEquals("smcd".equals(lab) ? SynVerdict.REPLAY : SynVerdict.INCONCLUSIVE, intrusive(new InetSocketAddress(FAR, 1003)));
            assertEquals(SynVerdict.PLAIN_PEER, intrusive(new InetSocketAddress(FAR, 1002)));
            assertTrue(peer.packets.get(1003) > 0);
        });
    }

    /** Waits for 9 s. */
    @Test
    @Tag("slow")
    void scriptedPathThatDropsTheOption() throws Exception {
        onTheFarSide(peer -> assertEquals(SynVerdict.BLOCKED, intrusive(new InetSocketAddress(FAR, 1008))));
    }

    private interface WithPeer {
        void run(RawPeer peer) throws Exception;
    }

    private static void onTheFarSide(WithPeer test) throws Exception {
        ip("link", "add", "ca0", "type", "veth", "peer", "name", "cb0");
        try {
            Files.writeString(Path.of("/proc/sys/net/ipv6/conf/cb0/disable_ipv6"), "1");
            ip("link", "set", "cb0", "up");
            ip("address", "add", NEAR + "/24", "dev", "ca0");
            ip("link", "set", "ca0", "up");
            ip("neigh", "add", FAR, "lladdr", Files.readString(Path.of("/sys/class/net/cb0/address")).strip(), "dev", "ca0");
            try (RawPeer peer = new RawPeer("cb0")) {
                test.run(peer);
            }
        } finally {
            ip("link", "del", "ca0");
        }
    }

    private static void ip(String... arguments) throws IOException, InterruptedException {
        String[] command = new String[arguments.length + 1];
        command[0] = "/sbin/ip";
        System.arraycopy(arguments, 0, command, 1, arguments.length);
        Process p = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(p.getInputStream().readAllBytes());
        assertEquals(0, p.waitFor(), () -> String.join(" ", command) + ": " + said);
    }
}
