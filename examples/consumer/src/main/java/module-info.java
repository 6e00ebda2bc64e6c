/** Looked at on the module path only; on the class path it is a file like another. */
module your.app {
    requires io.smc4j.core;
}
