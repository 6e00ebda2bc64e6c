#!/bin/sh
# suite.sh JAVA_HOME MPTCP|SMC_D|SMC_R whole|no-tls|quick: Netty's own test suite (netty-testsuite) on our transport and, beside it, on Netty's epoll, the
# control. Fails where ours does not pass what the control passes. From the host, whole, over SMC-D (tens of minutes):
#   LAB_TIMEOUT=7200 lab/run --smcd smc-netty/src/test/sh/suite.sh $JAVA_HOME SMC_D whole
# no-tls leaves the TLS matrix out; quick takes the classes in which most can go wrong with a transport. NETTY_LINE=4.1 takes Netty 4.1.
# Ends with 'N passed, N failed, N skipped': ours.
set -eu
if [ $# -ne 3 ]; then
    echo "usage: suite.sh JAVA_HOME MPTCP|SMC_D|SMC_R whole|no-tls|quick" >&2
    exit 2
fi
java_home=$1 expect=$2
module=$(cd "$(dirname "$0")/../../.." && pwd)
. "$module/src/test/sh/classpath.sh"
suite=io.smc4j.netty.suite.NettySuite
case $3 in
    whole) select="--select-package io.smc4j.netty.suite --include-classname .*Suite.*" ;;
    no-tls) select="--select-package io.smc4j.netty.suite --include-classname .*NettySuite.*" ;;
    quick)
        select=''
        for class in SocketAddresses SocketAutoRead SocketBufRelease SocketCancelWrite SocketChannelNotYetConnected SocketCloseForcibly SocketConnect SocketConnectionAttempt \
            SocketDataReadInitialState SocketHalfClosed SocketMultipleConnect SocketReadPending SocketRst SocketShutdownOutputByPeer SocketShutdownOutputBySelf \
            ServerSocketSuspend WriteBeforeRegistered; do
            select="$select --select-class $suite\$$class"
        done
        ;;
    *) echo "suite.sh: whole, no-tls or quick, not '$3'" >&2; exit 2 ;;
esac
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT

# one SIDE [JAVA-OPTION...]: runs the suite, leaves what passed and failed in $out/SIDE.
one() {
    side=$1
    shift
    # shellcheck disable=SC2086 # options are words
    NETTY_JAVA_OPTS="${NETTY_JAVA_OPTS:-} -Dsmc.netty.patience=5000 $*" sh "$module/src/test/sh/lab.sh" "$java_home" "$expect" $select --reports-dir "$out/$side.reports" \
        >"$out/$side.log" 2>&1 || true
    # One line a test: its name, the nested class's, and how it ended.
    cat "$out/$side.reports"/*.xml 2>/dev/null | awk '
        /<testcase / { match($0, /name="[^"]*"/); n = substr($0, RSTART + 6, RLENGTH - 7)
                       match($0, /classname="[^"]*"/); c = substr($0, RSTART + 11, RLENGTH - 12); how = "passed" }
        /<failure|<error/ { how = "FAILED" }
        /<skipped/ { how = "skipped" }
        /<\/testcase>/ { sub(/.*\$/, "", c); print c "." n, how }' | sort >"$out/$side"
}
one ours &
one control -Dsmc.netty.suite=epoll &
wait
for side in ours control; do
    echo "$side: $(grep -aE '^[0-9]+ passed' "$out/$side.log" || echo 'no result')"
    grep FAILED "$out/$side" | sed 's/^/  /' || true
done
"$java_home/bin/java" -XX:+UseSerialGC -cp "$classpath" io.smc4j.netty.KernelCounters || true
cat "$out/ours.log"
status=0
diff "$out/control" "$out/ours" >"$out/diff" || true
if grep -q '^< .* passed$' "$out/diff"; then
    echo "suite.sh: passed by the control and not by ours:"
    grep '^< .* passed$' "$out/diff"
    status=1
fi
if [ ! -s "$out/ours" ]; then
    echo "suite.sh: no test ran" >&2
    status=1
fi
echo "$(grep -c passed "$out/ours" || true) passed, $(grep -c FAILED "$out/ours" || true) failed, $(grep -c skipped "$out/ours" || true) skipped (control: $(grep -c passed "$out/control" || true) passed, $(
    grep -c FAILED "$out/control" || true) failed)"
exit "$status"
