/* One route after the other, with all system calls that the helper makes for it, by
 * one process that decides nothing: what is asked for comes out of a pipe, is
 * recorded, names are looked at again, the route is changed, the outcome is recorded,
 * and the reply goes into another pipe. */
#define _GNU_SOURCE
#include "floor.h"

#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <sys/inotify.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/uio.h>

enum { request = 90, record = 350, outcome = 400, reply = 30 };

static void put(int fd, const char *b, size_t n)
{
	if (write(fd, b, n) != (ssize_t)n)
		die("write");
}

static int waiting(int in, int out)
{
	struct pollfd fds[] = { { .fd = in, .events = POLLIN }, { .fd = out } };
	struct timespec now = { 0 };
	int n = ppoll(fds, 2, &now, NULL);
	if (n < 0)
		die("ppoll");
	return n;
}

int main(int argc, char **argv)
{
	static char text[outcome], path[PATH_MAX];
	char b[4096];
	long n = count_of(argc, argv), warm = 512;
	unsigned int oif[2] = { port(0), port(1) };
	double *us = malloc(n * sizeof *us), begin = 0, last = 0;
	int fd = route_socket(), requests[2], replies[2], policy = inotify_init1(IN_NONBLOCK);
	int log = open("/var/log/nethelper/calls", O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
	if (!us || pipe(requests) || pipe(replies) || policy < 0 || inotify_add_watch(policy, "/etc", IN_CREATE) < 0 || log < 0)
		die("calls");
	if (argc < 3) {
		fprintf(stderr, "calls: want a count and a namespace\n");
		return 1;
	}
	snprintf(path, sizeof path, "/run/netns/%s", argv[2]);
	memset(text, '.', sizeof text);
	text[record - 1] = text[outcome - 1] = '\n';
	for (long i = 0; i < warm + n; i++) {
		struct ifreq link = { .ifr_ifindex = oif[i / 256 % 2] };
		struct iovec answer = { text, reply };
		struct stat st;
		struct route r;
		set_route(&r, i % 256, link.ifr_ifindex, i + 1, NLM_F_ACK | NLM_F_ECHO);
		if (waiting(requests[0], replies[1]))
			die("a request that nobody made");
		put(requests[1], text, request);
		if (i == warm)
			begin = now_us();
		last = now_us();
		if (!waiting(requests[0], replies[1]) || read(requests[0], b, sizeof b) != request)
			die("read");
		if (read(policy, b, sizeof b) >= 0)
			die("inotify");
		put(log, text, record);
		if (fstatat(AT_FDCWD, path, &st, AT_SYMLINK_NOFOLLOW))
			die(path);
		if (ioctl(fd, SIOCGIFNAME, &link))
			die("SIOCGIFNAME");
		if (send(fd, &r, sizeof r, 0) != sizeof r)
			die("send");
		if (acknowledged(fd, i + 1) != 1 && i >= warm) {
			fprintf(stderr, "calls: the kernel changed nothing\n");
			return 1;
		}
		put(log, text, outcome);
		if (pwritev2(replies[1], &answer, 1, -1, RWF_NOWAIT) != reply)
			die("pwritev2");
		if (i >= warm)
			us[i - warm] = now_us() - last;
		if (read(replies[0], b, sizeof b) != reply)
			die("read");
	}
	report_latencies(us, n, now_us() - begin);
	return 0;
}
