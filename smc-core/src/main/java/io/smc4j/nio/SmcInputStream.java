package io.smc4j.nio;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** The inner adaptor's input stream, with the channel's word on whether an end is one. */
final class SmcInputStream extends FilterInputStream {

    private final SmcSocketChannel channel;

    SmcInputStream(SmcSocketChannel channel, InputStream in) {
        super(in);
        this.channel = channel;
    }

    @Override
    public int read() throws IOException {
        try {
            return checked(in.read());
        } finally {
            carryClose();
        }
    }

    @Override
    public int read(byte[] b, int off, int len) throws IOException {
        try {
            return checked(in.read(b, off, len));
        } finally {
            carryClose();
        }
    }

    private int checked(int n) throws IOException {
        return n >= 0 || !channel.isSmc() ? n : (int) channel.endOrReset();
    }

    private void carryClose() {
        if (!channel.inner().isOpen()) {
            Transport.closeQuietly(channel);
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
