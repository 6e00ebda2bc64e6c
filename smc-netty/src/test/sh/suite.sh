#!/bin/sh
# suite.sh JAVA_HOME MPTCP|SMC_D|SMC_R whole|no-tls|REGEX: Netty's own test suite (netty-testsuite) on our transport and, beside it, on Netty's epoll, the
# control. Fails where ours does not pass what the control passes. From the host, whole, over SMC-D (an hour; half of it with NETTY_CONTROL=no):
#   LAB_TIMEOUT=7200 lab/run --smcd smc-netty/src/test/sh/suite.sh $JAVA_HOME SMC_D whole
# no-tls leaves the TLS matrix out (five minutes); REGEX is of nested classes' names, so that the suite can be run in parts: 'Socket(Ssl|StartTls).*' is the TLS
# matrix. NETTY_LINE=4.1 takes Netty 4.1. With lab/run --out DIR the logs are there while it runs.
# Ends with 'N passed, N failed, N skipped': ours.
# Netty's tests have time limits of 2 s and more for themselves; JUnit's, of 20 s a test, are switched off: an emulated machine loads classes for so long.
set -eu
if [ $# -ne 3 ]; then
    echo "usage: suite.sh JAVA_HOME MPTCP|SMC_D|SMC_R whole|no-tls|REGEX" >&2
    exit 2
fi
java_home=$1 expect=$2
module=$(cd "$(dirname "$0")/../../.." && pwd)
. "$module/src/test/sh/classpath.sh"
. "$module/src/test/sh/compare.sh"
case $3 in
    whole) select="--select-package io.smc4j.netty.suite --include-classname .*Suite.*" ;;
    no-tls) select="--select-package io.smc4j.netty.suite --include-classname .*NettySuite.*" ;;
    *) select="--select-package io.smc4j.netty.suite --include-classname .*Suite.(${3})" ;;
esac

one() {
    side=$1
    shift
    # shellcheck disable=SC2086 # options are words
    NETTY_JAVA_OPTS="$compiler ${NETTY_JAVA_OPTS:-} -Dsmc.netty.patience=5000 -Dio.netty.leakDetection.level=$leaks -Djunit.jupiter.execution.timeout.mode=disabled $*" NETTY_DETAILS=testfeed sh "$module/src/test/sh/lab.sh" "$java_home" "$expect" $select \
        --reports-dir "$out/$side.reports" >"$out/$side.log" 2>&1 || true
}
sides ours '' -Dsmc.netty.suite=epoll
