/**
 * The system calls through <a href="https://github.com/jnr/jnr-ffi">jnr-ffi</a>, for machines that have no native library of ours. Nothing here is called by programs: with this
 * jar on the class path {@code smc.native=auto} uses it where our own library is missing, {@code smc.native=jnr} always.
 *
 * <p>Limits: jnr-ffi unpacks a library of its own and loads it, which needs what ours needs (a tmp that is not noexec; on JDK 24 and later {@code --enable-native-access=ALL-UNNAMED},
 * on the module path {@code =org.jnrproject.jffi}). What our library reaches in the JDK through JNI comes here from {@code sun.misc.Unsafe}, of which JDK 24 and later warn; where it
 * is refused ({@code --sun-misc-unsafe-memory-access=deny}), everything stays TCP with that cause.
 *
 * <p>Stability: not an API; its public types are for smc-core, and what it implements may change in any release.
 *
 * @since 0.1.0
 */
package io.smc4j.jnr;
