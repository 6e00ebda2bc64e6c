package io.smc4j.cli.syn;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;

/** Runs inside the client's network namespace: {@code IP PORT RUNS} each, all ports at once; prints {@code IP PORT VERDICT PACKETS} a run. */
final class SynRunner {

    private SynRunner() {
    }

    public static void main(String[] args) throws Exception {
        int runs = Integer.parseInt(args[0]);
        List<Thread> threads = new ArrayList<>();
        for (int i = 1; i < args.length; i += 2) {
            InetSocketAddress target = new InetSocketAddress(InetAddress.getByName(args[i]), Integer.parseInt(args[i + 1]));
            Thread t = new Thread(() -> run(target, runs));
            t.start();
            threads.add(t);
        }
        for (Thread t : threads) {
            t.join();
        }
    }

    private static void run(InetSocketAddress target, int runs) {
        for (int i = 0; i < runs; i++) {
            try {
                SynCheck.Report r = SynCheck.run(target.getAddress().getHostAddress(), target, 700, 10);
                System.out.println("run " + r.address() + " " + r.port() + " " + r.verdict() + " " + r.packets());
            } catch (IOException e) {
                System.out.println("run " + target.getAddress().getHostAddress() + " " + target.getPort() + " " + e);
            }
        }
    }
}
