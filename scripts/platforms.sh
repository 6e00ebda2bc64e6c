# The other machines: natives for aarch64 and s390x, cross-built and run under qemu-user with a JRE of that machine from Debian's packages. Sourced, never run.

ARCH_CACHE=${SMC4J_ARCH_CACHE:-${XDG_CACHE_HOME:-${HOME:-/root}/.cache}/smc4j-arch}
# What a JVM with no desktop needs, and musl to compare symbols with.
ARCH_PACKAGES="libc6 libgcc-s1 gcc-12-base libstdc++6 zlib1g openjdk-17-jre-headless musl"

# uname_of DEBIAN-ARCHITECTURE: as compilers, qemu and our library call it.
uname_of() {
  case $1 in amd64) echo x86_64 ;; arm64) echo aarch64 ;; *) echo "$1" ;; esac
}

# fetch_arch ARCHITECTURE: Debian's packages of that architecture, unpacked into the cache; prints the directory. Nothing is installed, and the system's own
# package lists stay as they are: apt works on lists of its own here.
fetch_arch() {
  fetch_packages "$1" "$1-1" "$ARCH_PACKAGES"
}

fetch_packages() { # fetch_packages ARCHITECTURE NAME PACKAGES: the same for these, under a name in the cache
  local arch=$1 root=$ARCH_CACHE/$2 packages=$3 work deb apt
  if [ ! -e "$root/complete" ]; then
    mkdir -p "$ARCH_CACHE"
    work=$(mktemp -d -p "$ARCH_CACHE")
    mkdir -p "$work/apt/lists/partial" "$work/cache/archives/partial" "$work/deb" "$work/root"
    : >"$work/apt/status"
    apt="-o APT::Architecture=$arch -o APT::Architectures::=$arch -o Dir::State=$work/apt -o Dir::State::lists=$work/apt/lists
      -o Dir::State::status=$work/apt/status -o Dir::Cache=$work/cache -o APT::Sandbox::User=root -o Acquire::Languages=none"
    # shellcheck disable=SC2086 # options and packages are words
    if ! { apt-get $apt update && cd "$work/deb" && apt-get $apt download $packages; } >"$work/log" 2>&1; then
      tail -n 5 "$work/log" >&2
      rm -rf "$work"
      return 1
    fi
    for deb in "$work"/deb/*.deb; do
      dpkg -x "$deb" "$work/root" || return 1
    done
    touch "$work/complete"
    rm -rf "$work/deb" "$work/apt" "$work/cache" "$root"
    mv "$work" "$root"
  fi
  printf '%s\n' "$root/root"
}

# fetch_qemu: the directory of qemu-user's static programs.
fetch_qemu() {
  local dir=$ARCH_CACHE/qemu-1
  if [ ! -e "$dir/complete" ]; then
    rm -rf "$dir"
    mkdir -p "$dir/deb"
    (cd "$dir/deb" && { apt-get download qemu-user-static || { apt-get update && apt-get download qemu-user-static; }; } && dpkg -x ./*.deb ..) >"$dir/log" 2>&1 || {
      tail -n 5 "$dir/log" >&2
      return 1
    }
    rm -rf "$dir/deb"
    touch "$dir/complete"
  fi
  printf '%s\n' "$dir/usr/bin"
}

# cross_build DIRECTORY: our library for each machine under DIRECTORY/META-INF/native.
cross_build() {
  local cc
  for cc in x86_64-linux-gnu-gcc aarch64-linux-gnu-gcc s390x-linux-gnu-gcc; do
    sh smc-core/src/main/c/build.sh "$cc" "$JAVA_HOME" "$1" || return 1
  done
}

# musl_has ARCHITECTURE ROOT LIBRARY: every symbol the library asks for is one that musl has.
musl_has() {
  local musl missing
  musl=$(find "$2/lib" -path '*-linux-musl/libc.so' -type f -size +100k)
  [ -n "$musl" ] || { printf 'no musl in %s\n' "$2"; return 1; }
  missing=$(comm -23 <(readelf -W --dyn-syms "$3" | awk '$7 == "UND" && $5 == "GLOBAL" { sub(/@.*/, "", $8); print $8 }' | LC_ALL=C sort -u) \
    <(readelf -W --dyn-syms "$musl" | awk '$7 != "UND" { sub(/@.*/, "", $8); print $8 }' | LC_ALL=C sort -u))
  [ -z "$missing" ] || { printf '%s: musl lacks %s\n' "$1" "$missing"; return 1; }
  printf '%s: musl has all that %s asks for\n' "$1" "${3##*/}"
}

# on_musl: our library for each machine under musl's own loader, with system calls made through it; the machines that this one is not under qemu-user.
on_musl() {
  local arch machine cc root lib qemu work=$OUT/musl passed=0 failed=0 skipped=0 log p f status=0 run
  rm -rf "$work"
  mkdir -p "$work"
  cross_build "$work/classes" || return 1
  qemu=$(fetch_qemu) || { skip "Debian's qemu-user cannot be had"; return; }
  for arch in amd64 arm64 s390x; do
    machine=$(uname_of "$arch")
    root=$(fetch_packages "$arch" "musl-$arch-1" "musl musl-dev") || {
      printf "skipped: Debian's musl for %s cannot be had\n" "$arch"
      skipped=$((skipped + 1))
      continue
    }
    cc=$machine-linux-gnu-gcc
    lib=$root/usr/lib/$machine-linux-musl
    log=$work/$arch.log
    "$cc" -std=c11 -O1 -Wall -Wextra -Werror -no-pie -nostdinc -isystem "$root/usr/include/$machine-linux-musl" -isystem "$("$cc" -print-file-name=include)" \
      -I"$JAVA_HOME/include" -I"$JAVA_HOME/include/linux" -fno-stack-protector -nostdlib -o "$work/$arch" "$lib/crt1.o" "$lib/crti.o" smc-core/src/test/c/musl_load.c \
      "$root/lib/$machine-linux-musl/libc.so" -lgcc "$lib/crtn.o" || return 1
    run=''
    [ "$machine" = "$(uname -m)" ] || run="$qemu/qemu-$machine-static"
    # shellcheck disable=SC2086 # nothing, or one word
    $run "$root/lib/ld-musl-$machine.so.1" "$work/$arch" "$work/classes/META-INF/native/linux-$machine/libsmc4j.so" >"$log" 2>&1 || status=1
    printf -- '--- %s\n' "$machine"
    cat "$log"
    read -r p f _ <<<"$(counts_of "$log")"
    passed=$((passed + p)) failed=$((failed + f))
    [ "$p" != 0 ] || { printf '%s: nothing ran\n' "$machine"; failed=$((failed + 1)) status=1; }
  done
  printf '%d passed, %d failed, %d skipped\n' "$passed" "$failed" "$skipped"
  return "$status"
}

# java_of ARCHITECTURE ROOT QEMU DIRECTORY: makes DIRECTORY look like a JDK's home whose java is that machine's, for the scripts that take one.
java_of() {
  local home=/usr/lib/jvm/java-17-openjdk-$1
  mkdir -p "$4/bin"
  printf 'JAVA_VERSION="17"\n' >"$4/release"
  # Its own JIT compilers under an emulator: C1 alone starts fastest.
  printf '#!/bin/sh\nexec %s -L %s %s -XX:TieredStopAtLevel=1 "$@"\n' "$3/qemu-$(uname_of "$1")-static" "$2" "$2$home/bin/java" >"$4/bin/java"
  chmod +x "$4/bin/java"
}

# What another machine runs: loading, addresses, the parsers on captured bytes, and with multipath TCP in SMC's place every move of a channel.
ARCH_HOST="--select-class io.smc4j.SmcTest --select-class io.smc4j.internal.NativeLibrarySymbolsTest --select-class io.smc4j.diag.CapturedDumpTest
  --select-class io.smc4j.diag.SmcDiagTest --select-class io.smc4j.diag.NetlinkReplyTest --select-class io.smc4j.contract.PathTest"
ARCH_STAND_IN="--select-class io.smc4j.contract.PathTest --select-class io.smc4j.contract.ConnectTest --select-class io.smc4j.contract.RegisterOrderTest"

# qemu-user knows no NETLINK_SOCK_DIAG: what asks the kernel for a list of sockets is left out there, and said.
ARCH_NOT="--exclude-methodname .*PathTest#theKernelListsBothEndsByPort"

# on_arch ARCHITECTURE: the tests above on that machine; counts them all.
on_arch() {
  local arch=$1 machine root qemu work passed=0 failed=0 skipped=0 log p f s run status=0
  machine=$(uname_of "$arch")
  work=$OUT/$arch
  rm -rf "$work"
  mkdir -p "$work"
  root=$(fetch_arch "$arch") && qemu=$(fetch_qemu) || { skip "Debian's packages for $arch cannot be had"; return; }
  cross_build "$work/classes" || return 1
  musl_has "$arch" "$root" "$work/classes/META-INF/native/linux-$machine/libsmc4j.so" || return 1
  java_of "$arch" "$root" "$qemu" "$work/java"
  log=$work/log
  for run in "smc TCP $ARCH_HOST $ARCH_NOT" "mptcp MPTCP $ARCH_STAND_IN $ARCH_NOT"; do
    # shellcheck disable=SC2086 # words
    CONTRACT_CLASS_PATH=$work/classes CONTRACT_JAVA_OPTS="-Dsmc.test.natives=$work/classes -Dsmc.connect.patience=20000" \
      sh "$CONTRACT" "$work/java" $run >"$log" 2>&1 || status=1
    cat "$log"
    read -r p f s _ <<<"$(counts_of "$log")"
    passed=$((passed + p)) failed=$((failed + f)) skipped=$((skipped + s))
  done
  printf 'skipped: PathTest.theKernelListsBothEndsByPort: qemu-user has no NETLINK_SOCK_DIAG\n'
  printf '%d passed, %d failed, %d skipped\n' "$passed" "$failed" "$((skipped + 1))"
  return "$status"
}

# The class path of the other bridge, before anything else: the contract suite then has it under its feet.
jnr_class_path() {
  printf '%s/smc-jnr/target/classes:%s\n' "$PWD" "$(cat smc-jnr/target/test.classpath)"
}

# on_jnr PROVIDER EXPECT [CONSOLE-OPTION...]: the contract suite with every system call through jnr-ffi. EXPECT is never TCP: without the bridge that is what there would be.
on_jnr() {
  CONTRACT_CLASS_PATH=$(jnr_class_path) CONTRACT_JAVA_OPTS=-Dsmc.native=jnr sh "$CONTRACT" "$JAVA_HOME" "$@"
}

on_jnr_in() { # on_jnr_in MODE EXPECT [CONSOLE-OPTION...]: the same in a guest
  local mode=$1
  shift
  LAB_TIMEOUT=900 retrying lab/run "--$mode" --env "CONTRACT_CLASS_PATH=$(jnr_class_path)" --env CONTRACT_JAVA_OPTS=-Dsmc.native=jnr \
    sh "$CONTRACT" "$JAVA_HOME" smc "$@"
}

# The whole suite passes so as well (on_jnr_in smcd SMC_D); the guests have time for a part of it in each test.
JNR_PART="--select-class io.smc4j.contract.PathTest --select-class io.smc4j.contract.ConnectTest --select-class io.smc4j.contract.NetSocketTest
  --select-class io.smc4j.contract.AsynchronousTest"

on_jnr_part_in() { # on_jnr_part_in MODE EXPECT
  # shellcheck disable=SC2086 # words
  on_jnr_in "$@" $JNR_PART
}
