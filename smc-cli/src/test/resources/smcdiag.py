#!/usr/bin/env python3
"""Reads smc_diag without any of the library's code: one line "STATE MODE SPORT DPORT INODE REASON DIAGNOSIS" a socket, numbers as the kernel has them."""
import socket
import struct

s = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 4)
request = struct.pack("=BBBB48x", 43, 0, 0, 0)
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
        a = 64
        while a + 4 <= len(m):
            n, t = struct.unpack_from("=HH", m, a)
            if t == 5:
                reason, diagnosis = struct.unpack_from("=II", m, a + 4)
            a += (n + 3) & ~3
        print(m[1], m[2], sport, dport, inode, reason, diagnosis)
        at += (length + 3) & ~3
