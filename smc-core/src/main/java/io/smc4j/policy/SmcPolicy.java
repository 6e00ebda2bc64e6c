package io.smc4j.policy;

import io.smc4j.SmcConfig.EffectiveMode;
import io.smc4j.SmcConfig.Mode;
import io.smc4j.policy.SmcDecision.Source;
import io.smc4j.policy.SmcRule.Action;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Objects;

/**
 * Which connections and listeners are to use SMC: the mode, the rules in their order, and what holds where no rule matches. A policy is
 * made as a whole and never changes; {@link Policies} has the one in force.
 *
 * <p>A decision allocates nothing but the address's bytes.
 *
 * <p>Thread-safety: immutable.
 */
public final class SmcPolicy {

    static final Logger LOG = System.getLogger("io.smc4j.policy");
    private static final SmcDecision NOT_INET = new SmcDecision(false, Source.ADDRESS, "not a resolved internet address");
    private static final InetAddress LOOPBACK4 = Ip.fromBytes(new byte[] {127, 0, 0, 1});
    private static final InetAddress LOOPBACK6 = Ip.fromBytes(new byte[] {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1});
    private static final InetAddress ANY4 = Ip.fromBytes(new byte[4]);
    private static final InetAddress ANY6 = Ip.fromBytes(new byte[16]);

    /** Finds a host's addresses: the JDK's name service, or a test's. */
    interface Resolver {
        InetAddress[] addresses(String host) throws UnknownHostException;
    }

    private final EffectiveMode mode;
    private final List<SmcRule> rules;
    private final RuleMatcher[] matchers;
    /** Decides alone where it is not null: SMC is off, or the rules cannot be used. */
    private final SmcDecision always;
    private final SmcDecision otherwise;
    private final boolean log;

    private SmcPolicy(EffectiveMode mode, List<SmcRule> rules, RuleMatcher[] matchers, SmcDecision always, SmcDecision otherwise, boolean log) {
        this.mode = mode;
        this.rules = rules;
        this.matchers = matchers;
        this.always = always;
        this.otherwise = otherwise;
        this.log = log;
    }

    /** A policy that says TCP to everything, and why. */
    static SmcPolicy tcp(EffectiveMode mode, Source source, String why, boolean log) {
        SmcDecision tcp = new SmcDecision(false, source, why);
        return new SmcPolicy(mode, List.of(), new RuleMatcher[0], tcp, tcp, log);
    }

    /**
     * A policy of these rules. Host names are looked up here and now; one that is unknown is logged, and its rule matches nothing.
     *
     * @param mode         the mode in force; {@code OFF} makes every decision TCP
     * @param rules        in the order in which they are tried
     * @param smcByDefault what holds where no rule matches
     * @param file         the rules' file, for messages; null where there is none
     */
    static SmcPolicy of(EffectiveMode mode, List<SmcRule> rules, boolean smcByDefault, String file, boolean log, Resolver resolver) {
        if (mode.mode() == Mode.OFF) {
            return tcp(mode, Source.MODE, "SMC is " + mode, log);
        }
        RuleMatcher[] matchers = new RuleMatcher[rules.size()];
        for (int i = 0; i < matchers.length; i++) {
            matchers[i] = new RuleMatcher(rules.get(i), addresses(rules.get(i), file, resolver), file);
        }
        SmcDecision otherwise = new SmcDecision(smcByDefault, Source.DEFAULT, "smc.default=" + (smcByDefault ? "smc" : "tcp") + ", no rule matches");
        return new SmcPolicy(mode, List.copyOf(rules), matchers, null, otherwise, log);
    }

    /**
     * A policy of these rules in mode {@code auto}, for programs that decide by themselves and for tests.
     *
     * @param rules        in the order in which they are tried; host names are looked up now
     * @param smcByDefault what holds where no rule matches
     */
    public static SmcPolicy of(List<SmcRule> rules, boolean smcByDefault) {
        return of(new EffectiveMode(Mode.AUTO, "program"), rules, smcByDefault, null, false, InetAddress::getAllByName);
    }

    private static InetAddress[] addresses(SmcRule rule, String file, Resolver resolver) {
        String address = rule.address();
        if (address.equals("*")) {
            return new InetAddress[0];
        }
        int slash = address.indexOf('/');
        InetAddress literal = Ip.literal(slash < 0 ? address : address.substring(0, slash));
        if (literal != null) {
            return new InetAddress[] {literal};
        }
        try {
            return resolver.addresses(address);
        } catch (UnknownHostException | SecurityException e) {
            LOG.log(Level.WARNING, "{0}:{1}: host {2} is unknown: the rule matches nothing until the rules are loaded again", file,
                    Integer.toString(rule.line()), address);
            return new InetAddress[0];
        }
    }

    /** The policy in force in this JVM; {@link Policies#current()}. */
    public static SmcPolicy current() {
        return Policies.current();
    }

    /** The mode that this policy was made under. */
    public EffectiveMode mode() {
        return mode;
    }

    /** The rules, in the order in which they are tried; none where SMC is off. */
    public List<SmcRule> rules() {
        return rules;
    }

    /**
     * Decides for a connection to a remote address. The wildcard address means this host's loopback, as it does to the JDK's sockets.
     *
     * <p>A client that is bound before it connects is decided by where it connects to, not by where it is bound.
     */
    public SmcDecision connect(InetSocketAddress remote) {
        InetAddress address = remote.getAddress();
        SmcDecision decision;
        if (always != null) {
            decision = always;
        } else if (address == null) {
            decision = NOT_INET;
        } else {
            if (address.isAnyLocalAddress()) {
                address = address instanceof Inet4Address ? LOOPBACK4 : LOOPBACK6;
            }
            decision = Objects.requireNonNullElse(match(Action.CONNECT, address, remote.getPort()), otherwise);
        }
        return logged("connect", remote, decision);
    }

    /**
     * Decides for a listener on a local address; null means the wildcard address and a port of the system's choice. The wildcard address
     * is 0.0.0.0 and :: at once, as it is to the JDK's sockets: a rule for either matches it, a rule for one of this host's addresses
     * does not.
     */
    public SmcDecision bind(InetSocketAddress local) {
        InetAddress address = local == null ? ANY6 : local.getAddress();
        int port = local == null ? 0 : local.getPort();
        SmcDecision decision;
        if (always != null) {
            decision = always;
        } else if (address == null) {
            decision = NOT_INET;
        } else if (address.isAnyLocalAddress()) {
            decision = bindWildcard(port);
        } else {
            decision = Objects.requireNonNullElse(match(Action.BIND, address, port), otherwise);
        }
        return logged("bind", local, decision);
    }

    private SmcDecision bindWildcard(int port) {
        long low4 = Ip.low(ANY4.getAddress());
        for (RuleMatcher matcher : matchers) {
            if (matcher.matches(Action.BIND, 0, low4, port) || matcher.matches(Action.BIND, 0, 0, port)) {
                return matcher.decision;
            }
        }
        return otherwise;
    }

    /** The decision of the first rule that matches, null where none does. */
    private SmcDecision match(Action action, InetAddress address, int port) {
        if (matchers.length == 0) {
            return null;
        }
        byte[] bytes = address.getAddress();
        long high = Ip.high(bytes);
        long low = Ip.low(bytes);
        for (RuleMatcher matcher : matchers) {
            if (matcher.matches(action, high, low, port)) {
                return matcher.decision;
            }
        }
        return null;
    }

    /** Whether decisions are logged. */
    boolean logs() {
        return log;
    }

    /** Whether the rules could be used. */
    boolean isGood() {
        return always == null || always.source() == Source.MODE;
    }

    private SmcDecision logged(String action, InetSocketAddress address, SmcDecision decision) {
        if (log) {
            LOG.log(Level.DEBUG, "{0} {1}: {2}", action, address, decision);
        }
        return decision;
    }
}
