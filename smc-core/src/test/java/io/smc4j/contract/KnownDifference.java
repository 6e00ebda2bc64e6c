package io.smc4j.contract;

import static io.smc4j.contract.KernelPath.MPTCP;
import static io.smc4j.contract.KernelPath.SMC_D;

import io.smc4j.internal.Errno;
import io.smc4j.internal.Linux;
import io.smc4j.internal.NativeCalls;
import io.smc4j.internal.Natives;
import java.util.function.BooleanSupplier;

/**
 * Where channels differ from the JDK's TCP channels, with the reason; the tests that name a difference assert the one side or the other, so
 * that one that has gone is noticed.
 */
enum KnownDifference {
    /** {@link ProviderTest}. */
    PROVIDER_OF_JDK_OBJECTS("what needs no SMC under it (datagrams, pipes, accepted TCP connections, everything on a machine without SMC) is the "
            + "JDK's own object, so that it costs nothing, and names the JDK's provider", () -> Contract.OURS),
    /** {@link OptionsTest}. */
    NO_REUSEPORT("newer kernels refuse SO_REUSEPORT on sockets that are not of the internet family: a channel that has it set connects or "
            + "listens over TCP, and setting it on an SMC connection fails", () -> Contract.EXPECT.isSmc() && kernelRefusesReusePort()),
    /** {@link OptionsTest}. */
    LINGER_ZERO_IS_NO_RESET("SO_LINGER 0 makes close not wait, the peer sees an end of stream and no reset", () -> Contract.EXPECT.isSmc()),
    /** {@link OptionsTest}, {@link SocketAdaptorTest}. */
    SEND_BUFFER_IS_THE_PEERS("over SMC-D on loopback the sender writes into the peer's receive buffer, whose size SO_SNDBUF then gives",
            () -> Contract.EXPECT == SMC_D),
    /** {@link CloseTest}; the stand-in for SMC, not SMC. */
    MPTCP_CLOSE_IS_NO_RESET("MPTCP takes data of the peer for up to 60 s after close", () -> Contract.EXPECT == MPTCP),
    /** {@link OptionsTest}, {@link SocketAdaptorTest}; the stand-in again. */
    MPTCP_LACKS_OPTIONS("MPTCP has no TCP_QUICKACK for reading, no IPv6 traffic class, no urgent data and no SO_REUSEADDR once connected", () -> Contract.EXPECT == MPTCP);

    private final String reason;
    private final BooleanSupplier applies;

    KnownDifference(String reason, BooleanSupplier applies) {
        this.reason = reason;
        this.applies = applies;
    }

    /** Whether this run has it. */
    boolean applies() {
        return applies.getAsBoolean();
    }

    /** For people. */
    String reason() {
        return reason;
    }

    private static boolean kernelRefusesReusePort() {
        NativeCalls calls = Natives.calls();
        int fd = calls.socket(Linux.AF_SMC, Linux.SOCK_STREAM | Linux.SOCK_CLOEXEC, Linux.SMCPROTO_SMC);
        int answer = calls.setsockopt(fd, Linux.SOL_SOCKET, Linux.SO_REUSEPORT, 1);
        calls.close(fd);
        return answer == -Errno.EOPNOTSUPP.number();
    }
}
