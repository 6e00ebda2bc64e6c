package io.smc4j.nio;

import java.io.IOException;
import java.net.SocketException;
import java.nio.channels.AlreadyBoundException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.NotYetBoundException;
import java.nio.channels.NotYetConnectedException;
import java.nio.channels.UnresolvedAddressException;
import java.nio.channels.UnsupportedAddressTypeException;

/** Exceptions of channels as the JDK's socket adaptors give them ({@code sun.nio.ch.Net.translateException}). */
final class Translate {

    private Translate() {
    }

    /** An option's failure, as {@code Socket} declares it. */
    static SocketException toSocket(IOException e) {
        if (e instanceof SocketException) {
            return (SocketException) e;
        }
        return withCause(new SocketException(e instanceof ClosedChannelException ? "Socket is closed" : e.getMessage()), e);
    }

    /** What a channel's own exceptions become in a socket; others are thrown as they are. */
    static SocketException toSocket(RuntimeException e) {
        String message;
        if (e instanceof NotYetConnectedException) {
            message = "Socket is not connected";
        } else if (e instanceof AlreadyBoundException) {
            message = "Already bound";
        } else if (e instanceof NotYetBoundException) {
            message = "Socket is not bound yet";
        } else if (e instanceof UnsupportedAddressTypeException) {
            message = "Unsupported address type";
        } else if (e instanceof UnresolvedAddressException) {
            message = "Unresolved address";
        } else {
            throw e;
        }
        return withCause(new SocketException(message), e);
    }

    private static <T extends Exception> T withCause(T e, Exception cause) {
        e.initCause(cause);
        return e;
    }
}
