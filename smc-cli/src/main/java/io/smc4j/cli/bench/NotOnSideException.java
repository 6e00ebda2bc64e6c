package io.smc4j.cli.bench;

import java.io.IOException;

/** Connections are not what their side stands for. */
public final class NotOnSideException extends IOException {

    private static final long serialVersionUID = 1;

    NotOnSideException(String message) {
        super(message);
    }
}
