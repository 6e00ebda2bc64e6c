/*
 * lab_exec ROOT DIR: runs the command described in DIR inside ROOT and sends its output, as it comes, to descriptor 3
 * in frames that host/lab_demux.c takes apart again:
 *
 *	"o LENGTH\n" bytes	standard output
 *	"e LENGTH\n" bytes	standard error
 *
 * DIR/argv and DIR/env are lists of strings that end in NUL each; DIR/cwd is a path.
 * Exits with the command's status (128 + N for signal N, 126 and 127 as a shell does).
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#define PORT 3
#define OPEN_FILES 65536
#define LAST_READS 64 /* enough for two full pipes, and an end to it when something else goes on writing */

static void die(const char *what)
{
	fprintf(stderr, "lab_exec: %s: %s\n", what, strerror(errno));
	exit(125);
}

/* Reads a file of NUL-terminated strings into an array that ends with NULL. */
static char **read_list(const char *dir, const char *name)
{
	char path[256], *buf = NULL, **list;
	size_t size = 0, count = 0, i;
	ssize_t n;
	int fd;

	snprintf(path, sizeof path, "%s/%s", dir, name);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		die(path);
	do {
		buf = realloc(buf, size + 65537);
		n = read(fd, buf + size, 65536);
		if (n < 0)
			die(path);
		size += n;
	} while (n > 0);
	close(fd);
	for (i = 0; i < size; i++)
		count += buf[i] == 0;
	list = calloc(count + 1, sizeof *list);
	for (i = 0, count = 0; i < size; i += strlen(buf + i) + 1)
		list[count++] = buf + i;
	return list;
}

static void write_all(const char *data, size_t len)
{
	while (len > 0) {
		ssize_t n = write(PORT, data, len);

		if (n < 0 && errno != EINTR && errno != EAGAIN)
			die("write to the host");
		if (n > 0) {
			data += n;
			len -= n;
		}
	}
}

/* Forwards what is there to be read; returns 0 at the end of the stream. */
static int forward(char kind, int fd)
{
	static char data[32768];
	char head[32];
	ssize_t n = read(fd, data, sizeof data);

	if (n < 0)
		return errno == EAGAIN || errno == EINTR;
	if (n == 0)
		return 0;
	write_all(head, snprintf(head, sizeof head, "%c %zd\n", kind, n));
	write_all(data, n);
	return 1;
}

/* Forwards what both streams have ready, in at most so many reads. */
static void forward_ready(struct pollfd *fds, int reads)
{
	while (reads-- > 0 && poll(fds, 2, 0) > 0)
		for (int i = 0; i < 2; i++)
			if (fds[i].fd >= 0 && fds[i].revents && !forward(i == 0 ? 'o' : 'e', fds[i].fd))
				fds[i].fd = -1;
}

static void run(char **argv, char **env, const char *cwd, int out, int err)
{
	struct rlimit files = { OPEN_FILES, OPEN_FILES };
	int in = open("/dev/null", O_RDONLY);

	if (in < 0 || dup2(in, 0) < 0 || dup2(out, 1) < 0 || dup2(err, 2) < 0)
		_exit(125);
	close(PORT);
	close_range(3, ~0U, 0);
	setrlimit(RLIMIT_NOFILE, &files);
	setsid();
	environ = env;
	if (chdir(cwd) != 0) {
		fprintf(stderr, "lab: %s: %s\n", cwd, strerror(errno));
		_exit(125);
	}
	execvp(argv[0], argv);
	fprintf(stderr, "lab: %s: %s\n", argv[0], strerror(errno));
	_exit(errno == ENOENT ? 127 : 126);
}

static void ignore(int signal)
{
	(void)signal; /* only there to interrupt poll() when the command ends */
}

int main(int argc, char **argv)
{
	struct sigaction on_child = { .sa_handler = ignore };
	sigset_t block, before;
	char **command, **env, **cwd;
	int out[2], err[2], status = 0;
	pid_t pid;

	if (argc != 3)
		return 125;
	command = read_list(argv[2], "argv");
	env = read_list(argv[2], "env");
	cwd = read_list(argv[2], "cwd");
	if (chroot(argv[1]) != 0 || chdir("/") != 0)
		die(argv[1]);
	if (pipe2(out, O_CLOEXEC) != 0 || pipe2(err, O_CLOEXEC) != 0)
		die("pipe");
	sigaction(SIGCHLD, &on_child, NULL);
	sigemptyset(&block);
	sigaddset(&block, SIGCHLD);
	sigprocmask(SIG_BLOCK, &block, &before);
	pid = fork();
	if (pid < 0)
		die("fork");
	if (pid == 0) {
		sigprocmask(SIG_SETMASK, &before, NULL);
		run(command, env, cwd[0], out[1], err[1]);
	}
	close(out[1]);
	close(err[1]);
	fcntl(out[0], F_SETFL, O_NONBLOCK);
	fcntl(err[0], F_SETFL, O_NONBLOCK);

	/* Children that the command left behind may hold the pipes open: its own end is the end. */
	struct pollfd fds[2] = { { .fd = out[0], .events = POLLIN }, { .fd = err[0], .events = POLLIN } };
	int ended = 0;

	while (!ended) {
		ended = waitpid(pid, &status, WNOHANG) == pid;
		if (!ended && ppoll(fds, 2, NULL, &before) < 0 && errno != EINTR)
			die("ppoll");
		forward_ready(fds, ended ? LAST_READS : 1);
	}
	return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}
