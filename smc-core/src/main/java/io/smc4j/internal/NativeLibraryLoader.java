package io.smc4j.internal;

import io.smc4j.SmcConfig;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/**
 * Loads the JNI library: from {@link SmcConfig#NATIVE_PATH} where that is set (and then from nowhere else), otherwise from the resource
 * {@code META-INF/native/linux-ARCH/libsmc4j.so} of our own jar, unpacked into a directory that only this user can read or write
 * (mode 0700, random name, made by one {@code mkdir}), and removed as soon as it is loaded.
 */
final class NativeLibraryLoader {

    private static final Set<PosixFilePermission> OWNER_ONLY = PosixFilePermissions.fromString("rwx------");

    private NativeLibraryLoader() {
    }

    /** Loads the library, or throws what stood in the way; the message names the way out. */
    static JniCalls load() throws IOException {
        String explicit = SmcConfig.get(SmcConfig.NATIVE_PATH);
        if (explicit != null) {
            loadExplicit(explicit);
        } else {
            loadPacked(resourceName(System.getProperty("os.name"), System.getProperty("os.arch")));
        }
        return new JniCalls();
    }

    private static void loadExplicit(String value) {
        Path path = Path.of(value).toAbsolutePath();
        if (!Files.isRegularFile(path)) {
            throw new UnsatisfiedLinkError(SmcConfig.NATIVE_PATH + "=" + value + ": no such file; name the libsmc4j.so to load or remove the setting");
        }
        try {
            loadFile(path);
        } catch (UnsatisfiedLinkError e) {
            throw withCause(SmcConfig.NATIVE_PATH + "=" + value + ": cannot be loaded (" + e.getMessage()
                    + "); name a libsmc4j.so built for this machine or remove the setting", e);
        }
    }

    /** The resource for a platform, as the JVM names it. */
    static String resourceName(String os, String arch) {
        if (!"Linux".equals(os)) {
            throw new UnsatisfiedLinkError("no AF_SMC on " + os + ": SMC is a Linux protocol; connections stay TCP");
        }
        String machine = "amd64".equals(arch) ? "x86_64" : arch;
        return "META-INF/native/linux-" + machine + "/libsmc4j.so";
    }

    private static void loadPacked(String resource) throws IOException {
        try (InputStream in = NativeLibraryLoader.class.getResourceAsStream("/" + resource)) {
            if (in == null) {
                throw new UnsatisfiedLinkError("no " + resource + " in the jar: no native library for this platform; build one and name it with "
                        + SmcConfig.NATIVE_PATH + ", or add io.smc4j:smc-jnr and leave " + SmcConfig.NATIVE + " at auto");
            }
            Path directory = privateDirectory();
            Path file = directory.resolve("libsmc4j.so");
            try {
                Files.copy(in, file);
                checkOwnerOnly(directory);
                loadFile(file);
            } catch (UnsatisfiedLinkError e) {
                throw explain(e, directory);
            } finally {
                Files.deleteIfExists(file);
                Files.deleteIfExists(directory);
            }
        }
    }

    private static Path privateDirectory() {
        String setting = SmcConfig.get(SmcConfig.NATIVE_TMPDIR);
        Path parent = Path.of(setting != null ? setting : System.getProperty("java.io.tmpdir"));
        FileAttribute<Set<PosixFilePermission>> mode = PosixFilePermissions.asFileAttribute(OWNER_ONLY);
        try {
            return Files.createTempDirectory(parent, "smc4j-", mode);
        } catch (IOException | UnsupportedOperationException e) {
            throw withCause("cannot make a directory for the native library in " + parent + " (" + e
                    + "); name a writable one with " + SmcConfig.NATIVE_TMPDIR, e);
        }
    }

    /** What is loaded must not be another user's to change: the directory is a real one, ours, and closed to others. */
    static void checkOwnerOnly(Path directory) throws IOException {
        PosixFileAttributes a = Files.readAttributes(directory, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        if (!a.isDirectory() || !a.permissions().equals(OWNER_ONLY)) {
            throw new UnsatisfiedLinkError(directory + " is " + PosixFilePermissions.toString(a.permissions())
                    + ", not a directory closed to other users; name another place with " + SmcConfig.NATIVE_TMPDIR);
        }
    }

    private static UnsatisfiedLinkError explain(UnsatisfiedLinkError e, Path directory) {
        // The second is glibc's word for it, where there is no /proc to look at.
        boolean noexec = isNoexec(directory);
        if (noexec || String.valueOf(e.getMessage()).contains("failed to map segment")) {
            return withCause(directory.getParent() + (noexec ? " is mounted noexec" : " allows no mapping of programs (" + e.getMessage()
                    + "): it may be mounted noexec") + "; name another place with " + SmcConfig.NATIVE_TMPDIR
                    + " or put libsmc4j.so on disk and name it with " + SmcConfig.NATIVE_PATH, e);
        }
        return withCause("the packed native library cannot be loaded (" + e.getMessage() + "); build it for this machine and name it with "
                + SmcConfig.NATIVE_PATH, e);
    }

    private static boolean isNoexec(Path directory) {
        try {
            FileStore store = Files.getFileStore(directory);
            for (String line : Files.readAllLines(Path.of("/proc/self/mounts"))) {
                String[] f = line.split(" ");
                if (f.length > 3 && store.toString().startsWith(f[1] + " (") && Set.of(f[3].split(",")).contains("noexec")) {
                    return true;
                }
            }
        } catch (IOException | RuntimeException e) {
            return false; // without /proc the plain message has to do
        }
        return false;
    }

    @SuppressWarnings("restricted")
    private static void loadFile(Path file) {
        String problem;
        try {
            problem = ElfFile.problem(file, System.getProperty("os.arch"));
        } catch (IOException e) {
            throw withCause("it cannot be read: " + e, e);
        }
        if (problem != null) {
            throw new UnsatisfiedLinkError(problem);
        }
        try {
            System.load(file.toString());
        } catch (IllegalCallerException e) { // JDK 24 and later with --illegal-native-access=deny
            throw new IllegalCallerException(e.getMessage()
                    + "; allow it with --enable-native-access=ALL-UNNAMED (on the module path: =io.smc4j.core)", e);
        }
    }

    private static UnsatisfiedLinkError withCause(String message, Throwable cause) {
        UnsatisfiedLinkError e = new UnsatisfiedLinkError(message);
        e.initCause(cause);
        return e;
    }
}
