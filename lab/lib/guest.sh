# Starts a guest and waits for its command. Sourced, never run.
#
# A guest is described by the shell variables below and a run directory DIR, which the guest sees as /lab:
#   G_MODE (smcd | smcr | no-device | no-module), G_ICOUNT, G_SMP, G_MEM, G_OUT, G_ENV (array), G_KERNEL_LOG, G_PLUGIN,
#   and for guests with a network between them: G_ADDRESS, G_NET (array of QEMU's options), G_WAIT_GO (start the command
#   when DIR/guest/go is there), G_WAIT_PORT (say "ready" on the event port when this TCP port listens).

LAB_UEID=SMC4J-LAB

guest_defaults() {
  G_MODE=smcd G_ICOUNT='' G_SMP=${LAB_SMP:-2} G_MEM=${LAB_MEM:-4096} G_OUT='' G_ENV=() G_KERNEL_LOG='' G_PLUGIN='' G_ADDRESS='' G_NET=()
  G_WAIT_GO='' G_WAIT_PORT=''
}

# prepare_guest DIR COMMAND...: writes what the guest reads.
prepare_guest() {
  local dir=$1 name
  shift
  mkdir -p "$dir/guest"
  printf '%s\0' "$@" >"$dir/guest/argv"
  printf '%s\0' "$PWD" >"$dir/guest/cwd"
  {
    for name in PATH HOME JAVA_HOME LANG LC_ALL TZ USER TERM; do
      [ -z "${!name:-}" ] || printf '%s=%s\0' "$name" "${!name}"
    done
    printf '%s\0' "SMC_LAB=$G_MODE" "LAB_TOOLS=$LAB_IMAGE/tools"
    [ -z "$G_OUT" ] || printf 'LAB_OUT=%s\0' "$G_OUT"
    [ "${#G_ENV[@]}" = 0 ] || printf '%s\0' "${G_ENV[@]}"
  } >"$dir/guest/env"
  printf 'LAB_%s=%q\n' MODE "$G_MODE" RELEASE "$(cat "$LAB_KERNEL/release")" KERNEL "$LAB_KERNEL" UEID "$LAB_UEID" \
    OUT "$G_OUT" ADDRESS "$G_ADDRESS" DMESG "$G_KERNEL_LOG" \
    WAIT_GO "$G_WAIT_GO" WAIT_PORT "$G_WAIT_PORT" >"$dir/guest/config"
  mkfifo "$dir/port"
}

# 9p's options are a list with commas: one in a path is written twice.
share() { # share PATH TAG [OPTIONS]
  printf 'local,path=%s,mount_tag=%s,security_model=none,multidevs=remap%s' "${1//,/,,}" "$2" "${3:-}"
}

# run_qemu DIR: becomes QEMU.
run_qemu() {
  local dir=$1 options=()
  if [ -n "$G_ICOUNT" ]; then
    options+=(-icount "shift=0,sleep=off" -accel "tcg,thread=single" -smp 1)
  else
    options+=(-accel "${LAB_ACCEL:-tcg,thread=multi}" -smp "$G_SMP")
  fi
  options+=(-virtfs "$(share / host ,readonly=on)" -virtfs "$(share "$dir/guest" lab ,readonly=on)")
  [ -z "$G_OUT" ] || options+=(-virtfs "$(share "$G_OUT" out)")
  [ -z "$G_PLUGIN" ] || options+=(-plugin "$G_PLUGIN")
  [ "${#G_NET[@]}" -gt 0 ] || options+=(-nic none)
  # tsc=reliable: on a loaded host the kernel would else mistrust the emulated clock and change to a slow one; no_timer_check: or find none at all.
  # maxcpus=1: see guest/init, which starts the others.
  # With the parent gone, so is the guest.
  exec setpriv --pdeathsig KILL qemu-system-x86_64 -nodefaults -display none -no-reboot -cpu max -m "$G_MEM" \
    -kernel "$LAB_KERNEL/vmlinuz" -initrd "$LAB_IMAGE/initrd" \
    -append "console=ttyS0 quiet panic=-1 oops=panic mitigations=off nokaslr net.ifnames=0 random.trust_cpu=on tsc=reliable no_timer_check maxcpus=1 noreplace-smp ${LAB_KERNEL_ARGS:-}" \
    -chardev "file,id=kernel,path=${dir//,/,,}/kernel.log" -serial chardev:kernel \
    -device virtio-serial-pci \
    -chardev "file,id=out,path=${dir//,/,,}/port" -device virtserialport,chardev=out,name=lab.out \
    -device virtio-rng-pci "${options[@]}" ${G_NET[@]+"${G_NET[@]}"} </dev/null >"$dir/qemu.log" 2>&1
}

# start_guest DIR COMMAND...: sets GUEST_PID; the command's frames are to be read from DIR/port, opened for reading.
start_guest() {
  local dir=$1
  shift
  prepare_guest "$dir" "$@"
  # QEMU inherits this writing end, so that the reader sees the end of the stream whenever and however QEMU ends.
  exec 7<>"$dir/port"
  run_qemu "$dir" &
  GUEST_PID=$!
  exec {GUEST_FRAMES}<"$dir/port" 7>&-
}

# report_failure DIR TEXT: what is known of a guest that did not get to the command's end.
report_failure() {
  local dir=$1
  shift
  say "$*"
  sed 's/^/lab: qemu: /' "$dir/qemu.log" >&2
  if [ -s "$dir/kernel.log" ]; then
    # From the first sign of a crash on, else the last lines.
    { grep -a -m 1 -A 40 -E 'BUG:|Oops|Kernel panic' "$dir/kernel.log" || tail -n 25 "$dir/kernel.log"; } | tr -d '\r' | sed 's/^/lab: kernel: /' >&2
  else
    say "the kernel logged no warning or error"
  fi
}

# boot_failed DIR: has a guest that is over not come as far as its command? Says so.
boot_failed() {
  local dir=$1 why
  [ ! -e "$dir/status" ] && [ ! -e "$dir/status.begun" ] || return 1
  why=$(grep -a -m 1 -oE 'Oops: .*|BUG: .*|Kernel panic.*' "$dir/kernel.log" 2>/dev/null | tr -d '\r' || true)
  say "the guest did not boot (${why:-$(tail -n 1 "$dir/qemu.log")})"
}

# guest_status DIR: the command's status, or a status and a message of our own.
guest_status() {
  local dir=$1 status
  status=$(cat "$dir/status" 2>/dev/null || true)
  case $status in
    failed*)
      report_failure "$dir" "the guest could not be prepared: ${status#failed }"
      return "$LAB_EXIT_FAILED"
      ;;
    '')
      report_failure "$dir" "the guest ended before the command did"
      return "$LAB_EXIT_FAILED"
      ;;
  esac
  return "$status"
}
