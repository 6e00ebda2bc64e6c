#!/bin/sh
# short.sh JAVA_HOME [cost|learned]: counts the instructions of short connections; Maven has built the classes before (mvn test-compile).
#   lab/run --icount smc-core/src/test/sh/short.sh $JAVA_HOME
# 'cost' prints what smc.short.round-trips is derived from, 'learned' fails if short connections cost more than 1.05 of a plain client's in each of four counts.
set -eu
if [ $# -lt 1 ] || [ -z "${SMC_LAB:-}" ]; then
    echo "usage: lab/run --icount short.sh JAVA_HOME [cost|learned]" >&2
    exit 2
fi
module=$(cd "$(dirname "$0")/../../.." && pwd)
status=0
run() { # run JAVA_HOME NAME JAVA-OPTION
    "$1/bin/java" -XX:+UseSerialGC -Djava.net.preferIPv4Stack=true "$3" \
        -Djava.nio.channels.spi.SelectorProvider=io.smc4j.nio.SmcSelectorProvider \
        -cp "$module/target/test-classes:$module/target/classes:$module/target/console/junit-platform-console-standalone.jar" \
        io.smc4j.fault.ShortConnections "$2" || status=$?
}
[ "${2:-cost}" != cost ] || run "$1" cost -Dsmc.short.round-trips=0
[ "${2:-learned}" != learned ] || run "$1" learned -Dsmc.log=false
exit "$status"
