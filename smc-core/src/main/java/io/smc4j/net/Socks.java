package io.smc4j.net;

import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.Socket;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;

/** Whether the JDK would take a connection through a SOCKS proxy: then it stays the JDK's, over TCP. */
final class Socks {

    private static final String JDK_SELECTOR = "sun.net.spi.DefaultProxySelector";

    private Socks() {
    }

    /** Whether any proxy can be in play at all in this JVM, cheaply. */
    static boolean isPossible() {
        ProxySelector selector = ProxySelector.getDefault();
        return selector != null && (!selector.getClass().getName().equals(JDK_SELECTOR)
                || System.getProperty("socksProxyHost") != null || Boolean.getBoolean("java.net.useSystemProxies"));
    }

    /** Asks the ProxySelector as {@code java.net.SocksSocketImpl} does. */
    static boolean isProxied(InetSocketAddress target) {
        if (!isPossible()) {
            return false;
        }
        try {
            List<Proxy> proxies = ProxySelector.getDefault().select(new URI("socket", null, target.getHostString(), target.getPort(), null, null, null));
            return proxies != null && !proxies.isEmpty() && proxies.get(0) != null && proxies.get(0).type() == Proxy.Type.SOCKS;
        } catch (URISyntaxException | IllegalArgumentException e) {
            return true; // the JDK is to say what is wrong with it
        }
    }

    /**
     * Whether the factory is called by {@code new Socket(Proxy.NO_PROXY)}: such a socket asks no ProxySelector, and the factory's interface does not tell it from
     * another.
     */
    static boolean isCallerDirect() {
        return StackWalker.getInstance(StackWalker.Option.RETAIN_CLASS_REFERENCE).walk(frames -> frames
                .filter(f -> f.getDeclaringClass() == Socket.class && f.getMethodName().equals("<init>"))
                .findFirst()
                .map(f -> f.getMethodType().parameterCount() == 1 && f.getMethodType().parameterType(0) == Proxy.class)
                .orElse(false));
    }
}
