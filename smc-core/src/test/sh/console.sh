# What the scripts share that run tests in JUnit's console launcher, in a guest or on a host, without Maven. Sourced, never run.
#
# launch COMMAND...: runs a launcher, shows what it prints as it comes (a run that hangs shows where), then "skipped: REASON" and "failed in: CLASS" once for each, and adds
# its tests to those of launches before.
# end_launches WHAT: ends the script with "N passed, N failed, N skipped (WHAT)"; badly where a test failed, where a launch had none that passed, and where -Xcheck:jni warned of our
# native code.
#
# skip_reasons REPORT...: of reports in XML, JUnit's or Surefire's, why tests were skipped: "skipped: REASON (N times)", once for each.

begin_launches() {
    passed=0 failed=0 skipped=0 status=0
    launch_log=$(mktemp) launch_reports=$(mktemp -d)
    trap 'rm -rf "$launch_log" "$launch_log.status" "$launch_reports"' EXIT
}

launch() {
    [ -n "${launch_log:-}" ] || begin_launches
    rm -f "$launch_reports"/*
    case " $* " in
        *' --reports-dir '*) ;;
        *) set -- "$@" --reports-dir "$launch_reports" ;;
    esac
    {
        ended=0
        "$@" --disable-banner --disable-ansi-colors 2>&1 </dev/null || ended=$?
        echo "$ended" >"$launch_log.status"
    } | tee "$launch_log"
    [ "$(cat "$launch_log.status")" = 0 ] || status=$(cat "$launch_log.status")
    skip_reasons "$launch_reports"/*.xml
    cat "$launch_reports"/*.xml 2>/dev/null | awk '
        /<testcase / { match($0, / classname="[^"]*"/); class = substr($0, RSTART + 12, RLENGTH - 13) }
        (/<failure/ || /<error/) && !seen[class]++ { print "failed in: " class }'
    passed=$((passed + $(launched 'tests successful')))
    failed=$((failed + $(launched 'tests failed') + $(launched 'containers failed'))) # a container: a class that could not even begin
    skipped=$((skipped + $(launched 'tests aborted') + $(launched 'tests skipped')))
    if [ "$(launched 'tests successful')" = 0 ]; then
        echo "$0: no test ran to its end and passed" >&2
        status=1
    fi
    # The line after a warning is the native method's own frame.
    if awk '/WARNING in native method|FATAL ERROR in native method|WARNING: JNI local refs/ { warned = 1; next }
            warned && /^\tat / { if (/io\.smc4j\.internal\.JniCalls/) ours = 1; warned = 0 }
            END { exit !ours }' "$launch_log"; then
        echo "$0: -Xcheck:jni warned of our native code (see above)" >&2
        status=1
    fi
}

# The reason is in an attribute, or in the text, before which an assumption has its exception's name.
skip_reasons() {
    sed -n -e 's/.*<skipped message="\([^"]*\)".*/\1/p;t' -e 's/.*<skipped[^>]*><!\[CDATA\[\(.*\)/\1/p' "$@" 2>/dev/null |
        sed -e 's/\]\]>.*//' -e 's/^org\.opentest4j\.TestAbortedException: //' -e 's/^Assumption failed: //' | sort | uniq -c |
        sed 's/^ *\([0-9]*\) \(.*\)$/skipped: \2 (\1 times)/'
}

# launched WHAT: a number of the last launch's summary.
launched() {
    n=$(sed -n "s/^\[ *\([0-9]*\) $1 .*/\1/p" "$launch_log")
    echo "${n:-0}"
}

end_launches() {
    [ "$failed" = 0 ] || [ "$status" != 0 ] || status=1
    echo "$passed passed, $failed failed, $skipped skipped ($1)"
    exit "$status"
}
