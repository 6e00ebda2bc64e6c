# Sets classpath to that of smc-netty's tests, as Maven has left it, for NETTY_LINE 4.2 (the default) or 4.1. Sourced with module set, never run.
if [ ! -f "$module/target/test.classpath" ]; then
    echo "$0: nothing built in $module/target; first run: mvn -pl smc-netty -am test-compile" >&2
    exit 2
fi
classpath=$module/target/test-classes:$module/target/classes:$(cat "$module/target/test.classpath")
if [ "${NETTY_LINE:-4.2}" = 4.1 ]; then
    others=$(tr ':' '\n' <"$module/target/test.classpath" | grep -v '/io/netty/' | tr '\n' ':')
    classpath=$module/target/test-classes:$module/target/classes:$(echo "$module"/target/netty41/*.jar | tr ' ' ':'):$others
fi
