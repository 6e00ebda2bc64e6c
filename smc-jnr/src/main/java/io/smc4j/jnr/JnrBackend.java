package io.smc4j.jnr;

import io.smc4j.internal.JdkAccess;
import io.smc4j.internal.NativeBackend;
import io.smc4j.internal.NativeCalls;
import jnr.ffi.LibraryLoader;
import jnr.ffi.Platform;
import jnr.ffi.Runtime;

/** Found by {@link java.util.ServiceLoader} from smc-core. */
@SuppressWarnings("exports") // it is for smc-core, which exports its types to this module alone
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
            throw (UnsatisfiedLinkError) new UnsatisfiedLinkError("jnr-ffi cannot call the C library (" + firstLine(root(e)) + "); " + wayOut(root(e))).initCause(e);
        }
        calls = new JnrCalls(libc, Runtime.getRuntime(libc));
    }

    /** jnr-ffi wraps what happened, twice over. */
    private static Throwable root(Throwable e) {
        Throwable root = e;
        while (root.getCause() != null && root.getCause() != root) {
            root = root.getCause();
        }
        return root;
    }

    /** jffi puts whole stack traces into messages. */
    private static String firstLine(Throwable e) {
        return e.toString().lines().findFirst().orElse("");
    }

    private static String wayOut(Throwable e) {
        if (e instanceof UnsupportedOperationException) { // what sun.misc.Unsafe throws where it is denied
            return "allow it with " + LookupAccess.ALLOW_UNSAFE + " or use our native library (smc.native=jni)";
        }
        Module ours = JnrBackend.class.getModule();
        return "it unpacks a library of its own into java.io.tmpdir, which must be writable and not noexec, and JDK 24 and later want --enable-native-access="
                + (ours.isNamed() ? "org.jnrproject.jffi" : "ALL-UNNAMED");
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
