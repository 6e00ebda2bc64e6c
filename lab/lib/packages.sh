# The Debian packages the lab needs. Sourced, never run.

. "$LAB_HOME/lib/apt.sh"

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

ensure_packages() {
  local missing
  mapfile -t missing < <(missing_packages)
  [ ${#missing[@]} = 0 ] || install_packages "${missing[@]}"
}
