/*
 * lab_once: makes a TCP connection over loopback, IPv4 and IPv6, and sends a datagram of each.
 *
 * The kernel makes its secrets for sequence numbers, time stamps and hash tables when they are needed for the first time, and then takes
 * the question out of its own code. Done here while there is one processor: see init.
 */
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static socklen_t loopback(int family, struct sockaddr_storage *address)
{
	struct sockaddr_in *v4 = (struct sockaddr_in *)address;
	struct sockaddr_in6 *v6 = (struct sockaddr_in6 *)address;

	memset(address, 0, sizeof *address);
	address->ss_family = family;
	if (family == AF_INET) {
		v4->sin_addr.s_addr = htonl(INADDR_LOOPBACK);
		return sizeof *v4;
	}
	v6->sin6_addr = in6addr_loopback;
	return sizeof *v6;
}

/* Returns 0, or 1 where one of the calls failed. */
static int talk(int family, int type)
{
	struct sockaddr_storage address;
	socklen_t len = loopback(family, &address);
	int server = socket(family, type, 0), client = socket(family, type, 0), failed;

	failed = server < 0 || client < 0 || bind(server, (struct sockaddr *)&address, len)
		 || (type == SOCK_STREAM && listen(server, 1)) || getsockname(server, (struct sockaddr *)&address, &len)
		 || connect(client, (struct sockaddr *)&address, len) || send(client, "x", 1, 0) != 1;
	close(client);
	close(server);
	return failed;
}

int main(void)
{
	return talk(AF_INET, SOCK_STREAM) | talk(AF_INET6, SOCK_STREAM) | talk(AF_INET, SOCK_DGRAM) | talk(AF_INET6, SOCK_DGRAM);
}
