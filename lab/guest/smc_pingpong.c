/*
 * smc_pingpong smc|tcp ROUNDS: 64-byte round trips over 127.0.0.1 between two processes; prints nanoseconds a round trip.
 * Meant for lab/run --icount, where that is a count of guest instructions. Fails when smc fell back to TCP.
 */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define SIZE 64

static void check(int ok, const char *what)
{
	if (!ok) {
		perror(what);
		exit(1);
	}
}

static void receive(int fd, char *data)
{
	for (ssize_t n, have = 0; have < SIZE; have += n) {
		n = read(fd, data + have, SIZE - have);
		check(n > 0, "read");
	}
}

static void trips(int fd, int rounds, int first)
{
	char data[SIZE] = "";

	for (int i = 0; i < rounds; i++) {
		if (first)
			check(write(fd, data, SIZE) == SIZE, "write");
		receive(fd, data);
		if (!first)
			check(write(fd, data, SIZE) == SIZE, "write");
	}
}

int main(int argc, char **argv)
{
	struct sockaddr_in a = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	int smc = argc == 3 && strcmp(argv[1], "smc") == 0, rounds = argc == 3 ? atoi(argv[2]) : 0;
	int family = smc ? AF_SMC : AF_INET, listener, fd, one = 1, protocol;
	socklen_t len = sizeof a;
	struct timespec t0, t1;

	if (rounds <= 0 || (!smc && strcmp(argv[1], "tcp") != 0)) {
		fprintf(stderr, "usage: smc_pingpong smc|tcp ROUNDS\n");
		return 2;
	}
	listener = socket(family, SOCK_STREAM, 0);
	check(listener >= 0, "socket");
	check(bind(listener, (struct sockaddr *)&a, sizeof a) == 0, "bind");
	check(listen(listener, 8) == 0, "listen");
	check(getsockname(listener, (struct sockaddr *)&a, &len) == 0, "getsockname");
	if (fork() == 0) {
		fd = accept(listener, NULL, NULL);
		check(fd >= 0, "accept");
		setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
		trips(fd, 2 * rounds, 0);
		return 0;
	}
	fd = socket(family, SOCK_STREAM, 0);
	check(connect(fd, (struct sockaddr *)&a, sizeof a) == 0, "connect");
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
	len = sizeof protocol;
	check(getsockopt(fd, SOL_SOCKET, SO_PROTOCOL, &protocol, &len) == 0, "getsockopt");
	if (smc && protocol == IPPROTO_TCP) {
		fprintf(stderr, "smc_pingpong: the connection fell back to TCP\n");
		return 1;
	}
	trips(fd, rounds, 1); /* warm-up */
	clock_gettime(CLOCK_MONOTONIC, &t0);
	trips(fd, rounds, 1);
	clock_gettime(CLOCK_MONOTONIC, &t1);
	printf("%s %.0f\n", argv[1], ((t1.tv_sec - t0.tv_sec) * 1e9 + (t1.tv_nsec - t0.tv_nsec)) / rounds);
	return 0;
}
