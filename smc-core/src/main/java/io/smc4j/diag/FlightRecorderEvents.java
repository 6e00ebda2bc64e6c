package io.smc4j.diag;

import java.net.InetSocketAddress;
import jdk.jfr.Category;
import jdk.jfr.DataAmount;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.FlightRecorder;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Timespan;

/**
 * The events {@code io.smc4j.Connect}, {@code io.smc4j.Fallback} and {@code io.smc4j.CloseDrain}. As long as nobody has started a recording
 * the recorder is not touched, so that an application without JFR does not pay for its start.
 */
final class FlightRecorderEvents implements SmcEvents.Recorder {

    FlightRecorderEvents() {
    }

    // A recording that begins later finds the classes loaded; one that runs is not touched.
    @Override
    public void prepare() {
        new Connect();
        new Fallback();
        new CloseDrain();
    }

    private static boolean off() {
        return !FlightRecorder.isInitialized();
    }

    @Override
    public void connect(InetSocketAddress remote, SmcMode mode, int reasonCode, long nanos, boolean retried) {
        if (off()) {
            return;
        }
        Connect e = new Connect();
        if (e.isEnabled()) {
            e.host = host(remote);
            e.port = port(remote);
            e.mode = mode.name();
            e.reason = reasonCode == 0 ? null : FallbackReason.describe(reasonCode);
            e.handshake = nanos;
            e.retried = retried;
            e.commit();
        }
    }

    @Override
    public void fallback(InetSocketAddress remote, int reasonCode, int peerDiagnosisCode) {
        if (off()) {
            return;
        }
        Fallback e = new Fallback();
        if (e.isEnabled()) {
            e.host = host(remote);
            e.port = port(remote);
            e.reason = reasonCode == 0 ? FallbackReason.UNKNOWN.name() : FallbackReason.describe(reasonCode);
            e.peerDiagnosis = peerDiagnosisCode == 0 ? null : FallbackReason.describe(peerDiagnosisCode);
            e.meaning = FallbackReason.of(reasonCode).meaning();
            e.commit();
        }
    }

    @Override
    public void drain(long nanos, long lostBytes) {
        if (off()) {
            return;
        }
        CloseDrain e = new CloseDrain();
        if (e.isEnabled()) {
            e.drainTime = nanos;
            e.lostBytes = lostBytes;
            e.commit();
        }
    }

    private static String host(InetSocketAddress a) {
        return a == null ? null : a.getAddress() == null ? a.getHostString() : a.getAddress().getHostAddress();
    }

    private static int port(InetSocketAddress a) {
        return a == null ? 0 : a.getPort();
    }

    /** {@code io.smc4j.Connect}. */
    @Name("io.smc4j.Connect")
    @Label("SMC connect")
    @Category("SMC")
    @Description("A connection that was to use SMC is made")
    @StackTrace(false)
    static final class Connect extends Event {
        @Label("Host")
        String host;
        @Label("Port")
        int port;
        @Label("Mode")
        @Description("SMC_R, SMC_D, SMC (one of the two) or TCP")
        String mode;
        @Label("Fallback reason")
        String reason;
        @Label("Handshake time")
        @Timespan(Timespan.NANOSECONDS)
        long handshake;
        @Label("Made again over TCP")
        boolean retried;
    }

    /** {@code io.smc4j.Fallback}. */
    @Name("io.smc4j.Fallback")
    @Label("SMC fallback")
    @Category("SMC")
    @Description("The kernel carries a connection over TCP")
    @StackTrace(false)
    static final class Fallback extends Event {
        @Label("Host")
        String host;
        @Label("Port")
        int port;
        @Label("Reason")
        String reason;
        @Label("Peer's diagnosis")
        String peerDiagnosis;
        @Label("Meaning")
        String meaning;
    }

    /** {@code io.smc4j.CloseDrain}. */
    @Name("io.smc4j.CloseDrain")
    @Label("SMC close drain")
    @Category("SMC")
    @Description("A closed connection's unsent bytes are delivered or given up")
    @StackTrace(false)
    static final class CloseDrain extends Event {
        @Label("Drain time")
        @Timespan(Timespan.NANOSECONDS)
        long drainTime;
        @Label("Bytes given up")
        @DataAmount
        long lostBytes;
    }
}
