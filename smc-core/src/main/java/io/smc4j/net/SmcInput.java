package io.smc4j.net;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** The JDK's input stream of a connection over SMC; whether an end is one is asked for at the end only. */
final class SmcInput extends FilterInputStream {

    private final SmcSocketImpl impl;

    SmcInput(SmcSocketImpl impl, InputStream in) {
        super(in);
        this.impl = impl;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) > 0 ? one[0] & 0xff : -1;
    }

    @Override
    public int read(byte[] b, int off, int len) throws IOException {
        int n = in.read(b, off, len);
        return n >= 0 ? n : impl.endOrReset();
    }

    @Override
    public void close() throws IOException {
        impl.close();
    }
}
