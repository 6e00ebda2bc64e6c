/*
 * smc_pair MODE: one AF_SMC connection over 127.0.0.1 between two processes, checked at both ends.
 * smc_pair server ADDRESS PORT MODE, smc_pair client ADDRESS PORT MODE: one end each.
 *
 * MODE is what is expected: smcd, smcr or tcp (a fallback). Each end prints SO_PROTOCOL and what smc_diag says of its
 * socket, and exits with 1 when that is something else.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <linux/netlink.h>
#include <netinet/in.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define SMC_DIAG 20 /* SOCK_DIAG_BY_FAMILY's number; AF_SMC is dumped whole */

/* The kernel's linux/smc_diag.h */
struct diag_request {
	uint8_t family, pad[2], ext;
	uint8_t id[48];
};

struct diag_message {
	uint8_t family, state, mode, shutdown;
	uint8_t id[48];
	uint32_t uid;
	uint64_t inode;
};

static void die(const char *what)
{
	fprintf(stderr, "smc_pair: %s: %s\n", what, strerror(errno));
	exit(1);
}

/* smc_diag's mode of the socket with this inode: 0 SMC-R, 1 TCP, 2 SMC-D; -1 when it is not listed. */
static int diag_mode(uint64_t inode)
{
	struct {
		struct nlmsghdr n;
		struct diag_request r;
	} q = { .n = { .nlmsg_len = sizeof q, .nlmsg_type = SMC_DIAG, .nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP },
		.r = { .family = AF_SMC } };
	static char buf[65536] __attribute__((aligned(8)));
	int fd = socket(AF_NETLINK, SOCK_RAW, NETLINK_SOCK_DIAG), mode = -1;

	if (fd < 0 || send(fd, &q, sizeof q, 0) < 0)
		die("smc_diag");
	for (;;) {
		int len = recv(fd, buf, sizeof buf, 0);

		if (len < 0)
			die("smc_diag");
		for (struct nlmsghdr *n = (struct nlmsghdr *)buf; NLMSG_OK(n, (unsigned int)len); n = NLMSG_NEXT(n, len)) {
			struct diag_message *m = NLMSG_DATA(n);

			if (n->nlmsg_type == NLMSG_DONE || n->nlmsg_type == NLMSG_ERROR) {
				close(fd);
				return mode;
			}
			if (m->inode == inode)
				mode = m->mode;
		}
	}
}

/* Exchanges a byte each way, so that the peer is there, then compares; returns the exit status. */
static int check(const char *who, int fd, const char *expected)
{
	static const char *const names[] = { "smcr", "tcp", "smcd" };
	int protocol = -1, mode, ok;
	socklen_t len = sizeof protocol;
	struct stat st;
	char c = 'x';

	if (write(fd, &c, 1) != 1 || read(fd, &c, 1) != 1)
		die("exchange of a byte");
	if (getsockopt(fd, SOL_SOCKET, SO_PROTOCOL, &protocol, &len) != 0 || fstat(fd, &st) != 0)
		die("getsockopt");
	mode = diag_mode(st.st_ino);
	ok = mode >= 0 && mode <= 2 && strcmp(names[mode], expected) == 0 && (protocol == IPPROTO_TCP) == (mode == 1);
	printf("%s: SO_PROTOCOL %d, smc_diag mode %d (%s)%s\n", who, protocol, mode, mode >= 0 && mode <= 2 ? names[mode] : "not listed",
	       ok ? "" : ", NOT as expected");
	fflush(stdout);
	/* Both have looked before either closes. */
	if (write(fd, &c, 1) != 1 || read(fd, &c, 1) != 1)
		die("exchange of a byte");
	close(fd);
	return ok ? 0 : 1;
}

static int new_socket(const char *address, const char *port, struct sockaddr_in *a)
{
	int fd = socket(AF_SMC, SOCK_STREAM, 0), one = 1;

	if (fd < 0)
		die("socket(AF_SMC)");
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
	memset(a, 0, sizeof *a);
	a->sin_family = AF_INET;
	a->sin_port = htons(atoi(port));
	if (inet_pton(AF_INET, address, &a->sin_addr) != 1)
		die(address);
	return fd;
}

static int listener(const char *address, const char *port)
{
	struct sockaddr_in a;
	int fd = new_socket(address, port, &a);

	if (bind(fd, (struct sockaddr *)&a, sizeof a) != 0 || listen(fd, 8) != 0)
		die("listen");
	return fd;
}

static int client(const char *address, const char *port, const char *expected)
{
	struct sockaddr_in a;
	int fd = new_socket(address, port, &a);

	if (connect(fd, (struct sockaddr *)&a, sizeof a) != 0)
		die("connect");
	return check("client", fd, expected);
}

static int server(int fd, const char *expected)
{
	int peer = accept(fd, NULL, NULL);

	if (peer < 0)
		die("accept");
	return check("server", peer, expected);
}

static int pair(const char *expected)
{
	static const char address[] = "127.0.0.1", port[] = "7799";
	int fd = listener(address, port), status = 0, result;
	pid_t pid = fork();

	if (pid < 0)
		die("fork");
	if (pid == 0)
		exit(client(address, port, expected));
	result = server(fd, expected);
	if (waitpid(pid, &status, 0) != pid)
		die("waitpid");
	return result != 0 || status != 0;
}

int main(int argc, char **argv)
{
	if (argc == 2)
		return pair(argv[1]);
	if (argc == 5 && strcmp(argv[1], "server") == 0)
		return server(listener(argv[2], argv[3]), argv[4]);
	if (argc == 5 && strcmp(argv[1], "client") == 0)
		return client(argv[2], argv[3], argv[4]);
	fprintf(stderr, "usage: smc_pair MODE | smc_pair server|client ADDRESS PORT MODE\n");
	return 2;
}
