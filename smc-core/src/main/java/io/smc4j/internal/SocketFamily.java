package io.smc4j.internal;

/**
 * The kind of socket that goes under a JDK channel instead of TCP's: {@link #SMC}, or a stand-in of the same behaviour where the kernel
 * has no AF_SMC.
 *
 * @param name what a log line calls it
 * @param domainV4 address family for IPv4 addresses
 * @param protocolV4 protocol for IPv4 addresses
 * @param domainV6 address family for IPv6 addresses
 * @param protocolV6 protocol for IPv6 addresses
 */
public record SocketFamily(String name, int domainV4, int protocolV4, int domainV6, int protocolV6) {

    /** AF_SMC; an IPv4 address needs SMCPROTO_SMC, for SMC-Rv2 has no IPv4-mapped addresses up to Linux 6.14. */
    public static final SocketFamily SMC =
            new SocketFamily("SMC", Linux.AF_SMC, Linux.SMCPROTO_SMC, Linux.AF_SMC, Linux.SMCPROTO_SMC6);

    /** Multipath TCP: takes TCP's addresses and falls back to TCP as AF_SMC does, on kernels without AF_SMC. For tests of the conversion. */
    public static final SocketFamily MPTCP =
            new SocketFamily("MPTCP", Linux.AF_INET, Linux.IPPROTO_MPTCP, Linux.AF_INET6, Linux.IPPROTO_MPTCP);

    /** A new stream socket, close-on-exec, or {@code -errno}. */
    public int open(NativeCalls calls, boolean v6) {
        return calls.socket(v6 ? domainV6 : domainV4, Linux.SOCK_STREAM | Linux.SOCK_CLOEXEC, v6 ? protocolV6 : protocolV4);
    }
}
