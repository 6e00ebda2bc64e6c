package io.smc4j.net;

import io.smc4j.engine.SmcEngine;
import io.smc4j.internal.NativeCalls;
import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.net.SocketImpl;
import java.net.SocketOption;
import java.net.StandardSocketOptions;

/** A listener: the JDK's own implementation, under whose descriptor the policy's choice puts an SMC socket at bind. */
final class SmcServerSocketImpl extends DelegatingImpl {

    private final Options options = new Options();
    private volatile boolean smc;

    SmcServerSocketImpl(SmcEngine engine) {
        super(engine);
    }

    @Override
    protected void create(boolean stream) throws IOException {
        SocketImpl p = JdkSockets.platform(true);
        JdkSockets.create(p, stream);
        platform = p;
        delegate = p;
    }

    @Override
    protected void bind(InetAddress host, int port) throws IOException {
        if (!closed && JdkSockets.localPort(platform) == 0 && engine.bind(new InetSocketAddress(host, port)).smc()) {
            int socket = SmcBind.socket(engine, fd(), options, host, port);
            if (socket >= 0) {
                bindSmc(socket, host, port);
                return;
            }
        }
        super.bind(host, port);
    }

    private void bindSmc(int socket, InetAddress host, int port) throws IOException {
        NativeCalls calls = engine.calls();
        stateLock.lock();
        try {
            ensureOpen();
            InetSocketAddress local = Descriptors.localAddress(calls, socket);
            boolean v6 = engine.isV6(fd());
            // The JDK's object is to be bound too, and has to be before the port is another socket's.
            JdkSockets.bind(platform, host, 0);
            Descriptors.replace(calls, fd(), socket);
            smcLocalPort = local == null ? port : local.getPort();
            ipv4Only = v6 && local != null && !(local.getAddress() instanceof Inet6Address);
            smc = true;
            Object tos = options.get(StandardSocketOptions.IP_TOS);
            if (tos != null) {
                super.setOption(StandardSocketOptions.IP_TOS, (Integer) tos);
            }
        } finally {
            stateLock.unlock();
            calls.close(socket);
        }
    }

    @Override
    protected void listen(int backlog) throws IOException {
        super.listen(backlog);
        if (smc) {
            engine.limitHandshakes(fd());
        }
    }

    @Override
    protected void accept(SocketImpl accepted) throws IOException {
        if (!(accepted instanceof SmcSocketImpl)) {
            throw new IOException("a listener of smc4j cannot accept a connection with an instance of " + accepted.getClass().getName()
                    + ": another library has set Socket's factory");
        }
        SocketImpl p = acceptPlatform();
        int fd = JdkSockets.fd(p);
        boolean overSmc = smc && !engine.isTcp(fd);
        if (overSmc) {
            engine.accepted();
        } else if (smc) {
            engine.acceptedTcp();
        }
        ((SmcSocketImpl) accepted).accepted(p, overSmc, ipv4Only);
    }

    private SocketImpl acceptPlatform() throws IOException {
        for (;;) {
            SocketImpl p = JdkSockets.platform(false);
            try {
                JdkSockets.accept(platform, p);
                return p;
            } catch (SocketException e) {
                if (!smc || !SmcBind.isTransient(e)) {
                    throw e;
                }
            }
        }
    }

    @Override
    protected <T> void setOption(SocketOption<T> name, T value) throws IOException {
        super.setOption(name, value);
        options.remember(name, value);
    }

    @Override
    public void setOption(int option, Object value) throws SocketException {
        super.setOption(option, value);
        options.remember(option, value);
    }
}
