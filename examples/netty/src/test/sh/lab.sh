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

. "$examples/../smc-core/src/test/sh/console.sh"
for module in netty netty41; do
    classpath=$examples/$module/target/test-classes:$examples/$module/target/classes:$(tr ':' '\n' <"$examples/$module/target/test.classpath" | grep -v '/org/junit/' | tr '\n' ':')
    # shellcheck disable=SC2086 # options are words
    launch "$java_home/bin/java" $options -Dsmc.netty.expect="$expect" -Dsmc.preload="${PRELOAD:-}" -jar "$console" execute --details=testfeed --class-path "$classpath" "$@"
done
end_launches "examples, expected $expect"
