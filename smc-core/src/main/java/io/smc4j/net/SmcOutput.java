package io.smc4j.net;

import java.io.IOException;
import java.io.OutputStream;

/** The JDK's output stream of a connection over SMC. */
final class SmcOutput extends OutputStream {

    private final SmcSocketImpl impl;
    private final OutputStream out;

    SmcOutput(SmcSocketImpl impl, OutputStream out) {
        this.impl = impl;
        this.out = out;
    }

    @Override
    public void write(int b) throws IOException {
        impl.noteWrite();
        out.write(b);
    }

    @Override
    public void write(byte[] b, int off, int len) throws IOException {
        impl.noteWrite();
        out.write(b, off, len);
    }

    @Override
    public void close() throws IOException {
        impl.close();
    }
}
