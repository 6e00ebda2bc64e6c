/** The system calls of smc4j through jnr-ffi. */
@SuppressWarnings("requires-automatic") // jnr-ffi and jffi have no module descriptors
module io.smc4j.jnr {
    requires io.smc4j.core;
    requires jdk.unsupported;
    requires org.jnrproject.ffi;
    // jnr-ffi makes its classes with these and, having no descriptor, cannot say so: on the module path nobody else would bring them.
    requires org.objectweb.asm;
    requires org.objectweb.asm.commons;
    requires org.objectweb.asm.tree;
    requires org.objectweb.asm.tree.analysis;
    requires org.objectweb.asm.util;

    // For the class that jnr-ffi makes of LibC, in an unnamed module; nothing here is for programs.
    exports io.smc4j.jnr;

    provides io.smc4j.internal.NativeBackend with io.smc4j.jnr.JnrBackend;
}
