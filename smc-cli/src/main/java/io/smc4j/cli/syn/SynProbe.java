package io.smc4j.cli.syn;

import io.smc4j.cli.syn.TcpOptions.Option;

/** The SYNs that are sent, by what they carry. */
enum SynProbe {
    /** What every TCP connection sends. */
    CONTROL("usual options"),
    /** The same with SMC's option, as the kernel sends it. */
    SMC("usual options and SMC"),
    /** The same with an identifier that nobody has registered. */
    UNKNOWN("usual options and an unknown kind 254"),
    /** SMC's option in a short header. */
    SHORT_SMC("MSS and SMC alone");

    /** An identifier that is in no registry ("4jsm" backwards, with high bits); an answer that has it was copied from the question. */
    static final byte[] UNKNOWN_MAGIC = {(byte) 0xed, (byte) 0xf3, (byte) 0xea, (byte) 0xb4};

    private final String text;

    SynProbe(String text) {
        this.text = text;
    }

    String text() {
        return text;
    }

    byte[] options() {
        return switch (this) {
            case CONTROL -> TcpOptions.usual();
            case SMC -> TcpOptions.usualWith(TcpOptions.SMC_MAGIC);
            case UNKNOWN -> TcpOptions.usualWith(UNKNOWN_MAGIC);
            case SHORT_SMC -> TcpOptions.shortWith(TcpOptions.SMC_MAGIC);
        };
    }

    /** Whether an answer's option is a copy of what this probe sent and no SMC host would send back. */
    boolean isCopy(Option option) {
        return this == UNKNOWN && option.carries(UNKNOWN_MAGIC);
    }
}
