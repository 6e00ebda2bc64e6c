#!/bin/sh
# fault.sh JAVA_HOME [CONSOLE-OPTION...]: runs the fault suite (io.smc4j.fault) in a guest of the lab, without Maven; Maven has built it
# before (mvn test-compile). From the host:
#   lab/run --smcd smc-core/src/test/sh/fault.sh $JAVA_HOME        (also --smcr and --no-device)
# Options that follow replace the selection of the whole suite, for example: --select-class io.smc4j.fault.MiddleboxTest
# FAULT_JAVA_OPTS is handed to java; FAULT_DETAILS is the launcher's --details (testfeed).
# Ends with 'N passed, N failed, N skipped'; fails if a test failed, if none ran, or if -Xcheck:jni warned of our native code.
set -eu
if [ $# -lt 1 ] || [ -z "${SMC_LAB:-}" ]; then
    echo "usage: lab/run --smcd|--smcr|--no-device fault.sh JAVA_HOME [CONSOLE-OPTION...]" >&2
    exit 2
fi
java_home=$1
shift
module=$(cd "$(dirname "$0")/../../.." && pwd)
console=$module/target/console/junit-platform-console-standalone.jar
if [ ! -f "$console" ] || [ ! -d "$module/target/test-classes/io/smc4j/fault" ]; then
    echo "fault.sh: nothing built in $module/target; first run: mvn -pl smc-core -am test-compile" >&2
    exit 2
fi
[ $# -gt 0 ] || set -- --select-package io.smc4j.fault

release=$(sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$java_home/release")
# A guest is emulated: the second compiler takes more time there than it saves.
# IPv4: SMC-Rv2 takes no IPv4-mapped addresses, and a JDK's channel of no family would use them.
options="-Xcheck:jni -XX:+ErrorFileToStdout -XX:+UseSerialGC -Xshare:auto -XX:TieredStopAtLevel=1 -Djava.awt.headless=true -Djava.net.preferIPv4Stack=true"
[ "${release:-17}" -lt 24 ] || options="$options --enable-native-access=ALL-UNNAMED"

. "$module/src/test/sh/console.sh"
# shellcheck disable=SC2086 # options are words
launch "$java_home/bin/java" $options ${FAULT_JAVA_OPTS:-} \
    -Djava.nio.channels.spi.SelectorProvider=io.smc4j.nio.SmcSelectorProvider \
    -Djunit.jupiter.execution.timeout.threaddump.enabled=true \
    -cp "$console:$module/target/test-classes:$module/target/classes" org.junit.platform.console.ConsoleLauncher \
    execute --details="${FAULT_DETAILS:-testfeed}" "$@"
end_launches "faults, $SMC_LAB, JDK $release"
