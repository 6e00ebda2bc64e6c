#!/bin/sh
# echo.sh JAVA_HOME EXPECT SIDE...: 64-byte round trips through Netty (io.smc4j.netty.EchoBenchmark), a JVM for each SIDE: tcp, ours, bare, preload
# (PRELOAD names the library); "tcp,ours" lets them take turns in one JVM. From the host, counted in guest instructions:
#   lab/run --icount smc-netty/src/test/sh/echo.sh $JAVA_HOME SMC_D tcp ours bare
# EXPECT is TCP on a machine without AF_SMC, else SMC_D or SMC_R. NETTY_LINE=4.1 takes that line; NETTY_TRIPS is "trips turns warm-up-turns".
set -eu
java_home=$1 expect=$2
shift 2
module=$(cd "$(dirname "$0")/../../.." && pwd)
. "$module/src/test/sh/classpath.sh"
for side; do
    preload=''
    [ "$side" != preload ] || preload=${PRELOAD:?the preload library}
    # shellcheck disable=SC2086 # words
    LD_PRELOAD=$preload "$java_home/bin/java" -XX:+UseSerialGC -Xms256m -Xmx256m -Dsmc.short.round-trips=0 -Dlogback.configurationFile="$module/src/test/resources/logback-test.xml" \
        ${NETTY_JAVA_OPTS:-} -Dsmc.netty.expect="$expect" -Dsmc.netty.sides="$side" -cp "$classpath" io.smc4j.netty.EchoBenchmark ${NETTY_TRIPS:-}
done
