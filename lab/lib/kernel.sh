# Finds, downloads and unpacks Debian's kernel, and builds the SMC module with loopback-ism. Sourced, never run.

# The versions of a package that can be downloaded, newest first.
package_versions() {
  apt-cache madison "$1" | awk -F'|' '{gsub(/ /, "", $2); print $2}' | sort -rVu
}

# Prints "VERSION ABI" of the newest kernel of the series of which every package is to be had.
find_kernel() {
  local version abi package
  for version in $(package_versions "linux-source-$LAB_SERIES"); do
    for abi in $(apt-cache pkgnames "linux-image-${version%%-*}+" | sed -n 's/^linux-image-\(.*+deb[0-9]*\)-amd64-unsigned$/\1/p'); do
      for package in $(kernel_packages "$abi"); do
        package_versions "$package" | grep -xF "$version" >/dev/null || continue 2
      done
      printf '%s %s\n' "$version" "$abi"
      return 0
    done
  done
  return 1
}

# The "-unsigned" image is used because the signed one may lag behind; "-cloud-" has no rxe.
kernel_packages() {
  printf '%s\n' "linux-image-$1-amd64-unsigned" "linux-headers-$1-amd64" "linux-headers-$1-common" \
    "linux-kbuild-$1" "linux-source-$LAB_SERIES"
}

# download_kernel VERSION ABI DIR: nothing is installed, the packages are only unpacked.
download_kernel() {
  local version=$1 abi=$2 dir=$3 package
  mkdir -p "$dir/deb" "$dir/x"
  # --- apt's own sandbox user cannot write here; it then says so and goes on, hence the log.
  (cd "$dir/deb" && apt-get download $(kernel_packages "$abi" | sed "s/\$/=$version/")) >"$dir/download.log" 2>&1 || {
    tail -n 5 "$dir/download.log" >&2
    return 1
  }
  for package in "$dir"/deb/*.deb; do
    dpkg -x "$package" "$dir/x" || return 1
  done
}

# build_smc ABI DIR OUT: smc.ko and smc_diag.ko with the loopback-ism device, from Debian's own source.
build_smc() {
  local abi=$1 dir=$2 out=$3 src=$2/x/usr/src
  tar -C "$dir" -xJf "$src/linux-source-$LAB_SERIES.tar.xz" "linux-source-$LAB_SERIES/net/smc" || return 1
  sed -i "s|/usr/src/|$src/|" "$src/linux-headers-$abi-amd64/Makefile"
  rm -f "$src/linux-headers-$abi-amd64/vmlinux" # it is there for type information only, which would need pahole
  make -j"$(nproc)" -C "$src/linux-headers-$abi-amd64" M="$dir/linux-source-$LAB_SERIES/net/smc" \
    CONFIG_SMC=m CONFIG_SMC_DIAG=m CONFIG_SMC_LO=y KCFLAGS=-DCONFIG_SMC_LO=1 modules >"$dir/build.log" 2>&1 || {
    tail -n 20 "$dir/build.log" >&2
    return 1
  }
  mkdir -p "$out"
  cp "$dir/linux-source-$LAB_SERIES"/net/smc/smc*.ko "$out/"
  strip --strip-debug "$out"/*.ko # 13 MB less to load at every start
}

# Fills $LAB_KERNEL: vmlinuz, config, lib/modules/RELEASE, smc-lo/*.ko, release. Called under the lock.
install_kernel() {
  local found version abi work result
  if [ "$(id -u)" = 0 ]; then
    apt-get update >/dev/null 2>&1 || say "apt-get update failed; going on with the package lists there are"
  fi
  found=$(find_kernel) || die "no Debian kernel $LAB_SERIES with matching headers, kbuild and source in apt's lists.
lab: it needs Debian 12's security (or Debian 13's) archive and a recent 'apt-get update' (as root)"
  version=${found% *} abi=${found#* }
  rm -rf "$LAB_CACHE"/.build-* # left by a set-up that was killed; we hold the lock
  work=$(mktemp -d "$LAB_CACHE/.build-XXXXXX")
  say "downloading Debian's kernel $version (about 270 MB, once)"
  download_kernel "$version" "$abi" "$work" || { rm -rf "$work"; die "cannot download the kernel packages $version (run 'apt-get update' as root?)"; }
  say "building smc.ko with loopback-ism (about a minute, once)"
  build_smc "$abi" "$work" "$work/result/smc-lo" || { rm -rf "$work"; die "smc.ko does not build"; }
  result=$work/result
  mkdir -p "$result/lib"
  mv "$work/x/boot/vmlinuz-$abi-amd64" "$result/vmlinuz"
  mv "$work/x/boot/config-$abi-amd64" "$result/config"
  mv "$work/x/lib/modules" "$result/lib/"
  PATH=$PATH:/usr/sbin:/sbin depmod -b "$result" "$abi-amd64" || die "depmod failed"
  printf '%s-amd64\n' "$abi" >"$result/release"
  rm -rf "$LAB_KERNEL.old"
  [ ! -e "$LAB_KERNEL" ] || mv "$LAB_KERNEL" "$LAB_KERNEL.old"
  mv "$result" "$LAB_KERNEL"
  rm -rf "$work" "$LAB_KERNEL.old"
}
