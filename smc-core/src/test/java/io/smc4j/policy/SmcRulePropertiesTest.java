package io.smc4j.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.smc4j.Fuzz;
import io.smc4j.policy.SmcRule.Action;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Assume;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.lifecycle.AddLifecycleHook;

class SmcRulePropertiesTest {

    @Property
    void textOfARuleReadsBackAsTheRule(@ForAll("rules") SmcRule rule) {
        SmcRule at1 = new SmcRule(rule.action(), rule.address(), rule.from(), rule.to(), rule.smc(), 1);
        assertEquals(List.of(at1), parse(rule.toString()));
    }

    @Property(tries = 3_000)
    void prefixMatchesLikeNumbersDo(@ForAll("addressBytes") byte[] base, @ForAll @IntRange(max = 128) int prefixSeed, @ForAll("addressBytes") byte[] other,
            @ForAll @IntRange(max = 128) int flippedBit) {
        int bits = base.length * 8;
        int prefix = prefixSeed % (bits + 1);
        SmcPolicy policy = policy("connect " + literal(base) + "/" + prefix + " *");
        byte[] near = flip(base, flippedBit % bits);
        for (byte[] candidate : List.of(base, near, other)) {
            assertEquals(samePrefix(base, candidate, prefix), policy.connect(address(candidate, 1)).smc(),
                    () -> literal(base) + "/" + prefix + " and " + literal(candidate));
        }
    }

    @Property
    void mappedAddressIsTheIpv4Address(@ForAll @Size(4) byte[] v4, @ForAll @IntRange(max = 32) int prefix, @ForAll @Size(4) byte[] other) {
        Assume.that(literalIsNoWildcard(v4) && literalIsNoWildcard(other));
        String mapped = "::ffff:" + literal(v4);
        SmcPolicy plain = policy("connect " + literal(v4) + "/" + prefix + " *");
        SmcPolicy long6 = policy("connect " + mapped + "/" + (96 + prefix) + " *");
        assertTrue(plain.connect(address(v4, 1)).smc());
        assertTrue(long6.connect(address(v4, 1)).smc());
        assertEquals(plain.connect(address(other, 1)).smc(), long6.connect(address(other, 1)).smc());
    }

    @Property
    void portsMatchFromFirstToLast(@ForAll @IntRange(max = 65_535) int a, @ForAll @IntRange(max = 65_535) int b, @ForAll @IntRange(max = 65_535) int port) {
        int from = Math.min(a, b);
        int to = Math.max(a, b);
        SmcPolicy policy = policy("connect * " + from + "-" + to);
        for (int p : new int[] {port, from, to, Math.max(0, from - 1), Math.min(65_535, to + 1)}) {
            assertEquals(p >= from && p <= to, policy.connect(address(new byte[] {10, 0, 0, 1}, p)).smc());
        }
    }

    @Property
    void firstRuleThatMatchesDecides(@ForAll @Size(max = 8) List<@IntRange(max = 3) Integer> ports, @ForAll @IntRange(max = 3) int port) {
        String file = ports.stream().map(p -> "connect * " + p + (p % 2 == 0 ? " smc" : " tcp")).collect(Collectors.joining("\n"));
        SmcDecision decision = SmcPolicy.of(parse(file), port == 1).connect(address(new byte[] {10, 0, 0, 1}, port));
        if (ports.contains(port)) {
            assertEquals(port % 2 == 0, decision.smc());
            assertEquals(SmcDecision.Source.RULE, decision.source());
        } else {
            assertEquals(port == 1, decision.smc());
            assertEquals(SmcDecision.Source.DEFAULT, decision.source());
        }
    }

    @Property(tries = Integer.MAX_VALUE)
    @AddLifecycleHook(Fuzz.class)
    void anyBytesGiveRulesOrTheOneException(@ForAll byte[] bytes) {
        rulesOrRefusal(bytes);
    }

    @Property(tries = Integer.MAX_VALUE)
    @AddLifecycleHook(Fuzz.class)
    void anyDamageGivesRulesOrTheOneException(@ForAll("damagedFiles") String file) {
        rulesOrRefusal(file.getBytes(StandardCharsets.UTF_8));
    }

    /** No input crashes the parser, and what it takes is wholly understood: one rule for each line that is neither blank nor a comment. */
    private static void rulesOrRefusal(byte[] bytes) {
        List<SmcRule> rules;
        try {
            rules = SmcRuleParser.parse("fuzz", bytes);
        } catch (SmcRuleException e) {
            assertEquals(-1, e.getMessage().indexOf('\n'), "one line");
            return;
        }
        String text = new String(bytes, StandardCharsets.UTF_8);
        long lines = Arrays.stream(text.split("\r\n|\n|\r")).map(line -> line.replaceAll("[ \t]+", " ").replaceAll("^ | $", ""))
                .filter(line -> !line.isEmpty() && !line.startsWith("#")).count();
        assertEquals(lines, rules.size());
        String again = rules.stream().map(SmcRule::toString).collect(Collectors.joining("\n"));
        assertEquals(again, parse(again).stream().map(SmcRule::toString).collect(Collectors.joining("\n")));
        SmcPolicy.of(rules.stream().filter(r -> !Character.isLetter(r.address().charAt(0)) || r.address().contains(":")).toList(), false)
                .connect(address(new byte[] {10, 0, 0, 1}, 80));
    }

    @Provide
    Arbitrary<SmcRule> rules() {
        Arbitrary<String> literals = addressBytes().map(SmcRulePropertiesTest::literal);
        Arbitrary<String> prefixes = Combinators.combine(addressBytes(), Arbitraries.integers().between(0, 128))
                .as((bytes, p) -> literal(bytes) + "/" + p % (bytes.length * 8 + 1));
        Arbitrary<String> label = Arbitraries.strings().withCharRange('a', 'z').ofMinLength(1).ofMaxLength(8);
        Arbitrary<String> hosts = label.list().ofMinSize(1).ofMaxSize(3).map(labels -> String.join(".", labels));
        Arbitrary<String> addresses = Arbitraries.oneOf(Arbitraries.just("*"), literals, prefixes, hosts);
        Arbitrary<Integer> ports = Arbitraries.integers().between(0, 65_535);
        return Combinators.combine(Arbitraries.of(Action.class), addresses, ports, ports, Arbitraries.of(true, false))
                .as((action, address, a, b, smc) -> new SmcRule(action, address, Math.min(a, b), Math.max(a, b), smc, 0));
    }

    @Provide
    Arbitrary<byte[]> addressBytes() {
        Arbitrary<Byte> bytes = Arbitraries.bytes();
        Arbitrary<byte[]> v6 = bytes.array(byte[].class).ofSize(16).map(a -> {
            a[0] = 0x20; // a global address: never a mapped one
            return a;
        });
        return Arbitraries.oneOf(bytes.array(byte[].class).ofSize(4).filter(a -> literalIsNoWildcard(a)), v6);
    }

    @Provide
    Arbitrary<String> damagedFiles() {
        String good = "# rules\nconnect 10.0.0.0/8 1024-* smc\nbind * 8080\n\tconnect db.example.com 3306 tcp\r\nconnect 2001:db8::/32 80-90\n";
        Arbitrary<String> insert = Arbitraries.strings().withChars("*#-/.: \t\n0198ascmtp\u00e9\ud83d").ofMaxLength(4);
        return Combinators.combine(Arbitraries.integers().between(0, good.length()), Arbitraries.integers().between(0, 6), insert)
                .as((at, cut, text) -> good.substring(0, at) + text + good.substring(Math.min(good.length(), at + cut)));
    }

    /** A connection to the wildcard address means loopback, which the model here does not know. */
    private static boolean literalIsNoWildcard(byte[] address) {
        return new BigInteger(1, address).signum() != 0;
    }

    private static boolean samePrefix(byte[] a, byte[] b, int prefix) {
        int shift = a.length * 8 - prefix;
        return a.length == b.length && new BigInteger(1, a).shiftRight(shift).equals(new BigInteger(1, b).shiftRight(shift));
    }

    private static byte[] flip(byte[] address, int bit) {
        byte[] flipped = address.clone();
        flipped[bit / 8] ^= (byte) (0x80 >> bit % 8);
        return literalIsNoWildcard(flipped) ? flipped : address;
    }

    private static String literal(byte[] address) {
        return Ip.fromBytes(address).getHostAddress();
    }

    private static InetSocketAddress address(byte[] bytes, int port) {
        InetAddress address = Ip.fromBytes(bytes);
        return new InetSocketAddress(address, port);
    }

    private static SmcPolicy policy(String file) {
        return SmcPolicy.of(parse(file), false);
    }

    private static List<SmcRule> parse(String text) {
        return SmcRuleParser.parse("test.conf", text.getBytes(StandardCharsets.UTF_8));
    }
}
