#!/bin/sh
# contract.sh JAVA_HOME PROVIDER EXPECT [CONSOLE-OPTION...]: runs the contract suite (io.smc4j.contract) without Maven, where Maven
# has built it before (mvn test-compile). PROVIDER is jdk, smc or mptcp (ours with MPTCP sockets in the place of SMC's, on kernels
# without AF_SMC); EXPECT is TCP, SMC_D, SMC_R or MPTCP. Options that follow replace the selection of the whole suite, for example:
# --select-class io.smc4j.contract.PathTest
# CONTRACT_JAVA_OPTS is handed to java; CONTRACT_CLASS_PATH stands before the class path; CONTRACT_DETAILS is the launcher's --details
# (summary; testfeed shows each test as it begins, tree shows times).
# Ends with 'N passed, N failed, N skipped'; fails if a test failed, if none ran, or if -Xcheck:jni warned of our native code.
set -eu
if [ $# -lt 3 ]; then
    echo "usage: contract.sh JAVA_HOME jdk|smc|mptcp TCP|SMC_D|SMC_R|MPTCP [CONSOLE-OPTION...]" >&2
    exit 2
fi
java_home=$1 provider=$2 expect=$3
shift 3
module=$(cd "$(dirname "$0")/../../.." && pwd)
console=$module/target/console/junit-platform-console-standalone.jar
if [ ! -f "$console" ] || [ ! -d "$module/target/test-classes/io/smc4j/contract" ]; then
    echo "contract.sh: nothing built in $module/target; first run: mvn -pl smc-core -am test-compile" >&2
    exit 2
fi
[ $# -gt 0 ] || set -- --select-package io.smc4j.contract

release=$(sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$java_home/release")
options="-Xcheck:jni -XX:+ErrorFileToStdout -XX:+UseSerialGC -Xshare:auto -Djava.awt.headless=true"
# In a guest, which is emulated, the second compiler takes more time than it saves.
[ -z "${SMC_LAB:-}" ] || options="$options -XX:TieredStopAtLevel=1"
[ "${release:-17}" -lt 24 ] || options="$options --enable-native-access=ALL-UNNAMED"
case $provider in
    smc) options="$options -Djava.nio.channels.spi.SelectorProvider=io.smc4j.nio.SmcSelectorProvider" ;;
    mptcp) options="$options -Djava.nio.channels.spi.SelectorProvider=io.smc4j.nio.StandInProvider" ;;
esac
# Many connections of the suite are short, and the policy would take the destination for one that SMC does not pay for.
options="$options -Dsmc.short.round-trips=0"

. "$module/src/test/sh/console.sh"
# shellcheck disable=SC2086 # options are words
launch "$java_home/bin/java" $options ${CONTRACT_JAVA_OPTS:-} \
    -Dsmc.contract.provider="$provider" -Dsmc.contract.expect="$expect" \
    -Djunit.jupiter.execution.timeout.threaddump.enabled=true \
    -cp "${CONTRACT_CLASS_PATH:+$CONTRACT_CLASS_PATH:}$console:$module/target/test-classes:$module/target/classes" org.junit.platform.console.ConsoleLauncher \
    execute --details="${CONTRACT_DETAILS:-summary}" "$@"
end_launches "provider $provider, expected $expect, JDK $release"
