#!/bin/sh
# image.sh KINDS COMMAND...: runs COMMAND in a small image of its own: a root of our own in a mount namespace, with this machine's programs and files bound into it. KINDS is a
# comma-separated list of
#   tmp-read-only   /tmp is there, on the read-only root
#   tmp-noexec      /tmp is mounted noexec
#   tmp-none        there is no /tmp
#   tmp             /tmp is an ordinary one
#   no-proc no-sys  without them
#   user            COMMAND runs as user 1000, with no capability (needs /proc)
# The root is always read-only; /run is always writable. Needs root, or user namespaces.
set -eu
kinds=,$1,
shift
has() {
    case $kinds in *",$1,"*) return 0 ;; esac
    return 1
}
if [ -z "${SMC_IMAGE_ROOT:-}" ]; then
    SMC_IMAGE_ROOT=$(mktemp -d)
    export SMC_IMAGE_ROOT
    # Mounts are gone with the namespace; what is left is the empty directory.
    status=0
    unshare --user --map-root-user --mount sh "$0" "${kinds#,}" "$@" || status=$?
    rmdir "$SMC_IMAGE_ROOT"
    exit "$status"
fi
root=$SMC_IMAGE_ROOT
mount -t tmpfs -o mode=755 tmpfs "$root"
# Where this project's files are, and what they need.
for d in /usr /lib /lib64 /bin /sbin /etc /dev /opt /proc $(has no-sys || echo /sys); do
    if [ -L "$d" ]; then
        cp -P "$d" "$root$d"
    elif [ -d "$d" ]; then
        mkdir "$root$d"
        mount --rbind "$d" "$root$d"
    fi
done
mkdir "$root/run"
mount -t tmpfs -o mode=1777 tmpfs "$root/run"
if ! has tmp-none; then
    mkdir -p "$root/tmp"
    chmod 1777 "$root/tmp"
fi
if has tmp-noexec; then
    mount -t tmpfs -o noexec,mode=1777 tmpfs "$root/tmp"
elif has tmp; then
    mount -t tmpfs -o mode=1777 tmpfs "$root/tmp"
fi
# After /tmp, where a project may be, too; tmp-none is not to be had then.
project=$(cd .. && pwd)
mkdir -p "$root$project"
mount --rbind "$project" "$root$project"
mkdir "$root/old"
mount -o remount,ro "$root"
here=$PWD
# Without /proc a JVM finds its own libraries by this path only.
if has no-proc; then
    LD_LIBRARY_PATH=$(dirname "$(dirname "$1")")/lib
    export LD_LIBRARY_PATH
fi
user=
! has user || user='unshare --user --map-user=1000 --map-group=1000'
# Not chroot: a process in one may make no user namespace.
cd "$root"
pivot_root . old
umount -l old
! has no-proc || umount -l proc # last, since umount reads it
# shellcheck disable=SC2016,SC2086 # for the inner shell; words
exec $user sh -c 'cd "$0" && exec "$@"' "$here" "$@"
