# Builds the guest's tools and its initramfs. Sourced, never run.

# The applets init uses.
LAB_APPLETS="sh mount umount mkdir ln cat insmod ip chroot echo sleep dmesg grep"

# Modules by the list they go in; each list is in dependency order. What is not listed is loaded on demand
# from the host's cache by the guest's /sbin/modprobe.
LAB_MODULES_base="overlay 9p 9pnet_virtio veth"
LAB_MODULES_net="virtio_net"
LAB_MODULES_smc="smc smc_diag"
LAB_MODULES_rxe="crc32_generic rdma_rxe"

# image_name: changes when anything that goes in does, so that several checkouts can share one cache.
image_name() {
  { cat "$LAB_HOME"/guest/* "$LAB_HOME"/host/* "$LAB_HOME/lib/image.sh" "$LAB_KERNEL/release"; stat -c %Y "$LAB_KERNEL/release"; } | sha256sum | cut -c1-16
}

# module_files LIST...: files of these modules and of what they depend on, in the order of loading.
module_files() {
  PATH=$PATH:/usr/sbin:/sbin
  local release module
  release=$(cat "$LAB_KERNEL/release")
  for module; do
    modprobe -C /dev/null -d "$LAB_KERNEL" -S "$release" --show-depends "$module" || return 1
  done | awk '$1 == "insmod" && !seen[$2]++ {print $2}'
}

# add_modules ROOT LIST MODULE...: puts them unpacked in ROOT/mods and their names in ROOT/mods/LIST.list.
add_modules() {
  local root=$1 list=$2 file name
  shift 2
  for file in $(module_files "$@"); do
    name=$(basename "$file" .xz)
    [ -e "$root/mods/$name" ] || case $file in
      *.xz) xz -dc "$file" >"$root/mods/$name" ;;
      *) cp "$file" "$root/mods/$name" ;;
    esac
    printf '%s\n' "$name" >>"$root/mods/$list.list"
  done
}

build_tools() {
  local out=$1 tool
  mkdir -p "$out"
  for tool in "$LAB_HOME"/guest/*.c "$LAB_HOME"/host/*.c; do
    gcc-12 -std=gnu11 -O2 -static -Wall -Wextra -Werror -o "$out/$(basename "$tool" .c)" "$tool" || return 1
  done
}

build_image() {
  local out=$1 root=$1/root applet
  mkdir -p "$root"/{bin,sbin,mods,dev,proc,sys,lab,host,rw,new,etc}
  cp /bin/busybox "$root/bin/busybox"
  for applet in $LAB_APPLETS; do ln -s busybox "$root/bin/$applet"; done
  cp "$LAB_HOME/guest/init" "$root/init"
  cp "$LAB_HOME/guest/modprobe" "$root/sbin/modprobe"
  cp "$out/tools/lab_exec" "$out/tools/lab_once" "$out/tools/smc_ueid" "$root/bin/"
  chmod 755 "$root/init" "$root/sbin/modprobe"
  add_modules "$root" base $LAB_MODULES_base
  add_modules "$root" net $LAB_MODULES_net
  add_modules "$root" smc $LAB_MODULES_smc
  add_modules "$root" rxe $LAB_MODULES_rxe
  mkdir "$root/mods/lo"
  cp "$LAB_KERNEL"/smc-lo/*.ko "$root/mods/lo/"
  # Not compressed: unpacking costs the emulated processor more than reading.
  (cd "$root" && find . | cpio -o -H newc -R 0:0 --quiet) >"$out/initrd" || return 1
  rm -rf "$root"
}

# Images and kernels of earlier versions of these files: gone when no run has used them for two weeks (a run touches its own).
remove_old_images() {
  find "$LAB_CACHE" -maxdepth 1 \( -name 'image-*' -o -name 'kernel-*' \) -mtime +14 -exec rm -rf {} +
  rm -rf "$LAB_CACHE"/.image-* # left by a set-up that was killed; we hold the lock
}

# Fills $LAB_IMAGE (initrd, tools/). Called under the lock.
install_image() {
  local work
  remove_old_images
  work=$(mktemp -d "$LAB_CACHE/.image-XXXXXX")
  if ! { build_tools "$work/tools" && build_image "$work"; }; then
    rm -rf "$work"
    die "cannot build the guest's initramfs"
  fi
  chmod 755 "$work"
  mv "$work" "$LAB_IMAGE"
}

# Sets LAB_IMAGE, after a set-up when the cache lacks anything.
ready_image() {
  if [ ! -e "$LAB_KERNEL/release" ] || ! command -v qemu-system-x86_64 >/dev/null; then
    "$LAB_HOME/setup" || exit $?
  fi
  LAB_IMAGE=$LAB_CACHE/image-$(image_name)
  [ -e "$LAB_IMAGE" ] || "$LAB_HOME/setup" || exit $?
  touch -c "$LAB_IMAGE" "$LAB_KERNEL" 2>/dev/null || true
}
