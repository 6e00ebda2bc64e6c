#!/bin/sh
# lab.sh JAVA_HOME: CPU of "connections" with 5,000 AF_SMC sockets, of a whole JVM from its start to its end, counted in instructions:
#   lab/run --icount --smcd sh smc-cli/src/test/cost/lab.sh $JAVA_HOME
# One guest instruction is one nanosecond there. Before it, in the same guest, what a JVM costs that does nothing, and the command with no sockets.
set -eu
if [ $# -ne 1 ] || [ -z "${SMC_LAB:-}" ]; then
    echo "usage: lab/run --icount --smcd lab.sh JAVA_HOME" >&2
    exit 2
fi
root=$(cd "$(dirname "$0")/../../../.." && pwd)
out=$(mktemp)
ulimit -n 8192
measure() { # measure NAME COMMAND...
    name=$1
    shift
    # user and system time of the child: the shell's own, before and after
    before=$(times | tail -n 1)
    "$@" >"$out" 2>&1
    after=$(times | tail -n 1)
    printf '%s\n%s\n' "$before" "$after" | tr 'ms' '  ' | awk -v name="$name" -v lines="$(wc -l <"$out")" '
        { cpu[NR] = $1 * 60 + $2 + $3 * 60 + $4 }
        END { printf "%-48s %5.2f s  %5d lines\n", name, cpu[2] - cpu[1], lines }'
}
measure "java -version" "$1/bin/java" -version
measure "smc4j connections -a, no sockets" "$1/bin/java" -jar "$root/smc-cli/target/smc-cli.jar" connections -a
python3 -c '
import socket, time
sockets = [socket.socket(43, socket.SOCK_STREAM, 0) for i in range(5000)]
open("/tmp/cost.ready", "w").close()
time.sleep(100000)' &
while [ ! -e /tmp/cost.ready ]; do sleep 0.2; done
measure "smc4j connections -a, 5,000 sockets" "$1/bin/java" -jar "$root/smc-cli/target/smc-cli.jar" connections -a
measure "the same, -XX:TieredStopAtLevel=1 -XX:+UseSerialGC" "$1/bin/java" -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -jar "$root/smc-cli/target/smc-cli.jar" \
    connections -a
kill %1
