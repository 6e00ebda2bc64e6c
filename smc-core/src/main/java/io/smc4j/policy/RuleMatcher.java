package io.smc4j.policy;

import io.smc4j.policy.SmcRule.Action;
import java.net.InetAddress;

/** One rule made ready for matching: its addresses as 128-bit numbers with a mask, its decision made beforehand. Immutable. */
final class RuleMatcher {

    private final Action action;
    private final int from;
    private final int to;
    /** Any address; the arrays are empty then. */
    private final boolean any;
    /** One entry for each address of a host; none where the host is unknown, and then nothing matches. */
    private final long[] highs;
    private final long[] lows;
    private final int prefixBits;
    final SmcDecision decision;

    RuleMatcher(SmcRule rule, InetAddress[] addresses, String file) {
        action = rule.action();
        from = rule.from();
        to = rule.to();
        any = rule.address().equals("*");
        highs = new long[addresses.length];
        lows = new long[addresses.length];
        int slash = rule.address().indexOf('/');
        prefixBits = slash < 0 ? 128
                : SmcRule.prefixBits(rule.address().substring(0, slash), addresses[0], rule.address().substring(slash + 1));
        for (int i = 0; i < addresses.length; i++) {
            byte[] bytes = addresses[i].getAddress();
            highs[i] = Ip.high(bytes);
            lows[i] = Ip.low(bytes);
        }
        decision = new SmcDecision(rule.smc(), SmcDecision.Source.RULE, (file == null ? "" : file + ":" + rule.line() + " ") + rule);
    }

    boolean matches(Action asked, long high, long low, int port) {
        if (action != asked || port < from || port > to) {
            return false;
        }
        if (any) {
            return true;
        }
        boolean v4 = Ip.isV4(high, low);
        for (int i = 0; i < highs.length; i++) {
            // an IPv6 prefix as short as ::/0 holds the mapped addresses too, but they are IPv4 here
            if (v4 == Ip.isV4(highs[i], lows[i]) && samePrefix(high ^ highs[i], low ^ lows[i])) {
                return true;
            }
        }
        return false;
    }

    private boolean samePrefix(long highDifference, long lowDifference) {
        if (prefixBits == 0) {
            return true;
        }
        if (prefixBits <= 64) {
            return highDifference >>> 64 - prefixBits == 0;
        }
        return highDifference == 0 && lowDifference >>> 128 - prefixBits == 0;
    }
}
