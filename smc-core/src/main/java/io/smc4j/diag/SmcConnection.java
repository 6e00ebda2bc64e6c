package io.smc4j.diag;

import java.net.InetSocketAddress;
import java.util.Objects;
import java.util.Optional;

/**
 * One socket as the kernel sees it at the moment of asking. For an AF_SMC socket, connected over SMC or fallen back, everything that
 * {@code struct smc_diag_msg} and its attributes tell; for a plain TCP socket its addresses.
 *
 * <p>Thread-safety: immutable.
 *
 * @param mode what carries the data
 * @param state the socket's state
 * @param reason why it fell back; {@link FallbackReason#NONE} where it did not (SMC, or plain TCP), {@link FallbackReason#UNKNOWN} where the
 *     code is new or could not be asked
 * @param reasonCode the kernel's number of the reason; 0 for none
 * @param peerDiagnosis what the peer gave as its reason when it declined; {@link FallbackReason#NONE} where it said nothing
 * @param peerDiagnosisCode the kernel's number of the peer's diagnosis; 0 for none
 * @param family whether the socket is AF_SMC's, fallen back or not
 * @param evidence where this is known from
 * @param local the local address, or null where the socket has none
 * @param remote the peer's address, or null where the socket is not connected
 * @param shutdown 0, or a sum of 1 (receiving is shut down) and 2 (sending is shut down)
 * @param boundInterface index of the interface the socket is bound to; 0 for none
 * @param cookie the kernel's cookie of the socket; another one after a fallback
 * @param uid the owner's user id in the caller's user namespace; -1 where not known
 * @param inode {@code st_ino} of the socket; 0 for a connection that nobody has accepted yet
 * @param buffers buffers and cursors, for a connection over SMC
 * @param link the RDMA link, for SMC-R
 * @param dmb the shared memory, for SMC-D
 */
public record SmcConnection(SmcMode mode, SmcState state, FallbackReason reason, int reasonCode, FallbackReason peerDiagnosis,
        int peerDiagnosisCode, Family family, Evidence evidence, InetSocketAddress local, InetSocketAddress remote, int shutdown,
        int boundInterface, long cookie, int uid, long inode, Optional<Buffers> buffers, Optional<Link> link, Optional<Dmb> dmb) {

    /** What the socket was opened as. */
    public enum Family {
        /** An AF_SMC socket. */
        SMC,
        /** A TCP socket that never was AF_SMC. */
        TCP,
        /** TCP now; whether it was AF_SMC before a fallback could not be asked. */
        UNKNOWN
    }

    /** Where the answer is from. */
    public enum Evidence {
        /** {@code smc_diag}: the whole answer. */
        SMC_DIAG,
        /** The socket's own SO_PROTOCOL and SO_DOMAIN: SMC or not. */
        SOCKET
    }

    /**
     * Role of this host in the link group ({@code enum smc_lgr_role}).
     */
    public enum Role {
        /** This host made the first connection. */
        CLIENT,
        /** This host accepted the first connection. */
        SERVER
    }

    /**
     * A place in a ring buffer ({@code struct smc_diag_cursor}).
     *
     * @param wrap how often it went round, modulo 65,536
     * @param count offset in bytes
     */
    public record Cursor(int wrap, long count) {
    }

    /**
     * Buffers, cursors and flags ({@code struct smc_diag_conninfo}). Sizes are bytes.
     *
     * @param token the connection's id within its link group
     * @param sendSize size of the send buffer; 0 where SMC-D writes straight into the peer's memory
     * @param receiveSize size of the receive buffer
     * @param peerReceiveSize size of the peer's receive buffer
     * @param rxProduced where the peer has written to
     * @param rxConsumed where this end has read to
     * @param txProduced where this end has written to in the peer's buffer
     * @param txConsumed where the peer has read to
     * @param rxFlags the peer's producer flags
     * @param rxStateFlags the peer's connection state flags
     * @param txFlags this end's producer flags
     * @param txStateFlags this end's connection state flags
     * @param txPrepared where the application has written to
     * @param txSent where data was sent to
     * @param txConfirmed where sending was confirmed to
     */
    public record Buffers(long token, long sendSize, long receiveSize, long peerReceiveSize, Cursor rxProduced, Cursor rxConsumed,
            Cursor txProduced, Cursor txConsumed, int rxFlags, int rxStateFlags, int txFlags, int txStateFlags, Cursor txPrepared, Cursor txSent,
            Cursor txConfirmed) {
    }

    /**
     * The RDMA link of an SMC-R connection ({@code struct smc_diag_lgrinfo}).
     *
     * @param id the link's number in its group
     * @param device the RDMA device's name
     * @param port the device's port
     * @param gid this host's GID
     * @param peerGid the peer's GID
     * @param role this host's role in the group
     */
    public record Link(int id, String device, int port, String gid, String peerGid, Role role) {
    }

    /**
     * The shared memory of an SMC-D connection ({@code struct smcd_diag_dmbinfo}). Numbers are unsigned 64-bit.
     *
     * @param linkGroup the link group's id
     * @param gid this host's GID
     * @param gidExtension its second half; 0 for ISM hardware and for kernels before 6.8
     * @param peerGid the peer's GID
     * @param peerGidExtension its second half
     * @param token token of this end's memory buffer
     * @param peerToken token of the peer's memory buffer
     */
    public record Dmb(long linkGroup, long gid, long gidExtension, long peerGid, long peerGidExtension, long token, long peerToken) {
    }

    /** Checks that nothing but the addresses is null. */
    public SmcConnection {
        Objects.requireNonNull(mode);
        Objects.requireNonNull(state);
        Objects.requireNonNull(reason);
        Objects.requireNonNull(peerDiagnosis);
        Objects.requireNonNull(family);
        Objects.requireNonNull(evidence);
        Objects.requireNonNull(buffers);
        Objects.requireNonNull(link);
        Objects.requireNonNull(dmb);
    }

    /** Whether the data goes over SMC. */
    public boolean isSmc() {
        return mode.isSmc();
    }

    /** Whether this is an AF_SMC socket that the kernel carries over TCP. */
    public boolean isFallback() {
        return mode == SmcMode.TCP && family == Family.SMC;
    }

    /** One line for people: {@code SMC_D ACTIVE /127.0.0.1:4711 -> /127.0.0.1:80}, with the reason and the peer's diagnosis of a fallback. */
    public String describe() {
        StringBuilder s = new StringBuilder(160).append(mode).append(' ').append(state).append(' ').append(local).append(" -> ").append(remote);
        if (isFallback()) {
            s.append(", fallback: ").append(FallbackReason.describe(reasonCode));
            if (peerDiagnosisCode != 0) {
                s.append(", peer's diagnosis: ").append(FallbackReason.describe(peerDiagnosisCode));
            }
        } else if (reason == FallbackReason.UNKNOWN) {
            s.append(", whether it fell back is not known (no smc_diag)");
        }
        return s.toString();
    }
}
