# ./dev bench. Sourced, never run.

BENCH=$ROOT/target/bench

build_bench() {
  set_up_build
  maven -q -Dmaven.test.skip=true -Dmaven.javadoc.skip=true -pl smc-jmh -am package || die "the build failed"
  mkdir -p "$BENCH"
  gcc -shared -fPIC -O2 -Wall -Wextra -Werror -o "$BENCH/preload.so" smc-jmh/src/main/c/preload.c -ldl
}

run_bench() {
  if [ "${1:-}" = --virtual ]; then
    shift
    virtual_bench "$@"
    return
  fi
  build_bench
  case ${1:-} in
    --jmh) shift; jmh_bench "$@" ;;
    '') host_bench ;;
    --lab) shift; lab_bench "$@" ;;
    --agent) agent_bench ;;
    --events) "$JAVA_HOME/bin/java" -XX:+UseSerialGC -cp "$BENCH_CP" io.smc4j.bench.EventsCost ;;
    *[!0-9]*) die "bench takes --lab, --agent, --events, --jmh, --virtual, a number of rounds, or nothing" ;;
    *) host_bench "$1" ;;
  esac
}

# virtual_bench [--smcd] [CONNECTIONS]: as many virtual threads, each with a blocking java.net.Socket and 100 echoes; fails where one pins its carrier, or is not over SMC in
# the lab's guest. The server is a JVM of its own. In a guest, where both are on one machine, its loopback device has buffers for 2,500 connections.
virtual_bench() {
  local guest='' home count test
  case ${1:-} in --smcd) guest=$1; shift ;; esac
  case ${1:-} in *[!0-9]*) die "bench --virtual takes --smcd and a number of connections, or nothing" ;; esac
  set_up_build
  # shellcheck disable=SC2086 # releases are words
  home=$(jdk_of $NEWER_JDKS) || die "no JDK of 24 or later: before, monitors pin"
  maven -q -DskipTests -pl smc-core -am process-test-classes || die "the build failed"
  test='io.smc4j.contract.NetVirtualThreadTest#manyBlockingSocketsPinNoCarrier(java.nio.file.Path)'
  if [ -n "$guest" ]; then
    count=${1:-2450}
    LAB_TIMEOUT=${LAB_TIMEOUT:-3600} "$ROOT/lab/run" "$guest" --mem 6144 --env "CONTRACT_JAVA_OPTS=-Dsmc.contract.virtual.connections=$count -Dsmc.connect.patience=20000" \
      sh -c "ulimit -n 60000; sh smc-core/src/test/sh/contract.sh $home smc SMC_D --select-method '$test'"
  else
    CONTRACT_JAVA_OPTS=-Dsmc.contract.virtual.connections=${1:-10000} sh smc-core/src/test/sh/contract.sh "$home" smc TCP --select-method "$test"
  fi
}

JMH_JAR=$ROOT/smc-jmh/target/smc-jmh-0.1.0-SNAPSHOT-all.jar
BENCH_CP=$JMH_JAR

# Times, in one JVM: they mean something only on a machine that is otherwise idle. Everything is on one processor: between two, where the scheduler puts a
# thread and how deep the other one sleeps is worth more than what is compared.
host_bench() {
  taskset -c 0 "$JAVA_HOME/bin/java" -XX:+UseSerialGC -Xms512m -Xmx512m -cp "$BENCH_CP" io.smc4j.bench.HostBench "$@"
}

# jmh_bench [--smcd|--smcr] [--preload] JMH-ARGUMENT...: JMH, here or in the lab's guest; with --preload under the library that replaces socket().
jmh_bench() {
  local guest='' preload=''
  while :; do
    case ${1:-} in
      --smcd | --smcr) guest=$1 ;;
      --preload) preload=$BENCH/preload.so ;;
      *) break ;;
    esac
    shift
  done
  if [ -n "$guest" ]; then
    LAB_TIMEOUT=${LAB_TIMEOUT:-3600} "$ROOT/lab/run" "$guest" env ${preload:+"LD_PRELOAD=$preload"} "$JAVA_HOME/bin/java" -jar "$JMH_JAR" "$@"
  else
    env ${preload:+"LD_PRELOAD=$preload"} "$JAVA_HOME/bin/java" -jar "$JMH_JAR" "$@"
  fi
}

# Whole JVMs, java Hello, of JDK 17 and of a newer one where there is one: without an agent, with one that does nothing, and with ours.
agent_bench() {
  local work=$BENCH/agent home newer missed=0
  rm -rf "$work"
  mkdir -p "$work/classes" "$work/empty"
  printf 'public class Hello { public static void main(String[] a) { System.out.println("hello"); } }\n' >"$work/Hello.java"
  printf 'public class Empty { public static void premain(String a) { } }\n' >"$work/Empty.java"
  "$JAVA_HOME/bin/javac" -d "$work/classes" "$work/Hello.java"
  "$JAVA_HOME/bin/javac" -d "$work/empty" "$work/Empty.java"
  printf 'Premain-Class: Empty\n' >"$work/manifest"
  "$JAVA_HOME/bin/jar" cfm "$work/empty.jar" "$work/manifest" -C "$work/empty" .
  # shellcheck disable=SC2086 # releases are words
  newer=$(jdk_of $NEWER_JDKS 21) || echo "no JDK beside 17: it alone is measured"
  for home in "$JAVA_HOME" ${newer:+"$newer"}; do
    "$home/bin/java" -cp "$BENCH_CP" io.smc4j.bench.AgentStart "$work/classes" "$work/empty.jar" "$CORE_JAR" || missed=1
  done
  return "$missed"
}

# Counts, in a guest that counts an instruction as a nanosecond: lab/bench.
lab_bench() {
  BENCH_CLASSES=$JMH_JAR BENCH_PRELOAD=$BENCH/preload.so "$ROOT/lab/bench" "$@"
}
