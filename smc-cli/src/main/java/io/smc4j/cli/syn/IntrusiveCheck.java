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
import java.net.ConnectException;
import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.net.NoRouteToHostException;
import java.net.Socket;
import java.net.SocketTimeoutException;
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

    /** Connects twice and judges; a host without AF_SMC connects not even once. */
    public static SynCheck.Report run(String host, InetSocketAddress target) throws IOException {
        NativeCalls calls = Natives.calls();
        if (calls == null) {
            throw new IOException("no native library: " + Natives.failure().getMessage(), Natives.failure());
        }
        boolean v6 = target.getAddress() instanceof Inet6Address;
        int fd = calls.socket(Linux.AF_SMC, Linux.SOCK_STREAM | Linux.SOCK_CLOEXEC | Linux.SOCK_NONBLOCK, v6 ? Linux.SMCPROTO_SMC6 : Linux.SMCPROTO_SMC);
        if (fd < 0) {
            throw new IOException("socket(AF_SMC): " + Errno.describe(fd) + "; nothing was sent: this check needs AF_SMC here (smc4j check says what is missing)");
        }
        try {
            control(target);
            return smc(host, target, calls, fd);
        } catch (ConnectException e) {
            return report(host, target, SynVerdict.CLOSED, "plain TCP connect: " + e.getMessage());
        } catch (SocketTimeoutException | NoRouteToHostException e) {
            return report(host, target, SynVerdict.NO_ANSWER, "plain TCP connect: " + e.getMessage());
        } finally {
            calls.close(fd);
        }
    }

    private static void control(InetSocketAddress target) throws IOException {
        try (Socket control = new Socket()) {
            control.connect(target, CONNECT_MS);
        }
    }

    private static SynCheck.Report smc(String host, InetSocketAddress target, NativeCalls calls, int fd) throws IOException {
        long start = System.nanoTime();
        int r = calls.connect(fd, SockAddr.of(target));
        boolean answered = true;
        if (r == -Errno.EINPROGRESS.number()) {
            answered = calls.poll(fd, Linux.POLLOUT, CONNECT_MS) > 0;
            r = (int) -calls.getsockopt(fd, Linux.SOL_SOCKET, Linux.SO_ERROR);
        }
        long millis = (System.nanoTime() - start) / 1_000_000;
        boolean connected = answered && r == 0 && calls.getpeername(fd, new byte[SockAddr.IN6_LENGTH]) > 0;
        SmcConnection c = connected ? SmcConnections.of(fd) : null;
        String seen = "plain TCP connect: connected; AF_SMC connect: " + (connected ? c.describe() : !answered ? "no answer"
                : r == 0 ? "failed without an error" : Errno.describe(r)) + " after " + millis + " ms";
        return report(host, target, connected ? judge(c) : judge(answered, -r), seen);
    }

    /** A real SMC peer connects or declines; a plain one leaves the option out. */
    static SynVerdict judge(SmcConnection c) {
        if (c.isSmc() || c.reason() == FallbackReason.PEERDECL) {
            return SynVerdict.SMC_PEER;
        }
        if (c.reason() == FallbackReason.PEERNOSMC) {
            return SynVerdict.PLAIN_PEER;
        }
        // This host's own reason (no device): it declined towards somebody who seemed to consent, an SMC peer or a copied option.
        return SynVerdict.INCONCLUSIVE;
    }

    /**
     * The SMC connect failed where TCP's did not. What a handshake into somebody's application ends in: EPROTO (it answered something else),
     * ECONNRESET (it closed), ETIMEDOUT (it said nothing for 6 s).
     */
    static SynVerdict judge(boolean answered, int error) {
        if (!answered) {
            return SynVerdict.BLOCKED;
        }
        return error == 0 || error == Errno.EPROTO.number() || error == Errno.ECONNRESET.number() || error == Errno.ETIMEDOUT.number()
                ? SynVerdict.REPLAY : SynVerdict.INCONCLUSIVE;
    }

    private static SynCheck.Report report(String host, InetSocketAddress target, SynVerdict verdict, String seen) {
        String meaning = verdict == SynVerdict.INCONCLUSIVE ? "this host ended the SMC handshake for a reason of its own, so that an SMC peer and a path that replays "
                + "options look alike from here: ask with CAP_NET_RAW and without --intrusive" : verdict.meaning();
        return new SynCheck.Report(host, target.getAddress().getHostAddress(), target.getPort(), verdict, meaning,
                List.of(new SynCheck.Packet(seen, null, null, null, null, -1)), verdict.needsRule()
                        ? "connect " + host + " " + target.getPort() + " tcp" : null, 0);
    }
}
