package io.smc4j.diag;

import io.smc4j.SmcCapability;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import javax.management.InstanceAlreadyExistsException;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;

/**
 * Puts {@link SmcMXBean} into the platform's MBean server. Nobody does so by itself, since starting that server costs every JVM time: call
 * {@link #register()} once, or set {@code smc.jmx=true}. Needs the module {@code java.management}.
 *
 * <p>Thread-safety: safe for any thread.
 */
public final class SmcManagement {

    /** The object name. */
    public static final String NAME = "io.smc4j:type=Smc";

    private SmcManagement() {
    }

    /**
     * Registers the bean; a second call does nothing.
     *
     * @throws IllegalStateException where the server refuses
     */
    public static void register() {
        MBeanServer server = ManagementFactory.getPlatformMBeanServer();
        try {
            server.registerMBean(new Bean(), new ObjectName(NAME));
        } catch (InstanceAlreadyExistsException e) {
            return; // by an earlier call, or another class loader's copy of the library
        } catch (JMException e) {
            throw new IllegalStateException("cannot register " + NAME, e);
        }
    }

    private static final class Bean implements SmcMXBean {
        @Override
        public Map<String, Long> getConnects() {
            Map<String, Long> counts = new TreeMap<>();
            for (SmcMode m : SmcMode.values()) {
                if (m != SmcMode.NONE) {
                    counts.put(m.name(), SmcMetrics.connects(m));
                }
            }
            return counts;
        }

        @Override
        public long getAccepts() {
            return SmcMetrics.accepts();
        }

        @Override
        public long getAcceptsTcp() {
            return SmcMetrics.acceptsTcp();
        }

        @Override
        public long getRetries() {
            return SmcMetrics.retries();
        }

        @Override
        public Map<String, Long> getFallbacks() {
            Map<String, Long> counts = new TreeMap<>();
            for (FallbackReason r : FallbackReason.values()) {
                if (SmcMetrics.fallbacks(r) > 0) {
                    counts.put(r.name(), SmcMetrics.fallbacks(r));
                }
            }
            return counts;
        }

        @Override
        public long getDrains() {
            return SmcMetrics.drains();
        }

        @Override
        public long getDrainsGivenUp() {
            return SmcMetrics.drainsGivenUp();
        }

        @Override
        public long getLostBytes() {
            return SmcMetrics.lostBytes();
        }

        @Override
        public List<String> getCapabilities() {
            return Arrays.stream(SmcCapability.values()).map(SmcCapability::summary).toList();
        }
    }
}
