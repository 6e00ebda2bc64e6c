/*
 * What smc_run does, for comparison only: TCP sockets of a program are opened as AF_SMC ones.
 * Built by scripts/bench.sh: cc -shared -fPIC -O2 -Wall -Wextra -Werror -o preload.so preload.c -ldl
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <netinet/in.h>
#include <sys/socket.h>

#ifndef AF_SMC
#define AF_SMC 43 /* Linux 4.11 */
#endif
#define SMCPROTO_SMC 0
#define SMCPROTO_SMC6 1
#define TYPE_MASK 0xf /* SOCK_NONBLOCK and SOCK_CLOEXEC are above it */

int socket(int domain, int type, int protocol)
{
	static int (*real)(int, int, int);

	if (!real)
		real = (int (*)(int, int, int))dlsym(RTLD_NEXT, "socket");
	if ((domain == AF_INET || domain == AF_INET6) && (type & TYPE_MASK) == SOCK_STREAM &&
	    (protocol == 0 || protocol == IPPROTO_TCP)) {
		protocol = domain == AF_INET ? SMCPROTO_SMC : SMCPROTO_SMC6;
		domain = AF_SMC;
	}
	return real(domain, type, protocol);
}
