package io.smc4j.cli;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;

/** What happens to files. */
public final class Damage {

    private Damage() {
    }

    /** A file's text, damaged: bytes flipped and overwritten, pieces cut, doubled, and replaced by numbers that parsers trip over. */
    public static String to(String text, long seed) {
        String[] traps = {"", "\0", "\n", " ", ":", "-1", "0", "18446744073709551616", "FFFFFFFFFFFFFFFF", "\ud83d\ude00", "\u0661", "=", "\""};
        Random random = new Random(seed);
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        for (int i = random.nextInt(8); i >= 0 && bytes.length > 0; i--) {
            int at = random.nextInt(bytes.length);
            switch (random.nextInt(4)) {
                case 0 -> bytes[at] = (byte) random.nextInt();
                case 1 -> bytes = Arrays.copyOf(bytes, at);
                case 2 -> bytes = join(bytes, bytes.length, bytes, at);
                default -> {
                    byte[] trap = traps[random.nextInt(traps.length)].getBytes(StandardCharsets.UTF_8);
                    bytes = join(join(bytes, at, trap, 0), at + trap.length, bytes, Math.min(bytes.length, at + random.nextInt(6)));
                }
            }
        }
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    private static byte[] join(byte[] a, int end, byte[] b, int begin) {
        byte[] both = Arrays.copyOf(a, end + b.length - begin);
        System.arraycopy(b, begin, both, end, b.length - begin);
        return both;
    }
}
