# Finds or installs what a build needs, and builds. Sourced by ./dev, never run.

say() { printf 'dev: %s\n' "$*" >&2; }

die() {
  say "$*"
  exit 2
}

. "$ROOT/lab/lib/apt.sh"

# What stands for a JDK newer than 17, the first that there is; where there is none, what wants one says so.
NEWER_JDKS="25 24 26 27"

# jdk_of RELEASE...: the home of an installed JDK of one of these releases (first match wins), or nothing.
jdk_of() {
  local release home
  for release; do
    for home in "${JAVA_HOME:-}" /usr/lib/jvm/* /opt/java/* /opt/jdk*; do
      if [ -x "$home/bin/javac" ] && grep -q "^JAVA_VERSION=\"$release[.\"+-]" "$home/release" 2>/dev/null; then
        (cd "$home" && pwd -P)
        return 0
      fi
    done
  done
  return 1
}

missing_packages() {
  command -v gcc >/dev/null || printf 'gcc '
  [ -e /usr/include/stdio.h ] || printf 'libc6-dev '
  command -v mvn >/dev/null || printf 'maven '
  jdk_of 17 >/dev/null || printf 'openjdk-17-jdk-headless '
}

# What tests need beyond a build: the PostgreSQL server of interop, the Redis server of examples/netty, the browser of smc-cli, the compilers for the machines of the profile "natives" that this one is not.
missing_test_packages() {
  missing_packages
  ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || printf 'postgresql '
  # has the server's program, under another name, without the service that redis-server would install
  command -v redis-check-rdb >/dev/null || printf 'redis-tools '
  # for the page of smc4j bench; Ubuntu has it as a snap only, and its test is skipped there
  command -v chromium >/dev/null || ! grep -qs '^ID=debian$' /etc/os-release || printf 'chromium '
  command -v aarch64-linux-gnu-gcc >/dev/null || printf 'gcc-aarch64-linux-gnu libc6-dev-arm64-cross '
  command -v s390x-linux-gnu-gcc >/dev/null || printf 'gcc-s390x-linux-gnu libc6-dev-s390x-cross '
}

# Everything a build needs; sets JAVA_HOME. With "tests", what they need too.
set_up_build() {
  local missing
  read -r -a missing <<<"$("missing_${1:+test_}packages")"
  [ ${#missing[@]} = 0 ] || install_packages "${missing[@]}"
  JAVA_HOME=$(jdk_of 17) || die "no JDK 17, although openjdk-17-jdk-headless is installed: set JAVA_HOME to it"
  export JAVA_HOME PATH=$JAVA_HOME/bin:$PATH
}

maven() {
  MAVEN_OPTS="-XX:TieredStopAtLevel=1 -XX:+UseSerialGC ${MAVEN_OPTS:-}" mvn -B -ntp -Dstyle.color=never "$@" </dev/null
}

CORE_JAR=smc-core/target/smc-core-0.1.0-SNAPSHOT.jar
EXAMPLES_JAR=examples/target/smc4j-examples-0.1.0-SNAPSHOT.jar

# The jars of smc-core and examples, built where they are older than a source.
build_jars() {
  local jar
  for jar in "$CORE_JAR" "$EXAMPLES_JAR"; do
    if [ ! -e "$jar" ] || [ -n "$(find pom.xml smc-core/pom.xml smc-core/src/main examples/pom.xml examples/src/main -newer "$jar" -print -quit)" ]; then
      printf 'building smc-core and examples ...\n' >&2
      # Only what the two are made of: a test that does not compile is ./dev test's business.
      maven -q -Dmaven.test.skip=true -Dmaven.javadoc.skip=true -pl smc-core,examples -am package || die "the build failed"
      touch "$CORE_JAR" "$EXAMPLES_JAR"
      return
    fi
  done
}
