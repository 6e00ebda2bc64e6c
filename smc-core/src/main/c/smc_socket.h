/* One function, one system call; every function answers its result or -errno. */
#ifndef SMC4J_SMC_SOCKET_H
#define SMC4J_SMC_SOCKET_H

#include <stddef.h>
#include <stdint.h>

int smc_socket(int domain, int type, int protocol);
int smc_close(int fd);
int smc_dup3(int from, int to, int flags);
int smc_fcntl(int fd, int command, int argument);
int smc_getsockopt(int fd, int level, int option, void *value, size_t capacity);
int smc_setsockopt(int fd, int level, int option, const void *value, size_t length);
int smc_bind(int fd, const void *address, size_t length);
int smc_connect(int fd, const void *address, size_t length);
int smc_listen(int fd, int backlog);
int smc_getsockname(int fd, void *address, size_t capacity);
int smc_getpeername(int fd, void *address, size_t capacity);
int smc_shutdown(int fd, int how);
int smc_poll(int fd, int events, int timeout_ms);
int64_t smc_ioctl(int fd, unsigned long request);
int64_t smc_inode(int fd);
int smc_send(int fd, const void *data, size_t length, int flags, const void *address, size_t address_length);
int smc_recv(int fd, void *data, size_t capacity, int flags);

#endif
