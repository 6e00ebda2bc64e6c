package io.smc4j.interop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.smc4j.diag.FallbackReason;
import io.smc4j.diag.SmcConnection;
import io.smc4j.diag.SmcMode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** PostgreSQL's JDBC driver with our sockets against a Debian PostgreSQL server with the kernel's TCP. */
@Timeout(240)
class PostgresIT {

    private static Path directory;
    private static Process server;
    private static int port;

    @BeforeAll
    static void start() throws Exception {
        directory = Files.createTempDirectory("smc4j-postgres");
        Path bin = binaries();
        assertEquals(0, asServer(bin.resolve("initdb").toString(), "-D", directory + "/data", "-A", "trust", "-U", "interop", "--no-sync",
                "--locale=C", "--no-instructions").start().waitFor(), "initdb");
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        server = asServer(bin.resolve("postgres").toString(), "-D", directory + "/data", "-p", String.valueOf(port), "-h", "127.0.0.1", "-k", "", "-F",
                "-c", "shared_buffers=16MB", "-c", "logging_collector=off").start();
        for (int i = 0; !isReady(); i++) {
            assertTrue(i < 240 && server.isAlive(), "the server does not start");
            Thread.sleep(250);
        }
    }

    /** The first line of its lock file's last says so, since PostgreSQL 10; asked without a connection, which would teach the policy. */
    private static boolean isReady() throws IOException {
        Path file = directory.resolve("data/postmaster.pid");
        return Files.exists(file) && Files.readString(file).contains("ready");
    }

    private static Path binaries() throws IOException {
        try (Stream<Path> versions = Files.list(Path.of("/usr/lib/postgresql"))) {
            return versions.map(v -> v.resolve("bin")).filter(b -> Files.isExecutable(b.resolve("initdb"))).findFirst().orElseThrow();
        }
    }

    /** The server refuses to be root. */
    private static ProcessBuilder asServer(String... command) throws IOException, InterruptedException {
        List<String> all = new ArrayList<>();
        if ("root".equals(System.getProperty("user.name"))) {
            assertEquals(0, new ProcessBuilder("chown", "postgres", directory.toString()).inheritIO().start().waitFor());
            all.addAll(List.of("setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups", "--"));
        }
        all.addAll(List.of(command));
        ProcessBuilder builder = new ProcessBuilder(all).redirectErrorStream(true).redirectOutput(directory.resolveSibling(directory.getFileName() + ".log").toFile());
        return builder.directory(directory.toFile());
    }

    @AfterAll
    static void stop() throws Exception {
        if (server != null) {
            server.destroy();
            server.waitFor();
        }
        new ProcessBuilder("rm", "-rf", directory.toString(), directory + ".log").start().waitFor();
    }

    private static Connection connect() throws SQLException {
        return DriverManager.getConnection("jdbc:postgresql://127.0.0.1:" + port + "/postgres?user=interop&sslmode=disable&connectTimeout=60");
    }

    @Test
    void worksOverTcpAndTheKernelSaysWhy() throws Exception {
        try (Connection connection = connect()) {
            work(connection);
            if (Ends.EXPECTED == SmcMode.TCP) {
                Ends.check("PostgreSQL", port, 1);
            } else {
                Ends ends = Ends.of(port);
                assertEquals(List.of(), ends.servers(), "the server is plain TCP");
                assertEquals(1, ends.clients().size(), ends.toString());
                SmcConnection client = ends.clients().get(0);
                assertTrue(client.isFallback(), client.describe());
                assertEquals(FallbackReason.PEERNOSMC, client.reason(), client.describe());
                System.out.println("PostgreSQL: client " + client.describe());
                try (Connection second = connect()) { // the peer is remembered: no AF_SMC socket
                    work(second);
                    assertEquals(1, Ends.of(port).clients().size());
                }
            }
            cancels(connection);
        }
    }

    private static void work(Connection connection) throws SQLException {
        connection.setAutoCommit(false);
        try (Statement statement = connection.createStatement()) {
            statement.execute("create temporary table t (id int, v bytea)");
            try (PreparedStatement insert = connection.prepareStatement("insert into t values (?, ?)")) {
                for (int i = 0; i < 100; i++) {
                    insert.setInt(1, i);
                    insert.setBytes(2, new byte[i * 500]);
                    insert.addBatch();
                }
                assertEquals(100, insert.executeBatch().length);
            }
            try (ResultSet rows = statement.executeQuery("select id, v from t order by id")) {
                int count = 0;
                for (; rows.next(); count++) {
                    assertEquals(count * 500, rows.getBytes(2).length);
                }
                assertEquals(100, count);
            }
        }
        connection.rollback();
    }

    /** A time-out of the driver's: it cancels by a second connection. */
    private static void cancels(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.setQueryTimeout(1);
            assertEquals("57014", assertThrows(SQLException.class, () -> statement.execute("select pg_sleep(60)")).getSQLState());
        }
        connection.rollback();
        assertFalse(connection.isClosed());
    }
}
