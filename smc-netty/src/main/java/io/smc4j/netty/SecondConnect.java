package io.smc4j.netty;

import io.smc4j.SmcUnavailableException;
import io.smc4j.engine.SmcEngine;
import io.smc4j.internal.Errno;
import io.smc4j.internal.Linux;
import io.smc4j.internal.NativeCalls;
import io.smc4j.internal.SockAddr;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;

/**
 * Whether a second {@code connect(2)} on a connected non-blocking socket answers 0, as TCP's does: that is how a Netty channel takes over a
 * connection that is made already. AF_SMC answers EISCONN before Linux 5.19 ("net/smc: align the connect behaviour with TCP").
 *
 * <p>Probed once, over loopback, on first use.
 */
final class SecondConnect {

    private static final int WAIT_MS = 2_000;

    private SecondConnect() {
    }

    private static final class Holder {

        static final SmcUnavailableException CAUSE = probe(SmcEngine.current());

        private Holder() {
        }
    }

    /** Null where Netty's client channels can use SMC. */
    static SmcUnavailableException unavailabilityCause() {
        return Holder.CAUSE;
    }

    private static SmcUnavailableException probe(SmcEngine engine) {
        if (engine == null || answer(engine) != -Errno.EISCONN.number()) {
            return null;
        }
        SmcUnavailableException cause = new SmcUnavailableException(
                "this kernel's AF_SMC answers EISCONN to a second connect (Linux 5.19 answers 0): Netty clients stay on TCP", null);
        System.getLogger("io.smc4j").log(Level.WARNING, cause.getMessage());
        return cause;
    }

    /** The second connect's answer; something else where there was no first one. */
    static int answer(SmcEngine engine) {
        NativeCalls calls = engine.calls();
        int listener = engine.open(false);
        int client = engine.open(false);
        try {
            byte[] address = SockAddr.of(new InetSocketAddress("127.0.0.1", 0));
            int r = calls.bind(listener, address);
            r = r < 0 ? r : calls.listen(listener, 1);
            r = r < 0 ? r : calls.getsockname(listener, address);
            r = r < 0 ? r : calls.fcntl(client, Linux.F_SETFL, Linux.O_NONBLOCK);
            if (r < 0) {
                return r;
            }
            calls.connect(client, address);
            calls.poll(client, Linux.POLLOUT, WAIT_MS);
            return calls.connect(client, address);
        } finally {
            calls.close(client);
            calls.close(listener);
        }
    }
}
