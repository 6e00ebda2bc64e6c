# Names and small functions shared by the lab's commands. Sourced, never run.

# The kernel series of the guest. Debian 12 has 6.12 beside its own 6.1.
LAB_SERIES=6.12

# Raise this when what setup builds changes: old caches are then built anew.
LAB_FORMAT=2

# Exit statuses of our own, as coreutils' timeout(1) and env(1) use them.
LAB_EXIT_TIMEOUT=124
LAB_EXIT_FAILED=125

LAB_CACHE=${SMC4J_LAB_CACHE:-${XDG_CACHE_HOME:-${HOME:-/root}/.cache}/smc4j-lab}
LAB_KERNEL=$LAB_CACHE/kernel-$LAB_SERIES-format$LAB_FORMAT

say() { printf 'lab: %s\n' "$*" >&2; }

die() {
  say "$*"
  exit "$LAB_EXIT_FAILED"
}

# lock NAME: hold the cache's lock of this name until the process (or subshell) ends.
lock() {
  mkdir -p "$LAB_CACHE" || die "cannot create the cache directory $LAB_CACHE (set SMC4J_LAB_CACHE)"
  exec 8>"$LAB_CACHE/.lock-$1"
  flock -n 8 || { say "waiting for another set-up in $LAB_CACHE"; flock 8; }
}

check_timeout() {
  case ${LAB_TIMEOUT:=300} in '' | *[!0-9]*) die "LAB_TIMEOUT is a number of seconds, not '$LAB_TIMEOUT'" ;; esac
}
