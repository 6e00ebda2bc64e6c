#!/usr/bin/env python3
"""host.py JAVA_HOME [SOCKETS]: CPU of "connections" with 5,000 sockets on a machine without AF_SMC, of a whole JVM from its start to its end.

Opens SOCKETS (5,000) TCP sockets and gives smc_diag's answer for them, each an SMC-D connection with buffers, cursors and tokens, to the command by replay.c;
everything else of the command is as ever, the search for the owners of the sockets included. Before it the same JVM that does nothing but -version.
"""
import os
import resource
import socket
import statistics
import struct
import subprocess
import sys
import tempfile

ROUNDS = 5
DATAGRAM = 32_000
root = os.path.abspath(os.path.join(os.path.dirname(__file__), "../../../.."))
java = os.path.join(sys.argv[1], "bin/java")
count = int(sys.argv[2]) if len(sys.argv) > 2 else 5000


def attribute(kind, value):
    return struct.pack("=HH", 4 + len(value), kind) + value + bytes(-len(value) % 4)


def message(i, inode):
    m = struct.pack("=BBBB", 43, 1, 2, 0) + struct.pack(">HH", 80, 1024 + i)
    m += bytes([10, 0, i >> 8, i & 255]) + bytes(12) + bytes([10, 1, 0, 1]) + bytes(12)
    m += struct.pack("=IIIIQ", 0, i, 0, 0, inode)
    m += attribute(3, b"\0") + attribute(5, bytes(8)) + attribute(1, struct.pack("=IIII", i, 65536, 65536, 65504) + bytes(60))
    m += attribute(4, struct.pack("=IIQQQQQQ", 0x100, 0, i, i, i, i, i, i))
    return struct.pack("=IHHII", 16 + len(m), 20, 2, 1, 0) + m


def cpu(arguments, environment):
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    out = subprocess.run([java] + arguments, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=True).stdout
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, out.decode().splitlines()


resource.setrlimit(resource.RLIMIT_NOFILE, (count + 100, max(count + 100, resource.getrlimit(resource.RLIMIT_NOFILE)[1])))
with tempfile.TemporaryDirectory() as d:
    shim = os.path.join(d, "replay.so")
    subprocess.run(["gcc", "-shared", "-fPIC", "-O2", "-Wall", "-Wextra", "-Werror", "-o", shim, os.path.join(os.path.dirname(__file__), "replay.c"), "-ldl"],
                   check=True)
    sockets = [socket.socket() for _ in range(count)]
    messages = [message(i, os.fstat(s.fileno()).st_ino) for i, s in enumerate(sockets)] + [struct.pack("=IHHIIi", 20, 3, 2, 1, 0, 0)]
    replay = os.path.join(d, "replay.bin")
    with open(replay, "wb") as f:
        part = b""
        for m in messages + [None]:
            if m is None or len(part) + len(m) > DATAGRAM:
                f.write(struct.pack("=I", len(part)) + part)
                part = b""
            part += m or b""
    jar = os.path.join(root, "smc-cli/target/smc-cli.jar")
    for name, arguments in [("java -version", ["-version"]), ("smc4j --version", ["-jar", jar, "--version"]),
                            ("smc4j connections, %d sockets" % count, ["-jar", jar, "connections"]),
                            ("smc4j connections --json, %d sockets" % count, ["-jar", jar, "connections", "--json"]),
                            ("the first, -XX:TieredStopAtLevel=1 -XX:+UseSerialGC",
                             ["-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-jar", jar, "connections"])]:
        environment = dict(os.environ)
        if "sockets" in name or "first" in name:
            environment.update(LD_PRELOAD=shim, DIAG_REPLAY=replay)
        runs = [cpu(arguments, environment) for _ in range(ROUNDS)]
        lines = runs[0][1]
        if "connections" in arguments and "--json" not in arguments:
            owned = sum("/python3" in line for line in lines)
            assert len(lines) == count + 1 and owned == count, "%d lines, %d with their owner: %s" % (len(lines), owned, lines[:3])
        print("%-56s %5.2f s of CPU, median of %d; %5.2f to %5.2f" % (name, statistics.median(r[0] for r in runs), ROUNDS, min(r[0] for r in runs),
                                                                     max(r[0] for r in runs)))
