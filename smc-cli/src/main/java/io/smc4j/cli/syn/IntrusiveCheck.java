package io.smc4j.cli.syn;

import io.smc4j.diag.FallbackReason;
import io.smc4j.diag.SmcConnection;
import io.smc4j.diag.SmcConnections;
import io.smc4j.internal.Errno;
import io.smc4j.internal.Linux;
import io.smc4j.internal.NativeCalls;
import io.smc4j.internal.Natives;
import io.smc4j.internal.SockAddr;
import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.List;

/**
 * The check without CAP_NET_RAW: a plain TCP connect as the control, then an AF_SMC connect by the kernel. On a path that replays options the
 * kernel writes its handshake (a few dozen bytes) into the application's stream: only for who asked for it.
 */
public final class IntrusiveCheck {

    /** The kernel gives a handshake up after 6 s. */
    private static final int CONNECT_MS = 9_000;

    private IntrusiveCheck() {
    }

    /** Connects twice and judges. */
    public static SynCheck.Report run(String host, InetSocketAddress target) throws IOException {
        try (Socket control = new Socket()) {
            control.connect(target, CONNECT_MS);
        } catch (java.net.ConnectException e) {
            return report(host, target, SynVerdict.CLOSED, "plain TCP: " + e.getMessage());
        } catch (java.net.SocketTimeoutException | java.net.NoRouteToHostException e) {
            return report(host, target, SynVerdict.NO_ANSWER, "plain TCP: " + e.getMessage());
        }
        NativeCalls calls = Natives.calls();
        if (calls == null) {
            throw new IOException("no native library: " + Natives.failure().getMessage(), Natives.failure());
        }
        boolean v6 = target.getAddress() instanceof Inet6Address;
        int fd = Errno.check("socket(AF_SMC)", calls.socket(Linux.AF_SMC, Linux.SOCK_STREAM | Linux.SOCK_CLOEXEC | Linux.SOCK_NONBLOCK,
                v6 ? Linux.SMCPROTO_SMC6 : Linux.SMCPROTO_SMC));
        try {
            long start = System.nanoTime();
            int r = calls.connect(fd, SockAddr.of(target));
            if (r == -Errno.EINPROGRESS.number()) {
                r = calls.poll(fd, Linux.POLLOUT, CONNECT_MS) == 0 ? -Errno.ETIMEDOUT.number()
                        : (int) -calls.getsockopt(fd, Linux.SOL_SOCKET, Linux.SO_ERROR);
            }
            long millis = (System.nanoTime() - start) / 1_000_000;
            boolean connected = r == 0 && calls.getpeername(fd, new byte[SockAddr.IN6_LENGTH]) > 0;
            SmcConnection c = connected ? SmcConnections.of(fd) : null;
            String seen = "AF_SMC connect: " + (connected ? c.describe() : r == 0 ? "failed without an error" : Errno.describe(r)) + " after "
                    + millis + " ms";
            return report(host, target, judge(c), seen);
        } finally {
            calls.close(fd);
        }
    }

    /** A real SMC peer connects or declines; a plain one leaves the option out; everything else came from a copied option. */
    static SynVerdict judge(SmcConnection c) {
        if (c == null) {
            return SynVerdict.REPLAY;
        }
        if (c.isSmc() || c.reason() == FallbackReason.PEERDECL) {
            return SynVerdict.SMC_PEER;
        }
        if (c.reason() == FallbackReason.PEERNOSMC) {
            return SynVerdict.PLAIN_PEER;
        }
        // This host's own reason (no device): it declined towards somebody who seemed to consent. A plain peer would not have come so far.
        return SynVerdict.INCONCLUSIVE;
    }

    private static SynCheck.Report report(String host, InetSocketAddress target, SynVerdict verdict, String seen) {
        return new SynCheck.Report(host, target.getAddress().getHostAddress(), target.getPort(), verdict, verdict.meaning(),
                List.of(new SynCheck.Packet(seen, null, null, null, null, -1)), verdict.needsRule()
                        ? "connect " + host + " " + target.getPort() + " tcp" : null, 0);
    }
}
