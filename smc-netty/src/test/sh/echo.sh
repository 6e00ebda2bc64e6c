#!/bin/sh
# echo.sh JAVA_HOME EXPECT SIDE...: 64-byte round trips through Netty (io.smc4j.netty.EchoBenchmark), a JVM for each SIDE: tcp, ours, bare, preload
# (PRELOAD names the library); "tcp,ours" lets them take turns in one JVM. From the host, counted in guest instructions:
#   lab/run --icount smc-netty/src/test/sh/echo.sh $JAVA_HOME SMC_D tcp ours bare
# EXPECT is TCP on a machine without AF_SMC, else SMC_D or SMC_R. NETTY_LINE=4.1 takes that line; NETTY_TRIPS is "trips turns warm-up-turns".
# NETTY_STRACE=yes prints instead the system calls of a round trip (never with --icount, whose figures it would spoil); NETTY_TRIPS is "trips 1 0" then.
set -eu
java_home=$1 expect=$2
shift 2
module=$(cd "$(dirname "$0")/../../.." && pwd)
. "$module/src/test/sh/classpath.sh"
for side; do
    preload=''
    [ "$side" != preload ] || preload=${PRELOAD:?the preload library}
    trace=''
    if [ "${NETTY_STRACE:-}" = yes ]; then
        calls=$(mktemp)
        trace="strace -f -qq -c -o $calls"
        : "${NETTY_TRIPS:=20000 1 0}"
    fi
    # shellcheck disable=SC2086 # words
    $trace env LD_PRELOAD="$preload" "$java_home/bin/java" -XX:+UseSerialGC -Xms256m -Xmx256m -Dsmc.short.round-trips=0 -Dlogback.configurationFile="$module/src/test/resources/logback-test.xml" \
        ${NETTY_JAVA_OPTS:-} -Dsmc.netty.expect="$expect" -Dsmc.netty.sides="$side" -cp "$classpath" io.smc4j.netty.EchoBenchmark ${NETTY_TRIPS:-}
    if [ -n "$trace" ]; then
        # what a socket's or an event loop's call can be, unless it is of the JVM's start
        awk -v trips="${NETTY_TRIPS%% *}" -v side="$side" '$NF ~ /^(epoll|send|recv|write|getsockopt|setsockopt|ioctl|fcntl|poll|timerfd)/ && $4 >= trips / 50 {
            printf "%s: %s %.2f a round trip\n", side, $NF, $4 / trips }' "$calls"
        rm -f "$calls"
    fi
done
