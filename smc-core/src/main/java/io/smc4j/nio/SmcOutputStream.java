package io.smc4j.nio;

import java.io.IOException;
import java.io.OutputStream;

/** The inner adaptor's output stream; closing it closes our channel. */
final class SmcOutputStream extends OutputStream {

    private final SmcSocketChannel channel;
    private final OutputStream out;

    SmcOutputStream(SmcSocketChannel channel, OutputStream out) {
        this.channel = channel;
        this.out = out;
    }

    @Override
    public void write(int b) throws IOException {
        try {
            channel.noteWrite();
            out.write(b);
        } finally {
            carryClose();
        }
    }

    @Override
    public void write(byte[] b, int off, int len) throws IOException {
        try {
            channel.noteWrite();
            out.write(b, off, len);
        } finally {
            carryClose();
        }
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
