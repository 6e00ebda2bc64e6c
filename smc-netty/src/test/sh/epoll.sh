#!/bin/sh
# epoll.sh JAVA_HOME TCP|SMC_D|SMC_R whole|sockets|CLASSNAME-REGEX: Netty's own tests of its epoll transport, the unmodified test jar, twice side by side: with our
# extension and without, the control. Fails where a test passes without it and not with it. On a machine without AF_SMC the extension has nothing to put
# under the channels; in the lab:
#   LAB_TIMEOUT=7200 lab/run --smcd --out DIR smc-netty/src/test/sh/epoll.sh $JAVA_HOME SMC_D sockets
# sockets: the classes of internet sockets without TLS (ten minutes in a guest); '.*EpollSocket(Ssl|StartTls).*Test' is the TLS matrix, and the rest is of UNIX domain sockets,
# datagrams and what has no socket. NETTY_CONTROL=no leaves the control out; NETTY_JAVA_OPTS is handed to java.
# Ends with 'N passed, N failed, N skipped': with the extension.
# Netty's tests have time limits of 2 s and more for themselves; JUnit's, of 20 s a test, are switched off: an emulated machine loads classes for so long.
set -eu
if [ $# -ne 3 ]; then
    echo "usage: epoll.sh JAVA_HOME TCP|SMC_D|SMC_R whole|sockets|CLASSNAME-REGEX" >&2
    exit 2
fi
java_home=$1 expect=$2
module=$(cd "$(dirname "$0")/../../.." && pwd)
. "$module/src/test/sh/classpath.sh"
. "$module/src/test/sh/compare.sh"
console=$module/target/console/junit-platform-console-standalone.jar
tests=$module/target/console/epoll-tests.jar
classpath=$tests:$module/target/console/unix-tests.jar:$(echo "$classpath" | tr ':' '\n' | grep -v '/org/junit/' | tr '\n' ':')

# A peer that never answers, for the tests of connect's time limits: a listener whose backlog is full. Netty's default is an address of the Internet.
hole=$(mktemp -u)
mkfifo "$hole"
python3 -c '
import socket, time
listener = socket.create_server(("127.0.0.1", 0), backlog=0)
clients = [socket.socket() for _ in range(4)]
for client in clients:
    client.setblocking(False)
    client.connect_ex(listener.getsockname())
print(listener.getsockname()[1], flush=True)
time.sleep(1e6)' >"$hole" &
silent=$!
read -r port <"$hole"
rm -f "$hole"
trap 'kill $silent; [ -n "${LAB_OUT:-}" ] || rm -rf "$out"' EXIT

one() {
    side=$1
    shift
    # shellcheck disable=SC2086 # options are words
    "$java_home/bin/java" -XX:+UseSerialGC "$compiler" ${NETTY_JAVA_OPTS:-} -Djava.awt.headless=true -Djava.net.preferIPv4Stack="$([ "$expect" = SMC_R ] && echo true || echo false)" \
        -Dio.netty.leakDetection.level="$leaks" --add-exports java.base/sun.security.x509=ALL-UNNAMED \
        -Dlogback.configurationFile="$module/src/test/resources/logback-test.xml" -Dsmc.netty.expect="$expect" -Dio.netty.testsuite.badHost=127.0.0.1 -Dio.netty.testsuite.badPort="$port" -Djunit.jupiter.execution.timeout.mode=disabled "$@" \
        -jar "$console" execute --disable-banner --disable-ansi-colors --details=testfeed --reports-dir "$out/$side.reports" \
        --class-path "$classpath" --scan-class-path "$tests" --include-classname "$regex" >"$out/$side.log" 2>&1 </dev/null || true
}
case $3 in
    whole) regex='.*Test' ;;
    sockets) regex='.*Epoll(Socket(?!Ssl|StartTls).*|ServerSocket.*|Detect.*|ReuseAddr.*|Splice.*|WriteBefore.*|ChannelConfig.*|IoHandler.*)Test' ;;
    *) regex=$3 ;;
esac
sides with-extension -Dio.netty.bootstrap.extensions=serviceload
