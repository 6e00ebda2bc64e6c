#!/bin/sh
# lab.sh JAVA_HOME EXPECT [CONSOLE-OPTION...]: the examples on Netty 4.2 and 4.1 as tests, without Maven, which has built them before (mvn test-compile).
# EXPECT is TCP on a machine without AF_SMC, else SMC_D or SMC_R: what the kernel is to say of both ends. From the host:
#   lab/run --smcd --env PRELOAD=preload.so examples/netty/src/test/sh/lab.sh $JAVA_HOME SMC_D
# PRELOAD names the library that gives the Redis server, no Java program, SMC sockets (smc-jmh/src/main/c/preload.c); without it that example is TCP.
set -eu
java_home=$1 expect=$2
shift 2
examples=$(cd "$(dirname "$0")/../../../.." && pwd)
console=$examples/../smc-netty/target/console/junit-platform-console-standalone.jar
[ $# -gt 0 ] || set -- --select-package io.smc4j.examples.netty
options="-XX:+UseSerialGC -Xshare:auto -XX:TieredStopAtLevel=1 -Djava.awt.headless=true -Dio.netty.bootstrap.extensions=serviceload"
# SMC-Rv2 has no IPv4-mapped addresses up to Linux 6.14: a listener has to be IPv4's own.
[ "$expect" != SMC_R ] || options="$options -Djava.net.preferIPv4Stack=true"

passed=0 failed=0 skipped=0
for module in netty netty41; do
    log=$(mktemp)
    classpath=$examples/$module/target/test-classes:$examples/$module/target/classes:$(tr ':' '\n' <"$examples/$module/target/test.classpath" | grep -v '/org/junit/' | tr '\n' ':')
    # shellcheck disable=SC2086 # options are words
    "$java_home/bin/java" $options -Dsmc.netty.expect="$expect" -Dsmc.preload="${PRELOAD:-}" -jar "$console" execute --disable-banner --disable-ansi-colors \
        --details=testfeed --class-path "$classpath" "$@" >"$log" 2>&1 </dev/null || true
    cat "$log"
    count() {
        n=$(sed -n "s/^\[ *\([0-9]*\) tests $1 .*/\1/p" "$log")
        echo "${n:-0}"
    }
    [ "$(count started)" != 0 ] || failed=$((failed + 1))
    passed=$((passed + $(count successful))) failed=$((failed + $(count failed))) skipped=$((skipped + $(count aborted)))
    rm -f "$log"
done
echo "$passed passed, $failed failed, $skipped skipped (examples, expected $expect)"
[ "$failed" = 0 ]
