# The Debian packages the lab needs. Sourced, never run.

# package:path or command that proves it is there
LAB_PACKAGES="
qemu-system-x86:qemu-system-x86_64
busybox-static:/bin/busybox
iproute2:ip
kmod:depmod
cpio:cpio
xz-utils:xz
make:make
binutils:strip
gcc-12:gcc-12
libc6-dev:/usr/include/stdio.h
util-linux:setpriv
strace:strace
python3-minimal:python3
"

missing_packages() {
  local entry proof
  for entry in $LAB_PACKAGES; do
    proof=${entry#*:}
    PATH=$PATH:/usr/sbin:/sbin command -v "$proof" >/dev/null || [ -e "$proof" ] || printf '%s\n' "${entry%%:*}"
  done
}

# Installs what is missing as root; anybody else is told what to ask for.
ensure_packages() {
  local missing log
  missing=$(missing_packages | tr '\n' ' ')
  [ -n "$missing" ] || return 0
  command -v apt-get >/dev/null || die "needs Debian's packages: $missing(this system has no apt-get)"
  if [ "$(id -u)" != 0 ]; then
    die "missing packages: $missing
lab: install them with:  sudo apt-get install --no-install-recommends $missing"
  fi
  say "installing: $missing"
  log=$(mktemp)
  if ! { apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends $missing; } >"$log" 2>&1 </dev/null; then
    tail -n 15 "$log" >&2
    rm -f "$log"
    die "apt-get could not install: $missing"
  fi
  rm -f "$log"
}
