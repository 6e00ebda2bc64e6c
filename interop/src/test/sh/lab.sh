#!/bin/sh
# lab.sh JAVA_HOME EXPECT [CONSOLE-OPTION...]: software that knows nothing of smc4j, under its agent, in a guest of the lab and without Maven, where Maven
# has packaged it before (mvn -DskipTests package):
#   lab/run --smcd sh interop/src/test/sh/lab.sh $JAVA_HOME SMC_D        (--smcr: SMC_R)
# Options that follow replace the selection, for example: --select-class io.smc4j.interop.TomcatIT
# INTEROP_JAVA_OPTS is handed to java (-Dsmc.interop.tls.mb=100: megabytes over TLS).
# Ends with 'N passed, N failed, N skipped'; fails if a test failed or if none ran.
set -eu
if [ $# -lt 2 ]; then
    echo "usage: lab.sh JAVA_HOME TCP|SMC_D|SMC_R [CONSOLE-OPTION...]" >&2
    exit 2
fi
java_home=$1 expect=$2
shift 2
root=$(cd "$(dirname "$0")/../../../.." && pwd)
agent=$root/smc-core/target/smc-core-0.1.0-SNAPSHOT.jar
if [ ! -f "$agent" ] || [ ! -f "$root/interop/target/test.classpath" ]; then
    echo "lab.sh: nothing built; first run: mvn -DskipTests -pl interop -am package" >&2
    exit 2
fi
[ $# -gt 0 ] || set -- --select-package io.smc4j.interop
# The console has JUnit in it, and the agent's jar has smc-core.
classpath=$(tr ':' '\n' <"$root/interop/target/test.classpath" | grep -v -e '/org/junit/' -e '/smc-core/target' | tr '\n' ':')
classpath=$agent:$root/interop/target/test-classes:$classpath$root/smc-core/target/console/junit-platform-console-standalone.jar

release=$(sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$java_home/release")
options="-XX:+UseSerialGC -Xshare:auto -XX:TieredStopAtLevel=1 -Djava.awt.headless=true"
[ "${release:-17}" -lt 24 ] || options="$options --enable-native-access=ALL-UNNAMED"
# SMC-Rv2 has no IPv4-mapped addresses up to Linux 6.14: a listener has to be IPv4's own.
[ "$expect" != SMC_R ] || options="$options -Djava.net.preferIPv4Stack=true"

. "$root/smc-core/src/test/sh/console.sh"
# Some connections here are short, and the policy would take the destination for one that SMC does not pay for.
# shellcheck disable=SC2086 # options are words
launch "$java_home/bin/java" $options ${INTEROP_JAVA_OPTS:-} "-javaagent:$agent=short.round-trips=0" -Dsmc.interop.expect="$expect" \
    -Djunit.jupiter.execution.timeout.threaddump.enabled=true \
    -cp "$classpath" org.junit.platform.console.ConsoleLauncher execute --include-classname '.*IT' --details="${INTEROP_DETAILS:-tree}" "$@"
end_launches "real software under the agent, expected $expect, JDK $release"
