package io.smc4j.policy;

/**
 * The policy in force in this JVM. It is loaded when it is first asked for, from the settings in {@link io.smc4j.SmcConfig}, and again
 * when they or the rule file change.
 *
 * <p>Thread-safety: safe for any thread. A call reads one volatile field and the clock; once in {@code smc.rules.reload} one caller also
 * looks at the rule file, and loads it where it changed, which looks host names up.
 */
public final class Policies {

    private static final PolicySource SOURCE = new PolicySource();

    private Policies() {
    }

    /**
     * The policy in force. Ask for it at each decision rather than keeping it.
     *
     * @throws io.smc4j.SmcConfigException in mode {@code require}, where a setting or the rule file cannot be used
     */
    public static SmcPolicy current() {
        return SOURCE.current();
    }

    /**
     * Loads settings and rules again now, and looks every host name up again.
     *
     * @return the policy in force from now on
     * @throws io.smc4j.SmcConfigException in mode {@code require}, where a setting or the rule file cannot be used
     */
    public static SmcPolicy reload() {
        return SOURCE.reload();
    }
}
