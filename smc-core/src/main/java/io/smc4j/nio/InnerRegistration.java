package io.smc4j.nio;

import java.io.IOException;

/** A channel of ours as the selector sees it: it registers its inner channel, now and whenever that is replaced. */
interface InnerRegistration {

    /** Registers the inner channel with the key's selector and puts the inner key behind {@code key}. */
    void registerInner(SmcSelectionKey key) throws IOException;

    /** The selector has let go of {@code key}. */
    void forgetInner(SmcSelectionKey key);
}
