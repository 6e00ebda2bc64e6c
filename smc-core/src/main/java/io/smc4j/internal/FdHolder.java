package io.smc4j.internal;

/** A channel or socket of ours that can name the descriptor it works on now. */
public interface FdHolder {

    /** The descriptor number, or -1 where there is none (any more); good only while the holder is open. */
    int fd();
}
