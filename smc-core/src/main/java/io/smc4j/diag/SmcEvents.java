package io.smc4j.diag;

import io.smc4j.SmcCapability;
import java.net.InetSocketAddress;

/**
 * Where the transports say what happened: it is counted ({@link SmcMetrics}) and, while a flight recording runs, recorded. Called once for a
 * connect, an accept or a close; without a recording it costs one addition and one check of a flag.
 *
 * <p>Thread-safety: safe for any thread. Nothing here throws.
 */
public final class SmcEvents {

    /** What takes the events; one class knows JFR, and it is loaded only where the module {@code jdk.jfr} is. */
    interface Recorder {
        /** Loads and initialises what the others need. */
        void prepare();

        void connect(InetSocketAddress remote, SmcMode mode, int reasonCode, long nanos, boolean retried);

        void fallback(InetSocketAddress remote, int reasonCode, int peerDiagnosisCode);

        void drain(long nanos, long lostBytes);
    }

    /** Where there is no JFR. */
    private static final class NoRecorder implements Recorder {
        @Override
        public void prepare() {
        }

        @Override
        public void connect(InetSocketAddress remote, SmcMode mode, int reasonCode, long nanos, boolean retried) {
        }

        @Override
        public void fallback(InetSocketAddress remote, int reasonCode, int peerDiagnosisCode) {
        }

        @Override
        public void drain(long nanos, long lostBytes) {
        }
    }

    private static final Recorder RECORDER = recorder();

    private SmcEvents() {
    }

    private static Recorder recorder() {
        try {
            if (ModuleLayer.boot().findModule("jdk.jfr").isPresent()) {
                return new FlightRecorderEvents();
            }
        } catch (RuntimeException | LinkageError e) {
            return new NoRecorder(); // an image without JFR, or one that forbids it: events are an extra
        }
        return new NoRecorder();
    }

    /**
     * Initialises the classes that an event needs, for whoever sets SMC up: a virtual thread that has to initialise a class, or to wait for another to do so,
     * pins its carrier.
     */
    public static void prepare() {
        SmcMetrics.connects(smcKind());
        RECORDER.prepare();
    }

    /**
     * A connection that was to use SMC is made.
     *
     * @param remote the peer
     * @param mode what carries it
     * @param reasonCode the kernel's fallback reason; 0 for none
     * @param nanos time from the connect call to the connection, in nanoseconds
     * @param retried whether SMC failed and the connection was made again over TCP
     */
    public static void connected(InetSocketAddress remote, SmcMode mode, int reasonCode, long nanos, boolean retried) {
        SmcMetrics.countConnect(mode, retried);
        RECORDER.connect(remote, mode, reasonCode, nanos, retried);
    }

    /** A connection was accepted over SMC. */
    public static void accepted() {
        SmcMetrics.countAccept();
    }

    /** An SMC listener accepted a connection that is carried over TCP. */
    public static void acceptedTcp() {
        SmcMetrics.countAcceptTcp();
    }

    /**
     * The kernel carried a connection over TCP.
     *
     * @param remote the peer
     * @param reasonCode the kernel's reason; 0 where it could not be asked
     * @param peerDiagnosisCode the peer's reason; 0 where it gave none
     */
    public static void fallback(InetSocketAddress remote, int reasonCode, int peerDiagnosisCode) {
        SmcMetrics.countFallback(reasonCode == 0 ? FallbackReason.UNKNOWN : FallbackReason.of(reasonCode));
        RECORDER.fallback(remote, reasonCode, peerDiagnosisCode);
    }

    /**
     * A closed connection's unsent bytes are delivered or given up.
     *
     * @param nanos time since the close, in nanoseconds
     * @param lostBytes bytes given up; 0 where all was delivered
     */
    public static void drained(long nanos, long lostBytes) {
        SmcMetrics.countDrain(lostBytes);
        RECORDER.drain(nanos, lostBytes);
    }

    /** The kind of this host's SMC connections without asking for each: {@link SmcMode#SMC} where there are devices of both kinds. */
    public static SmcMode smcKind() {
        return Kind.OF_HOST;
    }

    /** Asked once, at the first SMC connection: the capabilities are, too, and each of their answers takes a lock. */
    private static final class Kind {
        static final SmcMode OF_HOST = ask();

        private Kind() {
        }

        private static SmcMode ask() {
            boolean rdma = SmcCapability.SMCR_DEVICE.isAvailable();
            boolean ism = SmcCapability.SMCD_DEVICE.isAvailable();
            return rdma == ism ? SmcMode.SMC : rdma ? SmcMode.SMC_R : SmcMode.SMC_D;
        }
    }
}
