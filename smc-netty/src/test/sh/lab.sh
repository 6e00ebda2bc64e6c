#!/bin/sh
# lab.sh JAVA_HOME EXPECT [CONSOLE-OPTION...]: runs the tests of smc-netty without Maven, where Maven has built them before
# (mvn -pl smc-netty -am test-compile). EXPECT is MPTCP, SMC_D or SMC_R. Options that follow replace the selection, for example:
#   --select-class io.smc4j.netty.ConnectTest
#   --select-package io.smc4j.netty.suite --include-classname '.*'      (Netty's own suite, whole)
# NETTY_LINE=4.1 takes Netty 4.1 instead of 4.2; NETTY_JAVA_OPTS is handed to java; NETTY_DETAILS is the launcher's --details.
# Ends with 'N passed, N failed, N skipped'; fails if a test failed, if none ran, if a buffer leaked, or if -Xcheck:jni warned of our code.
set -eu
if [ $# -lt 2 ]; then
    echo "usage: lab.sh JAVA_HOME MPTCP|SMC_D|SMC_R [CONSOLE-OPTION...]" >&2
    exit 2
fi
java_home=$1 expect=$2
shift 2
module=$(cd "$(dirname "$0")/../../.." && pwd)
console=$module/target/console/junit-platform-console-standalone.jar
. "$module/src/test/sh/classpath.sh"
[ $# -gt 0 ] || set -- --select-package io.smc4j.netty --exclude-package io.smc4j.netty.suite --select-class io.smc4j.fault.NettyMiddleboxTest

# The console has JUnit in it.
classpath=$(echo "$classpath" | tr ':' '\n' | grep -v '/org/junit/' | tr '\n' ':')

release=$(sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$java_home/release")
options="-Xcheck:jni -XX:+ErrorFileToStdout -XX:+UseSerialGC -Xshare:auto -XX:TieredStopAtLevel=1 -Djava.awt.headless=true"
options="$options -Dio.netty.leakDetection.level=paranoid"
options="$options --add-exports java.base/sun.security.x509=ALL-UNNAMED -Dlogback.configurationFile=$module/src/test/resources/logback-test.xml"
[ "${release:-17}" -lt 24 ] || options="$options --enable-native-access=ALL-UNNAMED"
# SMC-Rv2 has no IPv4-mapped addresses up to Linux 6.14: a listener has to be IPv4's own.
[ "$expect" != SMC_R ] || options="$options -Djava.net.preferIPv4Stack=true"

. "$module/../smc-core/src/test/sh/console.sh"
# shellcheck disable=SC2086 # options are words
launch "$java_home/bin/java" $options ${NETTY_JAVA_OPTS:-} -Dsmc.netty.expect="$expect" -Dsmc.netty.line="${NETTY_LINE:-4.2}" -Dsmc.netty.classpath="$classpath" \
    -Djunit.jupiter.execution.timeout.threaddump.enabled=true \
    -jar "$console" execute --details="${NETTY_DETAILS:-summary}" --class-path "$classpath" "$@"
if grep -q 'LEAK: ' "$launch_log"; then
    echo "lab.sh: a buffer leaked (see above)" >&2
    status=1
fi
end_launches "expected $expect, Netty ${NETTY_LINE:-4.2}, JDK $release"
