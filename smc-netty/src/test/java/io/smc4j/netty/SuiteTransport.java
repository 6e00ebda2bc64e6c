package io.smc4j.netty;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.EventLoopGroup;
import io.smc4j.contract.BlackHole;
import io.smc4j.engine.SmcEngine;
import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * The transport that Netty's own suite runs on: {@code -Dsmc.netty.suite=epoll} takes Netty's own, the control; otherwise the family of
 * {@link Net#EXPECT} is under it.
 */
public final class SuiteTransport {

    private static final boolean CONTROL = "epoll".equals(System.getProperty("smc.netty.suite"));
    private static final EventLoopGroup BOSS = SmcNetty.newEventLoopGroup(1);
    private static final EventLoopGroup WORKERS = SmcNetty.newEventLoopGroup(4);
    /** Held open until the JVM ends. */
    private static BlackHole hole;

    private SuiteTransport() {
    }

    /** A bootstrap of listeners. */
    public static ServerBootstrap server() {
        return Net.server(engine()).group(BOSS, WORKERS);
    }

    /** A bootstrap of clients. */
    public static Bootstrap client() {
        return Net.client(WORKERS, engine());
    }

    private static SmcEngine engine() {
        return CONTROL ? null : Net.engine(Integer.getInteger("smc.netty.patience", 1_000));
    }

    /** Names our own silent peer to Netty's suite. */
    public static synchronized void useOwnBlackHole() {
        if (hole == null) {
            try {
                hole = new BlackHole();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            System.setProperty("io.netty.testsuite.badHost", "127.0.0.1");
            System.setProperty("io.netty.testsuite.badPort", String.valueOf(hole.address().getPort()));
        }
    }
}
