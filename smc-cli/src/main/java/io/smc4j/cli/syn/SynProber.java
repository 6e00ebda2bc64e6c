package io.smc4j.cli.syn;

import io.smc4j.cli.syn.SynAnswer.Kind;
import io.smc4j.internal.Errno;
import io.smc4j.internal.Linux;
import io.smc4j.internal.NativeCalls;
import io.smc4j.internal.Natives;
import io.smc4j.internal.SockAddr;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.security.SecureRandom;
import java.util.concurrent.TimeUnit;

/**
 * Sends SYNs from a raw socket and waits for what comes back. The kernel knows nothing of the connection and answers a SYN-ACK with a reset
 * by itself, so the other end is left with nothing.
 *
 * <p>Thread-safety: none; opened, used and closed by one thread.
 */
final class SynProber implements AutoCloseable {

    private static final int BUFFER = 2048;

    private final NativeCalls calls = Natives.calls();
    private final SecureRandom random = new SecureRandom();
    private final InetSocketAddress target;
    private final InetAddress source;
    private final int fd;
    private final byte[] buffer = new byte[BUFFER];

    /** There is no right to open raw sockets. */
    static final class NotPermittedException extends IOException {
        private static final long serialVersionUID = 1L;

        NotPermittedException(String message) {
            super(message);
        }
    }

    /**
     * Opens the raw socket.
     *
     * @throws NotPermittedException without CAP_NET_RAW
     * @throws IOException without a route or a native library
     */
    SynProber(InetSocketAddress target) throws IOException {
        if (calls == null) {
            throw new IOException("no native library: " + Natives.failure().getMessage(), Natives.failure());
        }
        this.target = target;
        this.source = sourceFor(target);
        boolean v6 = target.getAddress() instanceof Inet6Address;
        int r = calls.socket(v6 ? Linux.AF_INET6 : Linux.AF_INET, Linux.SOCK_RAW | Linux.SOCK_CLOEXEC, Linux.IPPROTO_TCP);
        if (r == -Errno.EPERM.number() || r == -Errno.EACCES.number()) {
            throw new NotPermittedException("raw sockets need CAP_NET_RAW: run as root, or connect to the target for real by --intrusive (it says first "
                    + "what that does)");
        }
        fd = Errno.check("socket", r);
        // A raw socket's connect is a filter: only this peer's packets are received.
        int connected = calls.connect(fd, SockAddr.of(new InetSocketAddress(target.getAddress(), 0)));
        if (connected < 0) {
            calls.close(fd);
            throw Errno.exception("connect", connected);
        }
    }

    /** The address the kernel would use towards the target: a UDP connect sends nothing. */
    private static InetAddress sourceFor(InetSocketAddress target) throws IOException {
        try (DatagramSocket s = new DatagramSocket()) {
            s.connect(target);
            return s.getLocalAddress();
        } catch (java.io.UncheckedIOException e) {
            throw e.getCause();
        }
    }

    /** Sends one SYN from a port of its own and waits for its answer. */
    SynAnswer ask(SynProbe probe, int timeoutMillis) throws IOException {
        try (Socket reserved = new Socket()) { // bound, never connected: the port is ours, and the kernel resets what comes to it
            reserved.bind(new InetSocketAddress(0));
            int port = reserved.getLocalPort();
            TcpSegment syn = TcpSegment.make(source, port, target.getAddress(), target.getPort(), random.nextInt(), 0, TcpSegment.SYN,
                    probe.options());
            int sent = calls.send(fd, syn.bytes(), syn.bytes().length, 0, null);
            long start = System.nanoTime();
            if (sent == -Errno.EHOSTUNREACH.number()) {
                return new SynAnswer(probe, syn, Kind.NOTHING, null, -1);
            }
            Errno.check("send", sent);
            return answer(probe, syn, start, TimeUnit.MILLISECONDS.toNanos(timeoutMillis));
        }
    }

    private SynAnswer answer(SynProbe probe, TcpSegment syn, long start, long timeout) throws IOException {
        while (true) {
            long left = timeout - (System.nanoTime() - start);
            if (left <= 0) {
                return new SynAnswer(probe, syn, Kind.NOTHING, null, -1);
            }
            int ready = calls.poll(fd, Linux.POLLIN, (int) TimeUnit.NANOSECONDS.toMillis(left) + 1);
            int n = ready <= 0 ? ready : calls.recv(fd, buffer, Linux.MSG_DONTWAIT);
            if (n < 0 && n != -Errno.EINTR.number() && n != -Errno.EAGAIN.number() && n != -Errno.EHOSTUNREACH.number()
                    && n != -Errno.ECONNREFUSED.number()) {
                throw Errno.exception("recv", n);
            }
            TcpSegment s = n <= 0 ? null : TcpSegment.parse(buffer, offset(n), n);
            if (s != null && s.sourcePort() == target.getPort() && s.targetPort() == syn.sourcePort() && s.acknowledgement() == syn.sequence() + 1) {
                long micros = TimeUnit.NANOSECONDS.toMicros(System.nanoTime() - start);
                if (s.has(TcpSegment.RST)) {
                    return new SynAnswer(probe, syn, Kind.RESET, s, micros);
                }
                if (s.has(TcpSegment.SYN | TcpSegment.ACK)) {
                    return new SynAnswer(probe, syn, Kind.SYN_ACK, s, micros);
                }
            }
        }
    }

    /** IPv4 raw sockets deliver the IP header, IPv6 ones do not. */
    private int offset(int length) {
        return target.getAddress() instanceof Inet6Address || length < 1 ? 0 : (buffer[0] & 0xf) * 4;
    }

    @Override
    public void close() {
        calls.close(fd);
    }
}
