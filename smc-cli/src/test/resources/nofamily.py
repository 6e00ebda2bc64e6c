#!/usr/bin/env python3
"""nofamily.py FAMILY[,FAMILY...] COMMAND...: runs a command whose socket() answers EPERM for these address families, as under a container's seccomp profile."""
import ctypes
import os
import struct
import sys

PR_SET_NO_NEW_PRIVS, PR_SET_SECCOMP, SECCOMP_MODE_FILTER = 38, 22, 2
LOAD, EQUAL, RETURN = 0x20, 0x15, 0x06  # BPF_LD|W|ABS, BPF_JMP|JEQ|K, BPF_RET|K
ALLOW, EPERM = 0x7FFF0000, 0x00050001
SYS_SOCKET = {"x86_64": 41, "aarch64": 198}[os.uname().machine]

families = [int(f) for f in sys.argv[1].split(",")]
# struct seccomp_data: number at 0, low half of the first argument at 16
program = [(LOAD, 0, 0, 0), (EQUAL, 0, len(families) + 1, SYS_SOCKET), (LOAD, 0, 0, 16)]
program += [(EQUAL, len(families) - i, 0, f) for i, f in enumerate(families)]
program += [(RETURN, 0, 0, ALLOW), (RETURN, 0, 0, EPERM)]
code = b"".join(struct.pack("=HBBI", *p) for p in program)
buffer = ctypes.create_string_buffer(code)
filter = struct.pack("@HP", len(program), ctypes.addressof(buffer))
libc = ctypes.CDLL(None, use_errno=True)
if libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) or libc.prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, filter, 0, 0):
    sys.exit("prctl: " + os.strerror(ctypes.get_errno()))
os.execvp(sys.argv[2], sys.argv[2:])
