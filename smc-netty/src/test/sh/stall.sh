#!/bin/sh
# stall.sh JAVA_HOME EXPECT [BUSY TURNS]: how long closing a connection whose peer does not read keeps its event loop, and BUSY others on it, waiting
# (io.smc4j.netty.StallBenchmark), beside the same turns without a close. From the host, counted in guest instructions:
#   lab/run --icount --smcr smc-netty/src/test/sh/stall.sh $JAVA_HOME SMC_R
set -eu
java_home=$1 expect=$2
shift 2
module=$(cd "$(dirname "$0")/../../.." && pwd)
. "$module/src/test/sh/classpath.sh"
options=''
[ "$expect" != SMC_R ] || options="-Djava.net.preferIPv4Stack=true"
# shellcheck disable=SC2086 # options are words
exec "$java_home/bin/java" -XX:+UseSerialGC -Xms512m -Xmx512m $options -Dsmc.short.round-trips=0 -Dlogback.configurationFile="$module/src/test/resources/logback-test.xml" \
    ${NETTY_JAVA_OPTS:-} -Dsmc.netty.expect="$expect" -cp "$classpath" io.smc4j.netty.StallBenchmark "$@"
