/* smc_ueid NAME: adds a user-defined EID (padded with spaces to 32 bytes), which SMC v2 needs on both ends. */
#include <linux/genetlink.h>
#include <linux/netlink.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* From the kernel's linux/smc.h, which not every libc's headers have in this version. */
#define SMC_GENL_FAMILY "SMC_GEN_NETLINK"
#define SMC_NETLINK_ADD_UEID 10
#define SMC_NLA_EID_TABLE_ENTRY 1
#define EID_LEN 32

struct request {
	struct nlmsghdr n;
	struct genlmsghdr g;
	char attrs[512];
};

/* Sends one request with one string attribute, and returns the answer's length in buf, or -1. */
static ssize_t ask(int fd, int family, int cmd, int flags, int attr, const char *text, char *buf, size_t size)
{
	struct request r;
	struct nlattr *a = (struct nlattr *)r.attrs;
	size_t len = strlen(text) + 1;

	memset(&r, 0, sizeof r);
	a->nla_type = attr;
	a->nla_len = NLA_HDRLEN + len;
	memcpy(r.attrs + NLA_HDRLEN, text, len);
	r.n.nlmsg_len = NLMSG_LENGTH(GENL_HDRLEN) + NLA_ALIGN(a->nla_len);
	r.n.nlmsg_type = family;
	r.n.nlmsg_flags = NLM_F_REQUEST | flags;
	r.g.cmd = cmd;
	r.g.version = 1;
	if (send(fd, &r, r.n.nlmsg_len, 0) < 0)
		return -1;
	return recv(fd, buf, size, 0);
}

static int error_of(const char *buf, ssize_t len)
{
	const struct nlmsghdr *n = (const struct nlmsghdr *)buf;
	const struct nlmsgerr *e = NLMSG_DATA(n);

	if (len < (ssize_t)NLMSG_HDRLEN)
		return -1;
	return n->nlmsg_type == NLMSG_ERROR ? -e->error : 0;
}

static int family_id(int fd)
{
	char buf[4096];
	const struct nlmsghdr *n = (const struct nlmsghdr *)buf;
	ssize_t len = ask(fd, GENL_ID_CTRL, CTRL_CMD_GETFAMILY, 0, CTRL_ATTR_FAMILY_NAME, SMC_GENL_FAMILY, buf, sizeof buf);
	unsigned int off = NLMSG_LENGTH(GENL_HDRLEN);

	if (len < 0 || error_of(buf, len) != 0)
		return -1;
	while (off + NLA_HDRLEN <= n->nlmsg_len) {
		const struct nlattr *a = (const struct nlattr *)(buf + off);

		if (a->nla_type == CTRL_ATTR_FAMILY_ID)
			return *(const unsigned short *)(buf + off + NLA_HDRLEN);
		off += NLA_ALIGN(a->nla_len);
	}
	return -1;
}

int main(int argc, char **argv)
{
	char buf[4096], eid[EID_LEN + 1];
	int fd = socket(AF_NETLINK, SOCK_RAW, NETLINK_GENERIC);
	int family, error;

	if (argc != 2 || strlen(argv[1]) > EID_LEN) {
		fprintf(stderr, "usage: smc_ueid NAME (at most %d bytes)\n", EID_LEN);
		return 2;
	}
	snprintf(eid, sizeof eid, "%-*s", EID_LEN, argv[1]);
	family = family_id(fd);
	if (family < 0) {
		fprintf(stderr, "smc_ueid: the kernel has no %s\n", SMC_GENL_FAMILY);
		return 1;
	}
	error = error_of(buf, ask(fd, family, SMC_NETLINK_ADD_UEID, NLM_F_ACK, SMC_NLA_EID_TABLE_ENTRY, eid, buf, sizeof buf));
	if (error != 0) {
		fprintf(stderr, "smc_ueid: %s\n", strerror(error));
		return 1;
	}
	return 0;
}
