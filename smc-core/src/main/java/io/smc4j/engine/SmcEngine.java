package io.smc4j.engine;

import io.smc4j.Smc;
import io.smc4j.SmcCapability;
import io.smc4j.SmcConfig;
import io.smc4j.SmcConfigException;
import io.smc4j.SmcUnavailableException;
import io.smc4j.diag.FallbackReason;
import io.smc4j.diag.SmcConnection;
import io.smc4j.diag.SmcConnections;
import io.smc4j.diag.SmcEvents;
import io.smc4j.diag.SmcManagement;
import io.smc4j.diag.SmcMode;
import io.smc4j.internal.Conversion;
import io.smc4j.internal.JdkAccess;
import io.smc4j.internal.Linux;
import io.smc4j.internal.NativeCalls;
import io.smc4j.internal.Natives;
import io.smc4j.internal.SocketFamily;
import io.smc4j.policy.ConnectDecider;
import io.smc4j.policy.SmcDecision;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.BindException;
import java.net.ConnectException;
import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.net.NoRouteToHostException;
import java.net.PortUnreachableException;
import java.net.SocketException;

/**
 * What every transport (NIO, java.net, Netty) shares: the decision by address, the conversion of a descriptor, the kernel's word on the
 * outcome, and what is learnt from it. Works on descriptor numbers; who owns the descriptor keeps it open meanwhile.
 *
 * <p>Thread-safe: no mutable state of its own.
 */
public final class SmcEngine {

    private static final Logger LOG = System.getLogger("io.smc4j");

    /**
     * SMC-R version 2, which is what RoCEv2 devices have, knows no IPv6 ({@code smc_ib_find_route}, net/smc/smc_ib.c): the handshake would be for nothing,
     * and its DECLINE a risk behind a load balancer that replays options. A rule for the address overrides this, for RoCEv1 devices.
     */
    private static final SmcDecision NO_IPV6 = new SmcDecision(false, SmcDecision.Source.ADDRESS,
            "IPv6, and no SMC-D device: SMC-R version 2 takes IPv4 only");

    /** A rule for the address overrides this, too: whoever wrote it knows the way there. */
    private static final SmcDecision FIXED_PORT = new SmcDecision(false, SmcDecision.Source.ADDRESS,
            "bound to a port of the program's choice, which an SMC connect that fails would keep from the TCP connect after it");

    private final NativeCalls calls;
    private final JdkAccess jdk;
    private final SocketFamily family;
    private final ConnectDecider decider;
    private final CloseGuard closeGuard;
    private final BufferSizes buffers;
    private final long patienceMillis;
    private final boolean required;
    /** Whether an SMC connection over IPv6 can come about at all. */
    private final boolean hasIpv6;

    /**
     * An engine of its own; {@code smc.buffer.bytes} is read here, once.
     *
     * @param patienceMillis how long an SMC connect may take before TCP takes over
     * @param required whether a connection without SMC is an error ({@code smc.mode=require})
     * @throws SmcConfigException in {@code smc.mode=require}, where {@code smc.buffer.bytes} is bad
     */
    public SmcEngine(NativeCalls calls, JdkAccess jdk, SocketFamily family, ConnectDecider decider, CloseGuard closeGuard,
            long patienceMillis, boolean required) {
        this.calls = calls;
        this.jdk = jdk;
        this.family = family;
        this.decider = decider;
        this.closeGuard = closeGuard;
        this.buffers = new BufferSizes(calls, SmcConfig.bufferBytes());
        this.patienceMillis = patienceMillis;
        this.required = required;
        this.hasIpv6 = family != SocketFamily.SMC || SmcCapability.SMCD_DEVICE.isAvailable();
        SmcEvents.prepare();
    }

    /**
     * The engine of this JVM, or null where everything is to stay TCP: {@code smc.mode=off}, or no usable SMC on this machine. Why is logged
     * once and is in {@code Smc.summary()}.
     */
    public static SmcEngine current() {
        return Holder.CURRENT;
    }

    /**
     * For transports without an engine, before they open a plain TCP socket instead.
     *
     * @throws SmcUnavailableException in {@code smc.mode=require}, with the reason why there is no engine
     */
    public static void checkRequired() throws SmcUnavailableException {
        if (Holder.REFUSAL != null) {
            throw new SmcUnavailableException("smc.mode=require: " + Holder.REFUSAL.getMessage(), Holder.REFUSAL);
        }
    }

    private static final class Holder {

        static final SmcEngine CURRENT;
        /** Why there is no engine though one is required; otherwise null. */
        static final Throwable REFUSAL;

        static {
            SmcEngine engine = null;
            Throwable cause = null;
            boolean required = false;
            try {
                SmcConfig.Mode mode = SmcConfig.mode();
                required = mode == SmcConfig.Mode.REQUIRE;
                cause = mode == SmcConfig.Mode.OFF ? null : Smc.unavailabilityCause();
                if (mode != SmcConfig.Mode.OFF && cause == null) {
                    engine = new SmcEngine(Natives.calls(), Natives.jdk(), SocketFamily.SMC, ConnectDecider.current(),
                            new CloseGuard(Natives.calls(), SmcConfig.closeDrainMaxMs()), SmcConfig.connectPatienceMs(), required);
                }
            } catch (SmcConfigException e) { // thrown in mode require only
                required = true;
                cause = e;
            } catch (RuntimeException | LinkageError e) { // whatever it is, the application goes on over TCP
                cause = e;
            }
            if (cause != null) {
                LOG.log(required ? Level.ERROR : Level.INFO, "no SMC in this JVM, connections "
                        + (required ? "fail (smc.mode=require): " : "stay TCP: ") + cause.getMessage());
            }
            CURRENT = engine;
            REFUSAL = required ? cause : null;
            manage();
        }

        private static void manage() {
            try {
                if (SmcConfig.jmx()) {
                    SmcManagement.register();
                }
            } catch (RuntimeException | LinkageError e) { // no module java.management, or a server that refuses
                LOG.log(Level.WARNING, "smc.jmx=true: the counters cannot be registered: " + e);
            }
        }

        private Holder() {
        }
    }

    /** The native calls it works with. */
    public NativeCalls calls() {
        return calls;
    }

    /** What it reaches in the JDK. */
    public JdkAccess jdk() {
        return jdk;
    }

    /** The policy and memory it asks. */
    public ConnectDecider decider() {
        return decider;
    }

    /** What keeps a close from losing data or blocking. */
    public CloseGuard closeGuard() {
        return closeGuard;
    }

    /** Whether a connection without SMC is an error. */
    public boolean isRequired() {
        return required;
    }

    /**
     * The choice for a connection to {@code remote}.
     *
     * @param fixedPort whether the program has bound the socket to a port of its choice
     */
    public SmcDecision connect(InetSocketAddress remote, boolean fixedPort) {
        SmcDecision decision = decider.decide(remote);
        if (!decision.smc() || required || decision.source() == SmcDecision.Source.RULE) {
            return decision;
        }
        if (fixedPort) {
            return FIXED_PORT;
        }
        return remote.getAddress() instanceof Inet6Address && !hasIpv6 ? NO_IPV6 : decision;
    }

    /** The choice for a listener on {@code local}. */
    public SmcDecision bind(InetSocketAddress local) {
        return decider.decideBind(local);
    }

    /**
     * Converts {@code fd}, a fresh socket's descriptor that nothing else has seen, for a connect; see {@link Conversion}. It has the buffers that
     * {@code smc.buffer.bytes} asks for; what the program itself has set is to be set after this.
     */
    public void convert(int fd, boolean v6) throws IOException {
        Conversion.convert(calls, fd, family, v6);
        buffers.ofClient(fd);
    }

    /** As {@link #convert}, for a listener. */
    public void convertListener(int fd, boolean v6) throws IOException {
        Conversion.convert(calls, fd, family, v6);
        buffers.ofListener(fd);
    }

    /** A new socket of the family for a listener, close-on-exec, or {@code -errno}; its buffers are as {@link #convert} says. */
    public int openListener(boolean v6) {
        int fd = family.open(calls, v6);
        if (fd >= 0) {
            buffers.ofListener(fd);
        }
        return fd;
    }

    /** Whether sockets have buffers of a size of ours, so that the kernel's own size, where the program has asked for it, has to be set. */
    public boolean setsBuffers() {
        return buffers.isSet();
    }

    /** How long an SMC connect may take; at most half of a connect time-out, so that TCP has the other half. 0: no time-out. */
    public int patienceMillis(int timeoutMillis) {
        long patience = timeoutMillis > 0 ? Math.min(patienceMillis, Math.max(1, timeoutMillis / 2)) : patienceMillis;
        return (int) Math.min(Integer.MAX_VALUE, patience);
    }

    /** Whether a connected or accepted descriptor carries plain TCP; after a fallback the kernel puts the TCP socket under it. */
    public boolean isTcp(int fd) {
        return calls.getsockopt(fd, Linux.SOL_SOCKET, Linux.SO_PROTOCOL) == Linux.IPPROTO_TCP;
    }

    /**
     * Whether the descriptor has a peer. SO_ERROR may read 0 after a failed non-blocking SMC connect; this tells.
     */
    public boolean hasPeer(int fd) {
        return calls.getpeername(fd, new byte[28]) >= 0;
    }

    /**
     * Asks the kernel what came of a connect over SMC; a fallback's reason costs a listing of the AF_SMC sockets.
     *
     * @param fd a descriptor whose connect is over
     * @return null where it has no peer: the connect failed
     */
    public SmcOutcome outcome(int fd) {
        if (!hasPeer(fd)) {
            return null;
        }
        if (!isTcp(fd)) {
            return SmcOutcome.overSmc();
        }
        try {
            SmcConnection connection = SmcConnections.of(fd);
            return new SmcOutcome(false, connection.reason(), connection.reasonCode(), connection.peerDiagnosisCode());
        } catch (IOException e) {
            LOG.log(Level.DEBUG, () -> "no fallback reason: " + e);
            return new SmcOutcome(false, FallbackReason.UNKNOWN, 0, 0); // the memory goes by the fact alone
        }
    }

    /**
     * What stands against using a connection of which {@link #outcome} says this, or null. That the peer has ended it already does not: what it sent before
     * is there to be read.
     */
    public static SocketException problem(SmcOutcome outcome) {
        return outcome == null ? new SocketException("SMC handshake failed") : outcome.foreignBytes();
    }

    /**
     * Whether TCP might connect where SMC failed with {@code e}. Refused and unreachable are TCP's own answers: the SYN is TCP's.
     */
    public static boolean isWorthTcp(IOException e) {
        String message = e.getMessage() == null ? "" : e.getMessage();
        return !(e instanceof ConnectException && message.startsWith("Connection refused")
                || e instanceof NoRouteToHostException
                || e instanceof BindException
                || e instanceof PortUnreachableException
                || message.startsWith("Network is unreachable"));
    }

    /**
     * Notes that an SMC connect is over and its connection used.
     *
     * @param remote the peer
     * @param outcome the kernel's word on it
     * @param nanos how long the connect took
     */
    public void connected(InetSocketAddress remote, SmcOutcome outcome, long nanos) {
        if (outcome.smc()) {
            decider.memory().succeeded(remote);
            SmcEvents.connected(remote, SmcEvents.smcKind(), 0, nanos, false);
            closeGuard.guardExit();
        } else {
            declined(remote, outcome.reasonCode(), outcome.peerDiagnosisCode(), nanos, false);
        }
    }

    private void declined(InetSocketAddress remote, int reason, int diagnosis, long nanos, boolean retried) {
        decider.memory().declined(remote, reason == FallbackReason.PEERDECL.code() && diagnosis != 0 ? diagnosis : reason);
        SmcEvents.fallback(remote, reason, diagnosis);
        SmcEvents.connected(remote, SmcMode.TCP, reason, nanos, retried);
    }

    /** Notes that a connection was accepted over SMC. */
    public void accepted() {
        SmcEvents.accepted();
        closeGuard.guardExit();
    }

    /** Notes that an SMC listener accepted a connection over TCP. One addition; the reason would cost a listing of all sockets. */
    public void acceptedTcp() {
        SmcEvents.acceptedTcp();
    }

    /**
     * Notes that SMC failed on the way to {@code remote} and a fresh TCP connection is tried.
     *
     * @param cause why; null where it took too long; an {@link OwnDeclineException} is all there is to know
     * @param nanos how long SMC took
     * @return whether TCP's success is news, for {@link #broken}
     */
    public boolean abandoned(InetSocketAddress remote, Throwable cause, long nanos) {
        LOG.log(Level.DEBUG, () -> "SMC connect to " + remote + " given up (" + (cause == null ? "no answer in time" : cause.getMessage())
                + "); going on over TCP");
        if (cause instanceof OwnDeclineException) {
            declined(remote, ((OwnDeclineException) cause).reasonCode(), 0, nanos, true);
            return false;
        }
        return true;
    }

    /** Notes that after {@link #abandoned} TCP has connected, {@code nanos} after the connect began. */
    public void broken(InetSocketAddress remote, long nanos) {
        decider.memory().broken(remote);
        SmcEvents.connected(remote, SmcMode.TCP, 0, nanos, true);
    }

    /** Notes that a connect failed for a reason that says nothing about SMC. */
    public void inconclusive(InetSocketAddress remote) {
        decider.memory().inconclusive(remote);
    }

    /** Notes that a connection made over SMC was closed after {@code exchanges} write calls. */
    public void closed(InetSocketAddress remote, long exchanges) {
        decider.memory().closed(remote, exchanges);
    }

    /** Notes that SMC could not even be begun. */
    public void unusable(Throwable cause) {
        LOG.log(Level.DEBUG, () -> "no SMC socket (" + cause + "); going on over TCP");
    }

    /**
     * What a read of 0 bytes meant: SMC answers 0 after a peer's abort too and keeps the reason in SO_ERROR.
     *
     * @return whether the connection was reset
     */
    public boolean wasReset(int fd) {
        return calls.getsockopt(fd, Linux.SOL_SOCKET, Linux.SO_ERROR) > 0;
    }

    /**
     * Lets a bound SMC listener leave handshakes out under pressure, as plain TCP would answer then; {@code SMC_LIMIT_HS}, Linux 5.18. Where
     * the kernel does not have it, nothing changes.
     */
    public void limitHandshakes(int fd) {
        if (SmcConfig.listenLimitHandshakes()) {
            calls.setsockopt(fd, Linux.SOL_SMC, Linux.SMC_LIMIT_HS, 1);
        }
    }

    /** Whether the descriptor's socket takes IPv6 addresses. */
    public boolean isV6(int fd) {
        return calls.getsockopt(fd, Linux.SOL_SOCKET, Linux.SO_DOMAIN) == Linux.AF_INET6;
    }
}
