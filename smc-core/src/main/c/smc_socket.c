#define _GNU_SOURCE
#include "smc_socket.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

static int result(int r)
{
    return r < 0 ? -errno : r;
}

/* The kernel answers the full length of an address or option even where it had to cut it. */
static int filled(int r, socklen_t length, size_t capacity)
{
    if (r < 0)
        return -errno;
    return length > capacity ? (int)capacity : (int)length;
}

int smc_socket(int domain, int type, int protocol)
{
    return result(socket(domain, type, protocol));
}

int smc_close(int fd)
{
    return result(close(fd));
}

int smc_dup3(int from, int to, int flags)
{
    return result(dup3(from, to, flags));
}

int smc_fcntl(int fd, int command, int argument)
{
    return result(fcntl(fd, command, argument));
}

int smc_getsockopt(int fd, int level, int option, void *value, size_t capacity)
{
    socklen_t length = (socklen_t)capacity;
    int r = getsockopt(fd, level, option, value, &length);
    return filled(r, length, capacity);
}

int smc_setsockopt(int fd, int level, int option, const void *value, size_t length)
{
    return result(setsockopt(fd, level, option, value, (socklen_t)length));
}

int smc_bind(int fd, const void *address, size_t length)
{
    return result(bind(fd, address, (socklen_t)length));
}

int smc_connect(int fd, const void *address, size_t length)
{
    return result(connect(fd, address, (socklen_t)length));
}

int smc_listen(int fd, int backlog)
{
    return result(listen(fd, backlog));
}

int smc_getsockname(int fd, void *address, size_t capacity)
{
    socklen_t length = (socklen_t)capacity;
    int r = getsockname(fd, address, &length);
    return filled(r, length, capacity);
}

int smc_getpeername(int fd, void *address, size_t capacity)
{
    socklen_t length = (socklen_t)capacity;
    int r = getpeername(fd, address, &length);
    return filled(r, length, capacity);
}

int smc_shutdown(int fd, int how)
{
    return result(shutdown(fd, how));
}

int smc_poll(int fd, int events, int timeout_ms)
{
    struct pollfd p = { .fd = fd, .events = (short)events, .revents = 0 };
    int r = poll(&p, 1, timeout_ms);
    if (r < 0)
        return -errno;
    return r == 0 ? 0 : (unsigned short)p.revents;
}

int64_t smc_ioctl(int fd, unsigned long request)
{
    int value = 0;
    if (ioctl(fd, request, &value) < 0)
        return -errno;
    return (uint32_t)value;
}

int64_t smc_inode(int fd)
{
    struct stat st;
#ifdef SYS_fstat
    /* By number: glibc's fstat() is a symbol of 2.33. On 64-bit machines the kernel's structure and the library's are one. */
    if (syscall(SYS_fstat, fd, &st) < 0)
#else
    if (fstat(fd, &st) < 0)
#endif
        return -errno;
    return (int64_t)st.st_ino;
}

int smc_send(int fd, const void *data, size_t length, int flags, const void *address, size_t address_length)
{
    ssize_t n = sendto(fd, data, length, flags | MSG_NOSIGNAL, address, (socklen_t)address_length);
    return n < 0 ? -errno : (int)n;
}

int smc_recv(int fd, void *data, size_t capacity, int flags)
{
    ssize_t n = recv(fd, data, capacity, flags);
    return n < 0 ? -errno : (int)n;
}
