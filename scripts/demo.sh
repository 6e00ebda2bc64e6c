# ./dev demo. Sourced, never run.

run_demo() {
  local cp=$CORE_JAR:$EXAMPLES_JAR mode word status=0
  set_up_build
  build_jars
  cat <<TEXT
The programs of examples/src/main/java/echo are plain java.nio. With the switch they are run as

  java -Djava.nio.channels.spi.SelectorProvider=io.smc4j.nio.SmcSelectorProvider \\
       -cp smc-core.jar:examples.jar echo.EchoServer 127.0.0.1 7777

TEXT
  java -cp "$cp" io.smc4j.examples.Demo "On this machine" || status=1
  if java -cp "$cp" io.smc4j.examples.Demo --available; then
    return $status
  fi
  "$ROOT/lab/setup" || return 1
  for mode in smcd:SMC_D smcr:SMC_R; do
    word=${mode#*:}
    printf '\n'
    "$ROOT/lab/run" "--${mode%:*}" "$JAVA_HOME/bin/java" -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -cp "$cp" io.smc4j.examples.Demo \
      "In the lab, over ${word/_/-}" "$word" || status=1
  done
  return $status
}
