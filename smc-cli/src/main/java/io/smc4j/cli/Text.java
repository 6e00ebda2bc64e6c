package io.smc4j.cli;

import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;

/** Text for a terminal. */
final class Text {

    private Text() {
    }

    /** {@code 10.0.0.1:80}, {@code [fe80::1]:80}, or "" for null. */
    static String address(InetSocketAddress a) {
        if (a == null) {
            return "";
        }
        String ip = a.getAddress() == null ? a.getHostString() : a.getAddress().getHostAddress();
        return (a.getAddress() instanceof Inet6Address ? "[" + ip + "]" : ip) + ":" + a.getPort();
    }

    /** Columns as wide as their widest cell, two blanks between. */
    static String table(List<List<String>> rows) {
        List<Integer> widths = new ArrayList<>();
        for (List<String> row : rows) {
            for (int i = 0; i < row.size(); i++) {
                if (i == widths.size()) {
                    widths.add(0);
                }
                widths.set(i, Math.max(widths.get(i), row.get(i).length()));
            }
        }
        StringBuilder s = new StringBuilder();
        for (List<String> row : rows) {
            StringBuilder line = new StringBuilder();
            for (int i = 0; i < row.size(); i++) {
                line.append(row.get(i)).append(" ".repeat(widths.get(i) - row.get(i).length() + 2));
            }
            s.append(line.toString().stripTrailing()).append('\n');
        }
        return s.toString();
    }

    /** A bar of at most {@code width} characters for {@code value} of {@code max}. */
    static String bar(long value, long max, int width) {
        return max <= 0 || value <= 0 ? "" : "#".repeat((int) Math.max(1, Math.round((double) value * width / max)));
    }
}
