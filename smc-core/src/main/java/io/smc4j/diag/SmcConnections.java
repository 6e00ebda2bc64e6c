package io.smc4j.diag;

import io.smc4j.diag.SmcConnection.Evidence;
import io.smc4j.diag.SmcConnection.Family;
import io.smc4j.internal.Errno;
import io.smc4j.internal.Linux;
import io.smc4j.internal.NativeCalls;
import io.smc4j.internal.Natives;
import io.smc4j.internal.NetlinkSocket;
import io.smc4j.internal.SockAddr;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Asks about connections.
 *
 * <p>Thread-safety: no state.
 */
public final class SmcConnections {

    /** {@code asm-generic/socket.h}: the socket listens. */
    private static final int SO_ACCEPTCONN = 30;

    private SmcConnections() {
    }

    /**
     * All AF_SMC sockets of this network namespace, those that fell back to TCP included. Needs the module {@code smc_diag}, which asking
     * loads where the system allows it.
     *
     * @throws IOException where the kernel cannot be asked
     */
    public static List<SmcConnection> list() throws IOException {
        List<SmcConnection> found = new ArrayList<>();
        try (NetlinkSocket socket = new NetlinkSocket(Linux.NETLINK_SOCK_DIAG)) {
            socket.dump("smc_diag", SmcDiag.TYPE, SmcDiag.request(), () -> {
                found.clear();
                return (type, payload) -> {
                    if (type == SmcDiag.TYPE) {
                        found.add(SmcDiag.parse(payload));
                    }
                };
            });
        }
        return found;
    }

    /**
     * What the socket behind a descriptor uses. The cheap question comes first: two socket options tell SMC from TCP. The reason of a
     * fallback and SMC's details need a listing of all AF_SMC sockets (by the socket's inode, which a fallback keeps).
     *
     * @param fd an open stream socket's descriptor; the caller keeps it open during the call
     * @throws IOException where {@code fd} is not a stream socket or there is no native library; never because {@code smc_diag} is
     *     missing: then the answer says so by {@link SmcConnection#evidence()}
     */
    public static SmcConnection of(int fd) throws IOException {
        NativeCalls calls = Natives.calls();
        if (calls == null) {
            throw new IOException("no native library: " + Natives.failure().getMessage(), Natives.failure());
        }
        long protocol = check("getsockopt(SO_PROTOCOL)", calls.getsockopt(fd, Linux.SOL_SOCKET, Linux.SO_PROTOCOL));
        long domain = check("getsockopt(SO_DOMAIN)", calls.getsockopt(fd, Linux.SOL_SOCKET, Linux.SO_DOMAIN));
        long inode = check("fstat", calls.inode(fd));
        boolean smc = domain == Linux.AF_SMC || protocol == Linux.IPPROTO_SMC;
        if (!smc && domain != Linux.AF_INET && domain != Linux.AF_INET6) {
            throw new IOException("not an IP socket: address family " + domain);
        }
        Optional<List<SmcConnection>> all = listIfPossible();
        if (all.isPresent()) {
            for (SmcConnection c : all.get()) {
                if (c.inode() == inode) {
                    return withAddresses(c, calls, fd);
                }
            }
        }
        return smc ? smcWithoutDiag(calls, fd, inode) : tcp(calls, fd, inode, all.isPresent() || !SmcFamily.isLoaded());
    }

    /** Asks only where the module is loaded already: a host without AF_SMC needs no listing, and asking must not load modules. */
    private static Optional<List<SmcConnection>> listIfPossible() {
        if (!SmcFamily.isLoaded()) {
            return Optional.empty();
        }
        try {
            return Optional.of(list());
        } catch (IOException e) {
            return Optional.empty(); // module or permission missing: the socket's own options have to do
        }
    }

    private static SmcConnection tcp(NativeCalls calls, int fd, long inode, boolean plain) {
        InetSocketAddress remote = address(a -> calls.getpeername(fd, a));
        SmcState state = state(calls, fd, remote);
        FallbackReason reason = plain ? FallbackReason.NONE : FallbackReason.UNKNOWN;
        return new SmcConnection(state == SmcState.ACTIVE ? SmcMode.TCP : SmcMode.NONE, state, reason, 0, FallbackReason.NONE, 0,
                plain ? Family.TCP : Family.UNKNOWN, Evidence.SOCKET, address(a -> calls.getsockname(fd, a)), remote, 0, 0, 0, -1, inode,
                Optional.empty(), Optional.empty(), Optional.empty());
    }

    private static SmcConnection smcWithoutDiag(NativeCalls calls, int fd, long inode) {
        InetSocketAddress remote = address(a -> calls.getpeername(fd, a));
        SmcState state = state(calls, fd, remote);
        return new SmcConnection(state == SmcState.ACTIVE ? onlyKind() : SmcMode.NONE, state, FallbackReason.NONE, 0, FallbackReason.NONE, 0,
                Family.SMC, Evidence.SOCKET, address(a -> calls.getsockname(fd, a)), remote, 0, 0, 0, -1, inode, Optional.empty(),
                Optional.empty(), Optional.empty());
    }

    private static SmcState state(NativeCalls calls, int fd, InetSocketAddress remote) {
        if (remote != null) {
            return SmcState.ACTIVE;
        }
        return calls.getsockopt(fd, Linux.SOL_SOCKET, SO_ACCEPTCONN) == 1 ? SmcState.LISTEN : SmcState.INIT;
    }

    /** A host whose devices are all of one kind has connections of that kind alone. */
    private static SmcMode onlyKind() {
        try {
            Set<SmcMode> kinds = SmcDevices.list().stream().map(SmcDevice::kind).collect(Collectors.toSet());
            return kinds.size() == 1 ? kinds.iterator().next() : SmcMode.SMC;
        } catch (IOException e) {
            return SmcMode.SMC;
        }
    }

    /** smc_diag has no addresses for sockets opened with IPPROTO_SMC, and cannot tell {@code ::} from {@code 0.0.0.0}: the socket can. */
    private static SmcConnection withAddresses(SmcConnection c, NativeCalls calls, int fd) {
        InetSocketAddress local = address(a -> calls.getsockname(fd, a));
        InetSocketAddress remote = address(a -> calls.getpeername(fd, a));
        return new SmcConnection(c.mode(), c.state(), c.reason(), c.reasonCode(), c.peerDiagnosis(), c.peerDiagnosisCode(), c.family(),
                c.evidence(), local != null ? local : c.local(), remote != null ? remote : c.remote(), c.shutdown(), c.boundInterface(),
                c.cookie(), c.uid(), c.inode(), c.buffers(), c.link(), c.dmb());
    }

    private static InetSocketAddress address(IntFunctionOfBytes call) {
        byte[] bytes = new byte[SockAddr.IN6_LENGTH];
        int length = call.apply(bytes);
        return length < 0 ? null : SockAddr.parse(bytes, length);
    }

    private interface IntFunctionOfBytes {
        int apply(byte[] sockaddr);
    }

    private static long check(String call, long result) throws IOException {
        if (result < 0) {
            throw Errno.exception(call, (int) -result);
        }
        return result;
    }
}
