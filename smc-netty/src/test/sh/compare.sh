# Two runs of one suite side by side, compared test by test. Sourced by a script whose third argument says which tests, with java_home, module and classpath set, and a function one SIDE [JAVA-OPTION...] that
# leaves JUnit's reports in $out/SIDE.reports; never run. sides OURS JAVA-OPTION CONTROL-OPTION runs both and ends the script. With NETTY_CONTROL=no, which takes half
# the time, there is no control: every test has to pass.
# With LAB_OUT (lab/run --out DIR, or set by hand on a host) the logs are there while they are written, and stay.
out=$(mktemp -d ${LAB_OUT:+-p "$LAB_OUT"})
[ -n "${LAB_OUT:-}" ] || trap 'rm -rf "$out"' EXIT
. "$module/../smc-core/src/test/sh/console.sh"

# An emulated machine takes minutes to note every buffer's way; a machine without AF_SMC does it (and the module's own tests, there too).
case $expect in SMC_*) leaks=simple ;; *) leaks=paranoid ;; esac

# The first compiler alone takes less time in an emulated machine, but for TLS: only the second takes the processor's instructions for AES.
case $3 in whole | *Ssl*) compiler=-XX:TieredStopAtLevel=4 ;; *) compiler=-XX:TieredStopAtLevel=1 ;; esac

# Tests that no AF_SMC socket can pass, with the reason (that of the KnownDifference of smc-core's suite); printed where they fail.
known='SocketRst.testSoLingerZeroCausesOnlyRstOnClose(TestInfo)|LINGER_ZERO_IS_NO_RESET: SO_LINGER 0 makes close not wait, the peer sees an end of stream and no reset
EpollSocketRstTest.testSoLingerZeroCausesOnlyRstOnClose(TestInfo)|LINGER_ZERO_IS_NO_RESET, as above
EpollServerSocketChannelConfigTest.testReusePort()|NO_REUSEPORT: newer kernels refuse SO_REUSEPORT on AF_SMC, here on a listener that is bound; set before bind, it makes a listener stay TCP'

# One line a test: class, name, how it ended.
outcomes() {
    cat "$out/$1.reports"/*.xml 2>/dev/null | awk '
        /<testcase / { match($0, / name="[^"]*"/); n = substr($0, RSTART + 7, RLENGTH - 8)
                       match($0, /classname="[^"]*"/); c = substr($0, RSTART + 11, RLENGTH - 12); how = "passed" }
        /<failure|<error/ { how = "FAILED" }
        /<skipped/ { how = "skipped" }
        /<\/testcase>/ { sub(/.*[.$]/, "", c); print c "." n, how }' | sort >"$out/$1"
}

sides() {
    status=0
    NETTY_CONTROL=${NETTY_CONTROL:-}
    one "$1" ${2:+"$2"} &
    ours=$!
    if [ "$NETTY_CONTROL" = no ]; then
        wait "$ours"
        outcomes "$1"
        sed 's/ FAILED$/ passed/' "$out/$1" >"$out/control" # what would have to be
        if ! grep -q '^Test run finished' "$out/$1.log"; then
            echo "the run did not come to its end:" >&2
            tail -n 20 "$out/$1.log" >&2
            status=1
        fi
    else
        one control ${3:+"$3"} &
        wait "$ours" $!
        outcomes "$1"
        outcomes control
    fi
    for side in "$1" control; do
        [ "$side$NETTY_CONTROL" != controlno ] || continue
        echo "$side: $(grep -c ' passed$' "$out/$side" || true) passed, $(grep -c ' FAILED$' "$out/$side" || true) failed, $(grep -c ' skipped$' "$out/$side" || true) skipped;"
        grep ' FAILED$' "$out/$side" | sed 's/^/  /' || true
    done
    case $expect in SMC_*) "$java_home/bin/java" -XX:+UseSerialGC -cp "$classpath" io.smc4j.netty.KernelCounters || true ;; esac
    diff "$out/control" "$out/$1" >"$out/diff" || true
    case $expect in SMC_*)
        echo "$known" | while IFS='|' read -r name reason; do
            if grep -qxF "$name FAILED" "$out/$1"; then
                echo "known difference: $name: $reason"
                grep -vF "$name" "$out/diff" >"$out/diff2" || true
                mv "$out/diff2" "$out/diff"
            fi
        done
        ;;
    esac
    if grep -q '^< .* passed$' "$out/diff"; then
        echo "passed by the control and not by $1:"
        grep '^< .* passed$' "$out/diff"
        status=1
    fi
    if [ ! -s "$out/$1" ] || [ ! -s "$out/control" ]; then
        echo "no test ran:" >&2
        tail -n 20 "$out"/*.log >&2
        status=1
    fi
    skip_reasons "$out/$1.reports"/*.xml
    # a failure that the control has, too, is not ours
    ours=$(grep -c '^< .* passed$' "$out/diff" || true)
    echo "$(grep -c ' passed$' "$out/$1" || true) passed, $ours failed, $(grep -c ' skipped$' "$out/$1" || true) skipped (failed with the control, too: $(grep -c ' FAILED$' "$out/control" || true))"
    exit "$status"
}
