package io.smc4j;

/**
 * A setting, or a file that a setting names, that cannot be used. The message is one line: setting, value, what was expected. It is
 * thrown only where {@code smc.mode=require}; elsewhere the line is logged once and the application goes on.
 */
public class SmcConfigException extends IllegalArgumentException {

    private static final long serialVersionUID = 1L;

    /** A bad setting; the message names it, its value and the way out. */
    public SmcConfigException(String message) {
        super(message);
    }

    /** A bad setting, and what was found while it was read. */
    public SmcConfigException(String message, Throwable cause) {
        super(message, cause);
    }
}
