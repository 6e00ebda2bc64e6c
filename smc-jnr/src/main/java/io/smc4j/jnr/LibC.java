package io.smc4j.jnr;

import jnr.ffi.annotations.In;
import jnr.ffi.annotations.Out;

/** The C library's calls, as jnr-ffi binds them: public for the class that it makes. Arrays are copied in and out. */
public interface LibC {

    int socket(int domain, int type, int protocol);

    int close(int fd);

    int dup3(int from, int to, int flags);

    int fcntl(int fd, int command, int argument);

    int getsockopt(int fd, int level, int option, @In @Out byte[] value, @In @Out int[] length);

    int setsockopt(int fd, int level, int option, @In byte[] value, int length);

    int bind(int fd, @In byte[] address, int length);

    int connect(int fd, @In byte[] address, int length);

    int listen(int fd, int backlog);

    int getsockname(int fd, @In @Out byte[] address, @In @Out int[] length);

    int getpeername(int fd, @In @Out byte[] address, @In @Out int[] length);

    int shutdown(int fd, int how);

    int poll(@In @Out byte[] pollfds, long count, int timeoutMillis);

    int ioctl(int fd, long request, @In @Out int[] value);

    long syscall(long number, long fd, @In @Out byte[] buffer);

    long sendto(int fd, @In byte[] data, long length, int flags, @In byte[] address, int addressLength);

    long recv(int fd, @Out byte[] data, long length, int flags);
}
