package io.smc4j.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.smc4j.SmcConfig.EffectiveMode;
import io.smc4j.SmcConfig.Mode;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class SmcPolicyTest {

    private static final EffectiveMode AUTO = new EffectiveMode(Mode.AUTO, "test");

    @Test
    void decisionNamesFileLineAndRule() throws UnknownHostException {
        SmcPolicy policy = policy("# db\nconnect 10.1.2.3 3306 tcp\nbind * 8080\n", true);
        assertEquals("TCP (rules.conf:2 connect 10.1.2.3 3306 tcp)", policy.connect(at("10.1.2.3", 3306)).toString());
        assertEquals("SMC (smc.default=smc, no rule matches)", policy.connect(at("10.1.2.3", 3307)).toString());
        assertEquals("SMC (rules.conf:3 bind * 8080 smc)", policy.bind(at("10.1.2.3", 8080)).toString());
        assertSame(policy.connect(at("10.1.2.3", 3306)), policy.connect(at("10.1.2.3", 3306)), "made once");
    }

    @Test
    void connectAndBindRulesAreApart() throws UnknownHostException {
        SmcPolicy policy = policy("connect * 80 smc\nbind * 81 smc\n", false);
        assertTrue(policy.connect(at("10.0.0.1", 80)).smc());
        assertFalse(policy.bind(at("10.0.0.1", 80)).smc());
        assertFalse(policy.connect(at("10.0.0.1", 81)).smc());
        assertTrue(policy.bind(at("10.0.0.1", 81)).smc());
    }

    @Test
    void wildcardListenerIsBothWildcards() throws UnknownHostException {
        for (String rule : List.of("bind 0.0.0.0 *", "bind :: *", "bind * *", "bind 0.0.0.0/0 *", "bind ::/0 *")) {
            SmcPolicy policy = policy(rule, false);
            assertTrue(policy.bind(new InetSocketAddress(8080)).smc(), rule);
            assertTrue(policy.bind(at("0.0.0.0", 8080)).smc(), rule);
            assertTrue(policy.bind(at("::", 8080)).smc(), rule);
            assertTrue(policy.bind(null).smc(), rule);
        }
        for (String rule : List.of("bind 127.0.0.1 *", "bind ::1 *", "bind 10.0.0.0/8 *", "bind * 1-*")) {
            assertFalse(policy(rule, false).bind(null).smc(), rule);
            assertFalse(policy(rule.replace("1-*", "81"), false).bind(new InetSocketAddress(8080)).smc(), rule);
        }
    }

    @Test
    void connectToTheWildcardIsLoopback() throws UnknownHostException {
        SmcPolicy policy = policy("connect 127.0.0.0/8 *\nconnect ::1 *", false);
        assertTrue(policy.connect(at("0.0.0.0", 80)).smc());
        assertTrue(policy.connect(at("::", 80)).smc());
    }

    @Test
    void mappedInet6AddressIsIpv4() throws UnknownHostException {
        byte[] mapped = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, -1, -1, 10, 1, 2, 3};
        InetSocketAddress peer = new InetSocketAddress(Inet6Address.getByAddress(null, mapped, 0), 80);
        assertEquals(16, peer.getAddress().getAddress().length, "the JDK keeps it as it is");
        assertTrue(policy("connect 10.0.0.0/8 *", false).connect(peer).smc());
        assertFalse(policy("connect ::/0 *", false).connect(peer).smc());
    }

    @Test
    void everyAddressOfAHostMatches() throws UnknownHostException {
        SmcPolicy policy = policy("connect db.example 3306", false);
        assertTrue(policy.connect(at("10.9.9.9", 3306)).smc());
        assertTrue(policy.connect(at("2001:db8::9", 3306)).smc());
        assertFalse(policy.connect(at("10.9.9.8", 3306)).smc());
        assertFalse(policy.connect(at("10.9.9.9", 3307)).smc());
    }

    @Test
    void unknownHostMatchesNothing() throws UnknownHostException {
        SmcPolicy policy = policy("connect nowhere.example *\nconnect * 80 tcp", true);
        assertEquals("rules.conf:2 connect * 80 tcp", policy.connect(at("10.0.0.1", 80)).why());
        assertTrue(policy.connect(at("10.0.0.1", 81)).smc());
        assertEquals(2, policy.rules().size());
    }

    @Test
    void offSaysWhy() throws UnknownHostException {
        SmcPolicy policy = SmcPolicy.of(new EffectiveMode(Mode.OFF, "system property smc.mode=off"), SmcRuleParser.parse("x", "connect * *".getBytes(StandardCharsets.UTF_8)),
                true, "x", false, SmcPolicyTest::resolve);
        assertEquals(new SmcDecision(false, SmcDecision.Source.MODE, "SMC is off (system property smc.mode=off)"), policy.connect(at("10.0.0.1", 80)));
        assertFalse(policy.bind(null).smc());
    }

    @Test
    void unresolvedAddressIsTcp() {
        assertEquals(SmcDecision.Source.ADDRESS, policy("connect * *", true).connect(InetSocketAddress.createUnresolved("db.example", 80)).source());
    }

    private static SmcPolicy policy(String file, boolean smcByDefault) {
        return SmcPolicy.of(AUTO, SmcRuleParser.parse("rules.conf", file.getBytes(StandardCharsets.UTF_8)), smcByDefault, "rules.conf", false,
                SmcPolicyTest::resolve);
    }

    private static InetAddress[] resolve(String host) throws UnknownHostException {
        if (!host.equals("db.example")) {
            throw new UnknownHostException(host);
        }
        return new InetAddress[] {InetAddress.getByName("10.9.9.9"), InetAddress.getByName("2001:db8::9")};
    }

    private static InetSocketAddress at(String address, int port) throws UnknownHostException {
        return new InetSocketAddress(InetAddress.getByName(address), port);
    }
}
