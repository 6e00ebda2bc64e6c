# ./dev test. Sourced, never run.
#
# Steps run in two lanes side by side: "host" (Maven and this machine's JDKs; guests from the end of the list when that is done) and "lab" (one guest
# after the other). The lab's steps work on a copy of the built tree, so that Maven does not change files under a running guest. A step's log is in target/test; its last line of the form
# "N passed, N failed[, N skipped]" is what counts. A step that ends badly without a failed test counts as one failed.

CONTRACT=smc-core/src/test/sh/contract.sh
OUT=$ROOT/target/test
TREE=$OUT/tree

. "$ROOT/scripts/packaging.sh"
. "$ROOT/scripts/platforms.sh"
. "$ROOT/smc-core/src/test/sh/console.sh"

# The steps: lane | name | command. Lab scripts of other modules are added here. Those that wait much come first, while Maven has the processors; what is long is not in the
# middle of the lab's, where the lanes meet.
steps() {
  cat <<STEPS
host|maven verify, JDK 17|maven_verify
host|contract: the JDK's own provider, JDK 25|contract newer jdk TCP
host|contract: ours without AF_SMC, JDK 25|contract newer smc TCP
host|contract: MPTCP in the place of SMC, through jnr-ffi, JDK 17|on_jnr mptcp MPTCP --select-class io.smc4j.contract.PathTest
host|netty's epoll tests with the extension and without AF_SMC, JDK 17|netty_epoll TCP
host|natives: aarch64 under qemu-user, JDK 17|on_arch arm64
host|natives: s390x under qemu-user, JDK 17|on_arch s390x
host|natives: under musl|on_musl
host|packaging: two builds are byte-identical|reproducible
host|packaging: what is in the jars|jars
host|packaging: consumer of a folder repository|consumer
host|packaging: public API|public_api
lab|lab/verify|lab/verify
lab|faults over SMC-D, JDK 17|faults_in smcd
lab|faults over SMC-R, JDK 17|faults_in smcr
lab|contract: ours over SMC-D, JDK 17|contract_in smcd 17 SMC_D
lab|contract: ours over SMC-D, JDK 25|contract_in smcd newer SMC_D
lab|contract: ours over SMC-R, JDK 17|contract_in smcr 17 SMC_R
lab|contract: ours over SMC-R, JDK 25|contract_in smcr newer SMC_R
lab|contract: a part over SMC-D through jnr-ffi, JDK 17|on_jnr_part_in smcd SMC_D
lab|leaks over SMC-D, JDK 17|leaks_in smcd SMC_D
lab|leaks over SMC-R, JDK 17|leaks_in smcr SMC_R
lab|short connections, counted in instructions|short_in
lab|diagnosis over SMC-D|diag_in smcd
lab|diagnosis over SMC-R|diag_in smcr
lab|command line over SMC-R|cli_in smcr
lab|images: a seccomp filter refuses AF_SMC on a machine with SMC-D|refused_in smcd
lab|demo over SMC-D|demo_in smcd SMC_D
lab|demo over SMC-R|demo_in smcr SMC_R
lab|faults with no device, JDK 17|faults_in no-device
lab|command line over SMC-D|cli_in smcd
lab|contract: ours with no device, JDK 17|contract_in no-device 17 TCP
lab|contract: ours with no device, JDK 25|contract_in no-device newer TCP
lab|real software under the agent, SMC-D, JDK 17|interop_in smcd SMC_D
lab|netty's own suite over SMC-D, JDK 17|netty_suite_in smcd SMC_D
lab|netty's own suite over SMC-R, JDK 17|netty_suite_in smcr SMC_R
lab|netty over SMC-D, JDK 17|netty_in smcd SMC_D
lab|netty over SMC-R, JDK 17|netty_in smcr SMC_R
STEPS
}

skip() {
  printf 'skipped: %s\n0 passed, 0 failed, 1 skipped\n' "$*"
}

# jdk NAME: prints the home of "17" or of a "newer" one.
jdk() {
  # shellcheck disable=SC2086 # releases are words
  if [ "$1" = 17 ]; then jdk_of 17; else jdk_of $NEWER_JDKS; fi
}

# Each of the 18 fuzzed properties (every parser of bytes or files) gets so many seconds: about one minute in all.
FUZZ_SECONDS=4

maven_verify() {
  local status=0 log=$OUT/maven.out reports
  # A test that fails is run once more, and is listed as a flake where it passes then.
  maven verify "-Dsmc4j.fuzz.seconds=$FUZZ_SECONDS" -Dsurefire.rerunFailingTestsCount=1 -Dfailsafe.rerunFailingTestsCount=1 2>&1 | tee "$log" || status=$?
  # Surefire's and Failsafe's totals, one for each execution; reports of two executions of one class overwrite each other.
  awk '/Tests run: .*Skipped: [0-9]+(, Flakes: [0-9]+)?$/ { gsub(/[^0-9 ]/, ""); run += $1; bad += $2 + $3; skipped += $4 }
       END { printf "%d passed, %d failed, %d skipped\n", run - bad - skipped, bad, skipped }' "$log"
  mapfile -t reports < <(find . -path ./target -prune -o -name 'TEST-*.xml' -newer "$OUT/begin" -print)
  skip_reasons ${reports[0]:+"${reports[@]}"} </dev/null
  return "$status"
}

contract() { # contract JDK PROVIDER EXPECT
  local home
  home=$(jdk "$1") || { skip "no JDK of $NEWER_JDKS found"; return; }
  retrying sh "$CONTRACT" "$home" "$2" "$3"
}

# retrying COMMAND...: a suite in JUnit's console launcher; test classes with a failure are run again, alone, at most twice, and named. A guest is emulated, and on the host a
# guest takes the processors: what has a time bound can miss it once.
retrying() {
  local status=0 try log classes passed failed skipped rest
  log=$(mktemp -p "$OUT")
  "$@" >"$log" 2>&1 || status=$?
  cat "$log"
  read -r passed failed skipped rest <<<"$(counts_of "$log")"
  for try in 1 2; do
    classes=$(sed -n 's/^failed in: /--select-class /p' "$log" | tr '\n' ' ')
    [ "$status" != 0 ] && [ -n "$classes" ] || break
    printf '\nagain, alone (%s): %s\n' "$try" "$classes"
    status=0
    # shellcheck disable=SC2086 # options are words
    "$@" $classes >"$log" 2>&1 || status=$?
    cat "$log"
    read -r _ rest _ <<<"$(counts_of "$log")"
    passed=$((passed + failed - rest)) failed=$rest
  done
  rm -f "$log"
  printf '%d passed, %d failed, %d skipped\n' "$passed" "$failed" "$skipped"
  return "$status"
}

# count_line LOG: its last line that counts, or nothing; Maven leaves a colour reset at the start of what follows it, even where it is told to use no colours.
count_line() {
  sed 's/\x1b\[[0-9;]*m//g' "$1" | grep -aEo '^[0-9]+ passed, [0-9]+ failed(, [0-9]+ skipped)?' | tail -n 1 || true
}

# counts_of LOG: "PASSED FAILED SKIPPED" of that line, and zeros behind.
counts_of() {
  printf '%s 0 0 0\n' "$(count_line "$1" | tr -cs '0-9' ' ')"
}

contract_in() { # contract_in MODE JDK EXPECT
  local home
  home=$(jdk "$2") || { skip "no JDK of $NEWER_JDKS found"; return; }
  LAB_TIMEOUT=1200 retrying lab/run "--$1" --env CONTRACT_JAVA_OPTS=-Dsmc.contract.virtual.connections=50 sh "$CONTRACT" "$home" smc "$3"
}

# 20,000 connects are for the host; a guest has time for so many.
LEAK_CONNECTS=600

leaks_in() { # leaks_in MODE EXPECT
  LAB_TIMEOUT=900 lab/run "--$1" --env "CONTRACT_JAVA_OPTS=-Dsmc.leak.connects=$LEAK_CONNECTS" \
    sh "$CONTRACT" "$JAVA_HOME" smc "$2" --select-class io.smc4j.nio.LeakTest
}

netty_in() { # netty_in MODE EXPECT
  LAB_TIMEOUT=1200 retrying lab/run "--$1" sh smc-netty/src/test/sh/lab.sh "$JAVA_HOME" "$2"
}

netty_suite_in() { # netty_suite_in MODE EXPECT; without the TLS matrix, and without a control: each test has to pass. docs/netty.md has the whole. Two busy event loops want two processors
  LAB_TIMEOUT=1200 lab/run "--$1" --smp 2 --env NETTY_CONTROL=no sh smc-netty/src/test/sh/suite.sh "$JAVA_HOME" "$2" no-tls
}

netty_epoll() { # netty_epoll EXPECT
  sh smc-netty/src/test/sh/epoll.sh "$JAVA_HOME" "$1" sockets
}

faults_in() { # faults_in MODE
  LAB_TIMEOUT=1200 retrying lab/run "--$1" sh smc-core/src/test/sh/fault.sh "$JAVA_HOME"
}

cli_in() { # cli_in MODE
  LAB_TIMEOUT=900 lab/run "--$1" sh smc-cli/src/test/sh/lab.sh "$JAVA_HOME"
}

diag_in() { # diag_in MODE; the tests convert what they want over SMC themselves
  LAB_TIMEOUT=900 lab/run "--$1" sh "$CONTRACT" "$JAVA_HOME" jdk TCP --select-class io.smc4j.diag.DiagLabTest
}

interop_in() { # interop_in MODE EXPECT; 100 MB over TLS are for the host
  LAB_TIMEOUT=900 retrying lab/run "--$1" --env INTEROP_JAVA_OPTS=-Dsmc.interop.tls.mb=10 sh interop/src/test/sh/lab.sh "$JAVA_HOME" "$2"
}

refused_in() { # refused_in MODE
  gcc -Wall -Wextra -Werror -o examples/target/refuse_smc examples/src/test/c/refuse_smc.c || return 1
  LAB_TIMEOUT=300 lab/run "--$1" sh examples/src/test/sh/refused.sh "$JAVA_HOME"
}

short_in() { # one pass or fail
  if LAB_TIMEOUT=900 lab/run --icount sh smc-core/src/test/sh/short.sh "$JAVA_HOME" learned; then
    printf '1 passed, 0 failed\n'
  else
    printf '0 passed, 1 failed\n'
    return 1
  fi
}

demo_in() { # demo_in MODE EXPECT; one pass or fail
  if lab/run "--$1" "$JAVA_HOME/bin/java" -cp "$CORE_JAR:$EXAMPLES_JAR" io.smc4j.examples.Demo "In the lab" "$2"; then
    printf '1 passed, 0 failed\n'
  else
    printf '0 passed, 1 failed\n'
    return 1
  fi
}

slug() {
  printf '%s' "$1" | tr 'A-Z' 'a-z' | tr -cs 'a-z0-9' '-' | sed 's/-$//'
}

clock() {
  printf '%d:%02d' $(($1 / 60)) $(($1 % 60))
}

# why LOG: what failed in a step, for those who see no more than what is printed here: tests and the first line of each message as JUnit's launcher, Surefire and the
# comparison of Netty's suites have them, or else the log's last words.
why() {
  local lines
  lines=$(sed 's/\x1b\[[0-9;]*m//g' "$1" | grep -aE "^ *MethodSource|^ *=> |^\[ERROR\] +[A-Z][A-Za-z]+Test[.:]|^< .* passed\$|^FAILED|^not ok" |
    sed "s/MethodSource \[className = '\([^']*\)', methodName = '\([^']*\)'.*/\1.\2/" | awk '!seen[$0]++' | head -n 20) || true
  if [ -n "$lines" ]; then printf '%s\n' "$lines"; else tail -n 5 "$1"; fi | cut -c 1-300 | sed 's/^ */                /'
}

# run_step NAME COMMAND [again]: one line when it is over, one record in $OUT/results. With "again" a step that fails is run once more, and says so and why.
run_step() {
  local name=$1 log begin status=0 counts passed failed skipped word=ok
  log=$OUT/$(slug "$name").log
  begin=$SECONDS
  # shellcheck disable=SC2086 # a command and its arguments
  (set -e -o pipefail; $2) >"$log" 2>&1 </dev/null || status=$?
  counts=$(count_line "$log")
  read -r passed failed skipped <<<"$(counts_of "$log")"
  if [ "$status" != 0 ] && [ "$failed" = 0 ]; then
    failed=1
  elif [ -z "$counts" ]; then
    failed=1
    printf 'dev: the step printed no "N passed, N failed"\n' >>"$log"
  fi
  [ "$failed" = 0 ] || word=FAILED
  if [ "$failed" != 0 ] && [ -n "${3:-}" ]; then
    mv "$log" "${log%.log}.first.log"
    printf 'again   %5s  %4d passed, %d failed; once more, the first log is kept  %s\n' "$(clock $((SECONDS - begin)))" "$passed" "$failed" "$name"
    why "${log%.log}.first.log"
    run_step "$name" "$2"
    return
  fi
  printf '%s %s %s %s %s\n' "$passed" "$failed" "${skipped%% *}" "$log" "$name" >>"$OUT/results"
  printf '%-6s  %5s  %4d passed, %d failed, %d skipped  %s\n' "$word" "$(clock $((SECONDS - begin)))" "$passed" "$failed" "${skipped%% *}" "$name"
  [ "$failed" = 0 ] || why "$log"
  if [ "$status" = 0 ] && [ "${skipped%% *}" != 0 ]; then
    grep -ai '^skipped: ' "$log" | sort -u | cut -c 1-160 | sed 's/^/                /' || true
  fi
}

# again_for LANE COMMAND: "again" for what is run once more where it fails: what an emulator runs (guests, other machines' programs), and Netty's own tests, which have time
# bounds of their own. Not so what has no clock in it, and Maven, who does that test by test.
again_for() {
  case $1:$2 in lab:* | *:on_arch* | *:netty_epoll*) echo again ;; esac
}

# run_lane LANE PATTERN...: those steps of the lane that nobody has begun yet.
run_lane() {
  local lane name command
  while IFS='|' read -r lane name command; do
    if [ "$lane" = "$1" ] && wanted "$name" "${@:2}" && mkdir "$OUT/begun/$(slug "$name")" 2>/dev/null; then
      run_step "$name" "$command" "$(again_for "$lane" "$command")"
    fi
  done
}

wanted() {
  local name=$1 pattern
  shift
  [ $# -gt 0 ] || return 0
  for pattern; do
    case $name in *"$pattern"*) return 0 ;; esac
  done
  return 1
}

# The lab's lane: nothing to do where no step of it is wanted.
lab_lane() {
  local lane name command any=''
  while IFS='|' read -r lane name command; do
    if [ "$lane" = lab ] && wanted "$name" "$@"; then any=1; fi
  done < <(steps)
  [ -n "$any" ] || return 0
  cd "$TREE"
  run_step "lab/setup" lab_setup
  steps | run_lane lab "$@"
}

# The host's lane; once its own steps are over it takes the lab's from the end, so that the two lanes end together.
host_lane() {
  steps | run_lane host "$@"
  cd "$TREE"
  steps | tac | run_lane lab "$@"
}

lab_setup() {
  lab/setup && printf '1 passed, 0 failed\n'
}

build_all() {
  maven -q -DskipTests -Dmaven.javadoc.skip=true package && printf '1 passed, 0 failed\n'
}

run_tests() {
  local host lab begin=$SECONDS passed=0 failed=0 skipped=0 p f s log name
  if [ "${1:-}" = --list ]; then
    steps | cut -d'|' -f2
    return
  fi
  for name; do
    steps | cut -d'|' -f2 | grep -qF -- "$name" || die "no step's name contains '$name'; ./dev test --list prints them"
  done
  set_up_build tests
  rm -rf "$OUT"
  mkdir -p "$TREE" "$OUT/begun"
  touch "$OUT/begin"
  host='' lab=''
  # A guest's processors that wait for one of ours wait with the locks of its kernel held: two guests of two on two processors take a quarter longer than two of one.
  export LAB_SMP=${LAB_SMP:-$(($(nproc) < 4 ? 1 : 2))}
  # Each lane is a process group, so that ending this ends what the lanes run.
  trap 'kill -- ${host:+"-$host"} ${lab:+"-$lab"} 2>/dev/null || true; exit 130' INT TERM HUP
  run_step "build" build_all
  if grep -q '^1 0 ' "$OUT/results"; then
    tar -c --exclude=.git --exclude=./target . | tar -x -C "$TREE"
    sed -i "s|$ROOT/|$TREE/|g" "$TREE"/*/target/test.classpath "$TREE"/examples/*/target/test.classpath # the reactor's own modules
    set -m
    (host_lane "$@") &
    host=$!
    (lab_lane "$@") &
    lab=$!
    set +m
    wait "$host" "$lab" || true
  fi
  while read -r p f s log name; do
    passed=$((passed + p)) failed=$((failed + f)) skipped=$((skipped + s))
    if [ "$f" != 0 ]; then
      printf '\n--- %s: the end of %s\n' "$name" "$log"
      tail -n 60 "$log"
    fi
  done <"$OUT/results"
  # once more in short: some see the last lines only
  while read -r _ f _ log name; do
    if [ "$f" != 0 ]; then
      printf '\nFAILED  %s\n' "$name"
      why "$log"
    fi
  done <"$OUT/results"
  printf '\ntook %s; logs in %s\n' "$(clock $((SECONDS - begin)))" "${OUT#"$ROOT/"}"
  printf '%d passed, %d failed, %d skipped\n' "$passed" "$failed" "$skipped"
  [ "$failed" = 0 ]
}
