#!/bin/sh
# lab.sh JAVA_HOME [all]: runs the command line's tests on a live kernel in a guest of the lab, without Maven, where Maven has packaged it before:
#   lab/run --smcd sh smc-cli/src/test/sh/lab.sh $JAVA_HOME        (also --smcr and --no-device)
# With "all" also the slow ones: an option that is dropped, a JVM to which nearly everything is refused.
# Ends with 'N passed, N failed, N skipped'; fails if a test failed, if one was skipped, or if none ran.
set -eu
if [ $# -lt 1 ] || [ -z "${SMC_LAB:-}" ]; then
    echo "usage: lab/run --smcd|--smcr|--no-device lab.sh JAVA_HOME [all]" >&2
    exit 2
fi
root=$(cd "$(dirname "$0")/../../../.." && pwd)
# BenchLabTest comes first: after the thousands of connections of CliLabTest its own were TCP.
# What is refused is refused the same whatever the device, and what bench needs of a connection is the same: once is enough.
restricted=
[ "${2:-}" = all ] || restricted='--exclude-tag slow'
if [ "$SMC_LAB" = smcd ]; then restricted="--select-class io.smc4j.cli.BenchLabTest --select-class io.smc4j.cli.RestrictedLabTest $restricted"; fi
. "$root/smc-core/src/test/sh/console.sh"
# shellcheck disable=SC2086 # options are words
launch "$1/bin/java" -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Djava.awt.headless=true \
    -cp "$root/smc-core/target/console/junit-platform-console-standalone.jar:$root/smc-cli/target/test-classes:$root/smc-cli/target/smc-cli.jar" \
    org.junit.platform.console.ConsoleLauncher execute --details=tree \
    $restricted --select-class io.smc4j.cli.CliLabTest --select-class io.smc4j.cli.syn.IntrusiveLabTest
[ "$skipped" = 0 ] || status=1
end_launches "command line, $SMC_LAB"
