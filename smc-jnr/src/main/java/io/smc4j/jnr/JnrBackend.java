package io.smc4j.jnr;

import io.smc4j.internal.JdkAccess;
import io.smc4j.internal.NativeBackend;
import io.smc4j.internal.NativeCalls;
import jnr.ffi.LibraryLoader;
import jnr.ffi.Platform;
import jnr.ffi.Runtime;

/** Found by {@link java.util.ServiceLoader} from smc-core. */
public final class JnrBackend implements NativeBackend {

    private JnrCalls calls;
    private LookupAccess jdk;

    /** Does nothing yet. */
    public JnrBackend() {
    }

    @Override
    public String name() {
        return "jnr";
    }

    @Override
    public void load() throws Exception {
        if (!"Linux".equals(System.getProperty("os.name"))) {
            throw new UnsatisfiedLinkError("no AF_SMC on " + System.getProperty("os.name") + ": SMC is a Linux protocol; connections stay TCP");
        }
        jdk = new LookupAccess();
        LibC libc;
        try {
            libc = LibraryLoader.create(LibC.class).failImmediately().load(Platform.getNativePlatform().getStandardCLibraryName());
        } catch (RuntimeException | LinkageError e) {
            throw (UnsatisfiedLinkError) new UnsatisfiedLinkError("jnr-ffi cannot call the C library (" + e + "); it unpacks a library of its own into java.io.tmpdir, which must not"
                    + " be noexec, and JDK 24 and later want --enable-native-access=ALL-UNNAMED").initCause(e);
        }
        calls = new JnrCalls(libc, Runtime.getRuntime(libc));
    }

    @Override
    public NativeCalls calls() {
        return calls;
    }

    @Override
    public JdkAccess jdk() {
        return jdk;
    }
}
