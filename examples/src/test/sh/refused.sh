#!/bin/sh
# refused.sh JAVA_HOME: on a kernel with AF_SMC and a device, a seccomp filter that answers EPERM to socket(AF_SMC) leaves a program on TCP, with a cause that names the
# way out; without the filter the same program has nothing to say. Needs what mvn package builds, and examples/target/refuse_smc.
set -eu
java=$1/bin/java
cd "$(dirname "$0")/../../.."
err=$(mktemp)
trap 'rm -f "$err"' EXIT
passed=0 failed=0

# run COMMAND...: the program under COMMAND; what it said of SMC is in $said.
run() {
    status=0
    out=$("$@" "$java" -Djava.nio.channels.spi.SelectorProvider=io.smc4j.nio.SmcSelectorProvider -cp ../smc-core/target/classes:target/test-classes \
        io.smc4j.examples.TinyProgram 2>"$err") || status=$?
    echo "--- under $*: $out, exit status $status"
    cat "$err"
    said=$(grep 'connections stay TCP' "$err" || true)
    [ "$status" = 0 ] && [ "$out" = 'echoed 1024' ]
}

count() {
    if [ "$1" = 0 ]; then passed=$((passed + 1)); else failed=$((failed + 1)); fi
}

ok=1
run env && [ -z "$said" ] && ok=0
count "$ok"
ok=1
run target/refuse_smc && case $said in
    *'socket(AF_SMC, SMCPROTO_SMC): EPERM'*'seccomp'*'allow socket family 43'*) ok=0 ;;
esac
count "$ok"
echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
