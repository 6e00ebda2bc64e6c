package io.smc4j.cli.syn;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The options of a TCP header: made, taken apart and put into words.
 *
 * @param list the options in their order, without padding
 * @param malformed what is wrong with the bytes, or null
 */
record TcpOptions(List<Option> list, String malformed) {

    /** RFC 6994: experiments share kinds 253 and 254 and begin with an identifier. */
    static final int KIND_EXPERIMENT = 254;
    private static final int KIND_END = 0;
    private static final int KIND_NOP = 1;
    /** "SMCR" in EBCDIC ({@code net/ipv4/tcp_output.c}: TCPOPT_SMC_MAGIC). */
    static final byte[] SMC_MAGIC = {(byte) 0xe2, (byte) 0xd4, (byte) 0xc3, (byte) 0xd9};
    /** MSS, SACK permitted, timestamps, NOP, window scale: what Linux sends. 20 bytes. */
    private static final byte[] USUAL = {2, 4, 0x05, (byte) 0xb4, 4, 2, 8, 10, 0, 0, 1, 0, 0, 0, 0, 0, 1, 3, 3, 7};
    private static final byte[] MSS = {2, 4, 0x05, (byte) 0xb4};

    /**
     * One option.
     *
     * @param kind its kind
     * @param data what follows kind and length
     */
    record Option(int kind, byte[] data) {

        boolean isExperiment() {
            return kind == KIND_EXPERIMENT;
        }

        boolean isSmc() {
            return isExperiment() && Arrays.equals(data, SMC_MAGIC);
        }

        boolean carries(byte[] magic) {
            return isExperiment() && Arrays.equals(data, magic);
        }

        String describe() {
            return switch (kind) {
                case 2 -> "MSS " + number();
                case 3 -> "window scale " + number();
                case 4 -> "SACK permitted";
                case 8 -> "timestamps";
                case 34 -> "TCP Fast Open";
                case KIND_EXPERIMENT -> isSmc() ? "SMC (kind 254, E2D4C3D9)" : "kind 254, " + Hex.of(data);
                default -> "kind " + kind + (data.length == 0 ? "" : ", " + Hex.of(data));
            };
        }

        private long number() {
            long n = 0;
            for (byte b : data) {
                n = n << 8 | b & 0xff;
            }
            return n;
        }
    }

    /** The usual options, 20 bytes. */
    static byte[] usual() {
        return USUAL.clone();
    }

    /** The usual options and kind 254 with these 4 bytes: 28 bytes, as Linux sends for SMC. */
    static byte[] usualWith(byte[] magic) {
        return join(USUAL, experiment(magic));
    }

    /** MSS and kind 254 with these 4 bytes alone: 12 bytes. */
    static byte[] shortWith(byte[] magic) {
        return join(MSS, experiment(magic));
    }

    private static byte[] experiment(byte[] magic) {
        return new byte[] {1, 1, (byte) KIND_EXPERIMENT, 6, magic[0], magic[1], magic[2], magic[3]};
    }

    private static byte[] join(byte[] a, byte[] b) {
        byte[] both = Arrays.copyOf(a, a.length + b.length);
        System.arraycopy(b, 0, both, a.length, b.length);
        return both;
    }

    /** Takes options apart; never throws. */
    static TcpOptions parse(byte[] bytes) {
        List<Option> found = new ArrayList<>();
        int at = 0;
        while (at < bytes.length) {
            int kind = bytes[at] & 0xff;
            if (kind == KIND_END) {
                return new TcpOptions(List.copyOf(found), null);
            }
            if (kind == KIND_NOP) {
                at++;
                continue;
            }
            int length = at + 1 < bytes.length ? bytes[at + 1] & 0xff : 0;
            if (length < 2 || at + length > bytes.length) {
                return new TcpOptions(List.copyOf(found), "option of kind " + kind + " and length " + length + " where " + (bytes.length - at)
                        + " bytes are left");
            }
            found.add(new Option(kind, Arrays.copyOfRange(bytes, at + 2, at + length)));
            at += length;
        }
        return new TcpOptions(List.copyOf(found), null);
    }

    /** The experiments among them. */
    List<Option> experiments() {
        return list.stream().filter(Option::isExperiment).toList();
    }

    /** In words, in their order. */
    String describe() {
        String words = String.join("; ", list.stream().map(Option::describe).toList());
        return malformed == null ? words : (words.isEmpty() ? "" : words + "; ") + "malformed: " + malformed;
    }
}
