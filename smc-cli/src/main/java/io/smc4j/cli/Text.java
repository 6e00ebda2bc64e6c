package io.smc4j.cli;

import java.net.Inet6Address;
import java.net.InetSocketAddress;
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

    /** At least {@code width} hexadecimal digits; {@code String.format}, a table's thousands of cells long, is most of the time. */
    static String hex(long n, int width) {
        return padded(Long.toHexString(n), width);
    }

    /** At least {@code width} decimal digits. */
    static String decimal(long n, int width) {
        return padded(Long.toString(n), width);
    }

    private static String padded(String digits, int width) {
        return digits.length() >= width ? digits : "0".repeat(width - digits.length()) + digits;
    }

    /** Columns as wide as their widest cell, two blanks between. */
    static String table(List<List<String>> rows) {
        int[] widths = new int[rows.stream().mapToInt(List::size).max().orElse(0)];
        for (List<String> row : rows) {
            for (int i = 0; i < row.size(); i++) {
                widths[i] = Math.max(widths[i], row.get(i).length());
            }
        }
        StringBuilder s = new StringBuilder();
        for (List<String> row : rows) {
            int blanks = 0; // owed, so that no line ends in one
            for (int i = 0; i < row.size(); i++) {
                String cell = row.get(i);
                if (!cell.isEmpty()) {
                    s.append(" ".repeat(blanks)).append(cell);
                    blanks = 0;
                }
                blanks += widths[i] - cell.length() + 2;
            }
            s.append('\n');
        }
        return s.toString();
    }

    /** A bar of at most {@code width} characters for {@code value} of {@code max}. */
    static String bar(long value, long max, int width) {
        return max <= 0 || value <= 0 ? "" : "#".repeat((int) Math.max(1, Math.round((double) value * width / max)));
    }
}
