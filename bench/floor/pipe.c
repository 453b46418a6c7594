/* A round trip between two processes: 100 bytes through one pipe, 100 bytes back
 * through another. */
#include "floor.h"

static void pass(int fd, char *b, ssize_t (*move)(int, void *, size_t))
{
	for (size_t done = 0; done < 100;) {
		ssize_t n = move(fd, b + done, 100 - done);
		if (n <= 0)
			exit(n < 0);
		done += n;
	}
}

static ssize_t put(int fd, void *b, size_t n)
{
	return write(fd, b, n);
}

int main(int argc, char **argv)
{
	long n = count_of(argc, argv), warm = 512;
	double *us = malloc(n * sizeof *us), begin = 0, last = 0;
	int to[2], from[2];
	char b[100] = { 0 };
	if (!us)
		die("malloc");
	if (pipe(to) || pipe(from))
		die("pipe");
	switch (fork()) {
	case -1:
		die("fork");
	case 0:
		close(to[1]);
		close(from[0]);
		for (;;) {
			pass(to[0], b, read);
			pass(from[1], b, put);
		}
	}
	close(to[0]);
	close(from[1]);
	for (long i = 0; i < warm + n; i++) {
		if (i == warm)
			begin = now_us();
		last = now_us();
		pass(to[1], b, put);
		pass(from[0], b, read);
		if (i >= warm)
			us[i - warm] = now_us() - last;
	}
	report_latencies(us, n, now_us() - begin);
	return 0;
}
