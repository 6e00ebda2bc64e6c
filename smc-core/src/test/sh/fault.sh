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

log=$(mktemp)
reports=$(mktemp -d)
trap 'rm -rf "$log" "$log.status" "$reports"' EXIT
# shellcheck disable=SC2086 # options are words
{ "$java_home/bin/java" $options ${FAULT_JAVA_OPTS:-} \
    -Djava.nio.channels.spi.SelectorProvider=io.smc4j.nio.SmcSelectorProvider \
    -Djunit.jupiter.execution.timeout.threaddump.enabled=true \
    -cp "$console:$module/target/test-classes:$module/target/classes" org.junit.platform.console.ConsoleLauncher \
    execute --disable-banner --disable-ansi-colors --reports-dir "$reports" --details="${FAULT_DETAILS:-testfeed}" "$@" 2>&1 </dev/null && status=0 || status=$?
    echo "$status" >"$log.status"; } | tee "$log" # as it comes: a run that hangs shows where
status=$(cat "$log.status")

# Why tests were skipped, each reason once.
cat "$reports"/*.xml 2>/dev/null | sed -n 's/.*<skipped[^>]*><!\[CDATA\[\(.*\)/\1/p' | sed 's/\]\]>.*//' | sort | uniq -c |
    sed 's/^ *\([0-9]*\) \(.*\)$/skipped: \2 (\1 times)/'

count() {
    n=$(sed -n "s/^\[ *\([0-9]*\) $1 .*/\1/p" "$log")
    echo "${n:-0}"
}
passed=$(count 'tests successful')
failed=$(($(count 'tests failed') + $(count 'containers failed'))) # a container: a class that could not even begin
skipped=$(($(count 'tests aborted') + $(count 'tests skipped') + $(count 'containers skipped')))
# The line after a warning is the native method's own frame.
if awk '/WARNING in native method|FATAL ERROR in native method|WARNING: JNI local refs/ { warned = 1; next }
        warned && /^\tat / { if (/io\.smc4j\.internal\.JniCalls/) ours = 1; warned = 0 }
        END { exit !ours }' "$log"; then
    echo "fault.sh: -Xcheck:jni warned of our native code (see above)" >&2
    status=1
fi
if [ "$passed" -eq 0 ] && [ "$status" -eq 0 ]; then
    echo "fault.sh: no test ran" >&2
    status=1
fi
echo "$passed passed, $failed failed, $skipped skipped (faults, $SMC_LAB, JDK $release)"
exit "$status"
