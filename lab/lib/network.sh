# Two guests with one network between them, and what can be done to them. Sourced by lab/run2, never run.
#
# Each guest's NIC is on a hub with one more port, its end of the wire; the two ends are datagram sockets in the run directory.
# So a cut wire drops packets without either guest seeing its carrier go, as behind a switch; an unplugged NIC sees it.

# start_side SIDE OTHER ADDRESS MAC COMMAND: starts the guest and what reads its output.
start_side() {
  local side=$1 other=$2 address=$3 mac=$4 command=$5 here
  here=$dir/$side
  mkdir "$here"
  mkfifo "$here/monitor.in" "$here/monitor.out"
  # shellcheck disable=SC2034
  G_ADDRESS=$address
  G_ENV=("${environment[@]}" "LAB_ROLE=$side")
  G_NET=(-netdev "dgram,id=wire,local.type=unix,local.path=$dir/$side.wire,remote.type=unix,remote.path=$dir/$other.wire"
    -netdev hubport,id=hub1,hubid=0,netdev=wire -netdev hubport,id=nic,hubid=0
    -device "virtio-net-pci,netdev=nic,mac=$mac"
    -chardev "pipe,id=monitor,path=$here/monitor" -mon chardev=monitor
    -chardev "file,id=ctl,path=$dir/control" -device virtserialport,chardev=ctl,name=lab.ctl)
  # shellcheck disable=SC2034
  if [ "$side" = server ]; then
    G_WAIT_GO='' G_WAIT_PORT=$wait_port
    G_NET+=(-chardev "file,id=event,path=$dir/control" -device virtserialport,chardev=event,name=lab.event)
  else
    G_WAIT_GO=1 G_WAIT_PORT=''
  fi
  start_guest "$here" bash -c "$command"
  pid[$side]=$GUEST_PID
  state[$side]=running
  boots[$side]=$((boots[$side] + 1))
  disown "$GUEST_PID" # keeps back the shell's own "Killed"
  {
    "$LAB_IMAGE/tools/lab_demux" "$here/status" "$side| " <&"$GUEST_FRAMES" 9>&- || true
    echo "ended $side" >&9
  } &
  exec {GUEST_FRAMES}<&-
}

# monitor SIDE COMMAND: opened for reading too, so that it never waits for a QEMU that is gone.
monitor() {
  printf '%s\n' "$2" 1<>"$dir/$1/monitor.in"
}

cut_guests() { monitor server 'set_link wire off'; }
unplug_guests() { monitor "$1" 'set_link nic off'; }
restore_guests() {
  monitor server 'set_link wire on'
  monitor server 'set_link nic on'
  monitor client 'set_link nic on'
}
pause_guests() { monitor "$1" stop; }
resume_guests() { monitor "$1" cont; }

# side_status SIDE: the status of its command, with a message when there is none.
side_status() { guest_status "$dir/$1"; }

save_logs() {
  local side
  [ -n "$G_KERNEL_LOG" ] || return 0
  for side in server client; do tr -d '\r' <"$dir/$side/kernel.log" >"$G_KERNEL_LOG.$side"; done
}
