# Installs Debian packages, for the lab and for ./dev. Sourced with die and say, never run.

# install_packages PACKAGE...: as root; anybody else is told what to ask for. Silent but for its beginning, unless it fails.
install_packages() {
  local log
  command -v apt-get >/dev/null || die "needs Debian's packages: $* (this system has no apt-get)"
  [ "$(id -u)" = 0 ] || die "missing packages; install them with:  sudo apt-get install --no-install-recommends $*"
  say "installing: $*"
  log=$(mktemp)
  if ! { apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "$@"; } >"$log" 2>&1 </dev/null; then
    tail -n 15 "$log" >&2
    rm -f "$log"
    die "apt-get could not install: $*"
  fi
  rm -f "$log"
}
