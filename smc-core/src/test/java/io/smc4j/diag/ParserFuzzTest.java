package io.smc4j.diag;

import static org.junit.jupiter.api.Assertions.assertNotNull;

import io.smc4j.internal.MalformedNetlinkException;
import io.smc4j.internal.NetlinkException;
import io.smc4j.internal.SockAddr;
import java.io.IOException;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.PropertyDefaults;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.lifecycle.AddLifecycleHook;
import io.smc4j.Fuzz;

/**
 * Every parser of netlink bytes, on random bytes and on damaged answers of a real kernel: a result, or one of the two declared exceptions,
 * and nothing else. {@code -Dsmc4j.fuzz.seconds=600} makes it longer: so many seconds for each property.
 */
@AddLifecycleHook(Fuzz.class)
@PropertyDefaults(tries = Integer.MAX_VALUE)
class ParserFuzzTest {

    private static final List<byte[]> SOCKET_DUMPS = new ArrayList<>();
    private static final List<Map.Entry<String, byte[]>> GENERIC_DUMPS = new ArrayList<>();

    static {
        for (String mode : Dumps.MODES) {
            SOCKET_DUMPS.add(Dumps.bytes(mode, "diag"));
            for (String name : Dumps.GENERIC.keySet()) {
                GENERIC_DUMPS.add(Map.entry(name, Dumps.bytes(mode, name)));
            }
        }
    }

    @Provide
    Arbitrary<ByteOrder> orders() {
        return Arbitraries.of(ByteOrder.LITTLE_ENDIAN, ByteOrder.BIG_ENDIAN);
    }

    @Property
    void randomBytesAsADump(@ForAll @Size(max = 400) byte[] bytes, @ForAll("orders") ByteOrder order) throws IOException {
        expectResultOrDeclared(() -> Dumps.sockets(bytes, order));
        for (var parser : Dumps.GENERIC.values()) {
            expectResultOrDeclared(() -> Dumps.read(bytes, order, parser.get()));
        }
    }

    @Property
    void randomBytesAsAMessage(@ForAll @Size(max = 400) byte[] bytes, @ForAll("orders") ByteOrder order) throws IOException {
        byte[] message = new DiagMessage(order).raw(bytes).message(SmcDiag.TYPE, 2, 1);
        expectResultOrDeclared(() -> Dumps.sockets(message, order));
        for (var parser : Dumps.GENERIC.values()) {
            expectResultOrDeclared(() -> Dumps.read(message, order, parser.get()));
        }
    }

    @Property
    void randomBytesAfterTheFixedPart(@ForAll @Size(max = 300) byte[] bytes, @ForAll("orders") ByteOrder order) throws IOException {
        byte[] fixed = DiagMessage.socket(order, 1, 2, new byte[] {127, 0, 0, 1}, 1, new byte[] {127, 0, 0, 1}, 2, 5);
        byte[] message = new DiagMessage(order).raw(fixed).raw(bytes).message(SmcDiag.TYPE, 2, 1);
        expectResultOrDeclared(() -> Dumps.sockets(message, order));
    }

    @Property
    void damagedSocketDumps(@ForAll long seed) throws IOException {
        Random random = new Random(seed);
        byte[] bytes = damage(SOCKET_DUMPS.get(random.nextInt(SOCKET_DUMPS.size())), random);
        expectResultOrDeclared(() -> Dumps.sockets(bytes, ByteOrder.LITTLE_ENDIAN));
        expectResultOrDeclared(() -> Dumps.sockets(bytes, ByteOrder.BIG_ENDIAN));
    }

    @Property
    void damagedGenericDumps(@ForAll long seed) throws IOException {
        Random random = new Random(seed);
        Map.Entry<String, byte[]> dump = GENERIC_DUMPS.get(random.nextInt(GENERIC_DUMPS.size()));
        byte[] bytes = damage(dump.getValue(), random);
        expectResultOrDeclared(() -> Dumps.read(bytes, ByteOrder.LITTLE_ENDIAN, Dumps.GENERIC.get(dump.getKey()).get()));
        // and the wrong parser: a kernel that answers another command's attributes
        List<String> names = List.copyOf(Dumps.GENERIC.keySet());
        String other = names.get(random.nextInt(names.size()));
        expectResultOrDeclared(() -> Dumps.read(bytes, ByteOrder.LITTLE_ENDIAN, Dumps.GENERIC.get(other).get()));
    }

    @Property
    void randomAddresses(@ForAll @Size(max = 64) byte[] bytes, @ForAll int length) {
        SockAddr.parse(bytes, length);
    }

    /** Flips, cuts, doubles and overwrites: lengths of attributes and messages among them. */
    private static byte[] damage(byte[] dump, Random random) {
        byte[] bytes = dump.clone();
        for (int i = random.nextInt(6); i >= 0; i--) {
            int at = random.nextInt(bytes.length);
            switch (random.nextInt(5)) {
                case 0 -> bytes[at] = (byte) random.nextInt();
                case 1 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
                case 2 -> bytes[at & ~3] = (byte) (random.nextBoolean() ? 0 : 0xff);
                case 3 -> bytes = Arrays.copyOf(bytes, Math.max(1, at));
                default -> {
                    byte[] longer = Arrays.copyOf(bytes, bytes.length + at + 1);
                    System.arraycopy(bytes, 0, longer, bytes.length, at + 1);
                    bytes = longer;
                }
            }
        }
        return bytes;
    }

    private interface Parse {
        Object result() throws IOException;
    }

    private static void expectResultOrDeclared(Parse parse) throws IOException {
        try {
            assertNotNull(String.valueOf(parse.result()));
        } catch (MalformedNetlinkException | NetlinkException e) {
            assertNotNull(e.getMessage());
        }
    }
}
