#!/usr/bin/env python3
"""Reads smc_diag without any of the library's code. One line a socket, numbers as the kernel has them:
STATE MODE SPORT DPORT INODE REASON DIAGNOSIS, then sizes "TOKEN SNDBUF RMBE PEER_RMBE", RDMA link "DEVICE PORT GID PEER_GID ROLE" and shared memory
"LINKID GID PEER_GID TOKEN PEER_TOKEN", each "-" where the socket has none."""
import socket
import struct


def text(b):
    return b.split(b"\0")[0].decode("ascii").strip()


s = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 4)
request = struct.pack("=BBBB48x", 43, 0, 0, 0x0B)
s.send(struct.pack("=IHHII", 16 + len(request), 20, 0x301, 1, 0) + request)
done = False
while not done:
    data = s.recv(65536)
    at = 0
    while at + 16 <= len(data):
        length, kind = struct.unpack_from("=IH", data, at)
        if kind in (2, 3):
            done = True
            break
        m = data[at + 16:at + length]
        sport, dport = struct.unpack_from(">HH", m, 4)
        inode = struct.unpack_from("=Q", m, 56)[0]
        reason = diagnosis = 0
        sizes = link = memory = "-"
        a = 64
        while a + 4 <= len(m):
            n, t = struct.unpack_from("=HH", m, a)
            v = m[a + 4:a + n]
            if t == 1:
                sizes = "%d %d %d %d" % struct.unpack_from("=IIII", v)
            elif t == 2:
                link = "%s %d %s %s %d" % (text(v[1:65]), v[65], text(v[66:106]), text(v[106:146]), v[146])
            elif t == 4:
                linkid, peer_gid, gid, token, peer_token = struct.unpack_from("=I4xQQQQ", v)
                memory = "%d %d %d %d %d" % (linkid, gid, peer_gid, token, peer_token)
            elif t == 5:
                reason, diagnosis = struct.unpack_from("=II", v)
            a += (n + 3) & ~3
        print(m[1], m[2], sport, dport, inode, reason, diagnosis, sizes, link, memory)
        at += (length + 3) & ~3
