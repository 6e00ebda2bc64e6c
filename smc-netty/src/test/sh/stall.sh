#!/bin/sh
# stall.sh JAVA_HOME EXPECT [BUSY TURNS]: how long closing a connection whose peer does not read keeps its event loop, and BUSY others on it, waiting
# (io.smc4j.netty.StallBenchmark), beside the same turns without a close, with a close of plain TCP, and with the kernel's own. Fails where ours shows. From the
# host, counted in guest instructions:
#   lab/run --icount --smcr smc-netty/src/test/sh/stall.sh $JAVA_HOME SMC_R
# One compiler, soon done, and a young generation that lasts: what these do would look like stalls.
set -eu
java_home=$1 expect=$2
shift 2
module=$(cd "$(dirname "$0")/../../.." && pwd)
. "$module/src/test/sh/classpath.sh"
options=''
[ "$expect" != SMC_R ] || options="-Djava.net.preferIPv4Stack=true"
# shellcheck disable=SC2086 # options are words
exec "$java_home/bin/java" -XX:+UseSerialGC -Xms1g -Xmx1g -Xmn900m -XX:TieredStopAtLevel=1 $options -Dsmc.short.round-trips=0 -Dlogback.configurationFile="$module/src/test/resources/logback-test.xml" \
    ${NETTY_JAVA_OPTS:-} -Dsmc.netty.expect="$expect" -cp "$classpath" io.smc4j.netty.StallBenchmark "$@"
