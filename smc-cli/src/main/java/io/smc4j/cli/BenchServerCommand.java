package io.smc4j.cli;

import io.smc4j.cli.bench.Addresses;
import io.smc4j.cli.bench.EchoServer;
import io.smc4j.cli.bench.Plan;
import io.smc4j.cli.bench.ServerProcess;
import io.smc4j.cli.bench.Side;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code bench server}. */
@Command(name = "server", mixinStandardHelpOptions = true,
        description = {"The echo server of bench, for a client on another host. It answers HTTP and raw bytes.",
            "A listener of side smc takes TCP clients as well; a listener of side tcp is the JDK's own."})
final class BenchServerCommand implements Callable<Integer> {

    private static final int ORPHAN_SECONDS = 15;

    @Mixin
    private Output output;
    @Option(names = "--listen", paramLabel = "[SIDE=]HOST:PORT", required = true, description = "Where to listen; once or twice, as tcp=HOST:PORT and smc=HOST:PORT. Without a side: smc.")
    private List<String> listen;
    @Option(names = "--threads", paramLabel = "N", description = "Selectors of each listener (a quarter of the processors, 1 to 4).")
    private int threads = Plan.defaultThreads();
    @Option(names = "--until-stdin-ends", hidden = true, description = "For a process that another one started.")
    private boolean untilStdinEnds;

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (threads < 1 || threads > 64) {
            throw new IllegalArgumentException("--threads " + threads + ": expected from 1 to 64");
        }
        List<EchoServer> servers = new ArrayList<>();
        try {
            for (String l : listen) {
                int equals = l.indexOf('=');
                Side side = equals < 0 ? Side.SMC : Side.of(l.substring(0, equals));
                InetSocketAddress address = Addresses.parse(l.substring(equals + 1), 0);
                EchoServer server = new EchoServer(side, address, threads);
                servers.add(server);
                output.out().println(ServerProcess.LISTENING + " " + side.word() + " " + Addresses.text(server.address()));
                output.out().flush();
            }
            if (untilStdinEnds) {
                awaitParent();
            } else {
                new CountDownLatch(1).await(); // until it is killed
            }
        } finally {
            for (EchoServer s : servers) {
                s.close();
            }
        }
        return SmcCli.OK;
    }

    /** Ctrl-C reaches this process too: it serves on until the client has its last answers and closes the pipe. */
    private static void awaitParent() throws IOException {
        CountDownLatch over = new CountDownLatch(1);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            try {
                over.await(ORPHAN_SECONDS, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }));
        try {
            while (System.in.read() >= 0) {
                continue;
            }
        } finally {
            over.countDown();
        }
    }
}
