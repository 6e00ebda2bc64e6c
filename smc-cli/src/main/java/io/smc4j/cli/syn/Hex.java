package io.smc4j.cli.syn;

import java.util.HexFormat;

/** Bytes for people. */
final class Hex {

    private static final HexFormat PLAIN = HexFormat.of().withUpperCase();
    private static final HexFormat SPACED = HexFormat.ofDelimiter(" ").withUpperCase();

    private Hex() {
    }

    static String of(byte[] bytes) {
        return PLAIN.formatHex(bytes);
    }

    static String spaced(byte[] bytes) {
        return SPACED.formatHex(bytes);
    }
}
