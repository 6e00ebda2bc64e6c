/*
 * lab_demux STATUS_FILE [PREFIX]: takes apart the frames of guest/lab_exec.c and guest/init from standard input.
 *
 *	"o LENGTH\n" bytes	to standard output
 *	"e LENGTH\n" bytes	to standard error
 *	"b\n"			the guest has booted and starts the command: makes STATUS_FILE.begun
 *	"s STATUS\n"		to STATUS_FILE; the end
 *	"f TEXT\n"		the guest could not be prepared: "failed TEXT" to STATUS_FILE; the end
 *
 * With PREFIX, every line of output starts with it, on either stream.
 * Exits with 0 at the end, with 1 when the guest went away without one, by SIGALRM when it says nothing for BOOT_SECONDS after its start.
 */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define BOOT_SECONDS 120

static const char *prefix;

static void write_all(int fd, const char *data, size_t len)
{
	while (len > 0) {
		ssize_t n = write(fd, data, len);

		if (n < 0 && errno != EINTR && errno != EAGAIN)
			return; /* nobody reads any more: the command goes on, as into a closed pipe with SIGPIPE ignored */
		if (n > 0) {
			data += n;
			len -= n;
		}
	}
}

/* The line under way on either stream: kept until it is whole, so that lines of two guests do not run into each other. */
static char line[2][65536];
static size_t used[2];

static void end_line(int fd)
{
	char *l = line[fd - 1];
	size_t *u = &used[fd - 1];

	if (*u == 0)
		return;
	if (l[*u - 1] != '\n')
		l[(*u)++] = '\n';
	write_all(fd, l, *u);
	*u = 0;
}

static void write_lines(int fd, const char *data, size_t len)
{
	char *l = line[fd - 1];
	size_t *u = &used[fd - 1];

	for (size_t i = 0; i < len; i++) {
		if (*u == 0) {
			*u = strlen(prefix);
			memcpy(l, prefix, *u);
		}
		l[(*u)++] = data[i];
		if (data[i] == '\n' || *u == sizeof line[0] - 1)
			end_line(fd);
	}
}

static void output(int fd, const char *data, size_t len)
{
	if (prefix)
		write_lines(fd, data, len);
	else
		write_all(fd, data, len);
}

static int begin(const char *status_file)
{
	char file[4096];
	FILE *f;

	alarm(0);
	if (snprintf(file, sizeof file, "%s.begun", status_file) >= (int)sizeof file)
		return 1;
	f = fopen(file, "w");
	return !f || fclose(f) != 0;
}

static int finish(const char *file, const char *kind, const char *text)
{
	FILE *f = fopen(file, "w");

	if (!f)
		return 1;
	fprintf(f, "%s%s", kind, text);
	return fclose(f) != 0;
}

/* Handles frames up to the end; returns the exit status. */
static int demux(const char *status_file)
{
	char head[4096], data[65536];

	while (fgets(head, sizeof head, stdin)) {
		size_t len = strtoul(head + 2, NULL, 10), n;

		switch (head[0]) {
		case 'o':
		case 'e':
			for (; len > 0; len -= n) {
				n = fread(data, 1, len < sizeof data ? len : sizeof data, stdin);
				if (n == 0)
					return 1;
				output(head[0] == 'o' ? 1 : 2, data, n);
			}
			break;
		case 'b':
			if (begin(status_file))
				return 1;
			break;
		case 's':
			return finish(status_file, "", head + 2);
		case 'f':
			return finish(status_file, "failed ", head + 2);
		}
	}
	return 1;
}

int main(int argc, char **argv)
{
	int status;

	if (argc < 2)
		return 2;
	prefix = argc > 2 ? argv[2] : NULL;
	if (prefix && strlen(prefix) > 100)
		return 2;
	signal(SIGPIPE, SIG_IGN);
	alarm(BOOT_SECONDS);
	status = demux(argv[1]);
	end_line(1);
	end_line(2);
	return status;
}
