/* One route after the other: a message sent, its answer read. With "echo" the
 * kernel is asked to tell the change too, as the helper asks it. */
#include "floor.h"

int main(int argc, char **argv)
{
	long n = count_of(argc, argv), warm = 512;
	int echo = argc > 2 && !strcmp(argv[2], "echo");
	unsigned int flags = NLM_F_ACK | (echo ? NLM_F_ECHO : 0), oif[2] = { port(0), port(1) };
	double *us = malloc(n * sizeof *us), begin = 0, last = 0;
	int fd = route_socket();
	if (!us)
		die("malloc");
	for (long i = 0; i < warm + n; i++) {
		struct route r;
		set_route(&r, i % 256, oif[i / 256 % 2], i + 1, flags);
		if (i == warm)
			begin = now_us();
		last = now_us();
		if (send(fd, &r, sizeof r, 0) != sizeof r)
			die("send");
		int told = acknowledged(fd, i + 1);
		if (i < warm)
			continue;
		us[i - warm] = now_us() - last;
		if (echo && told != 1) {
			fprintf(stderr, "route: the kernel changed nothing\n");
			return 1;
		}
	}
	report_latencies(us, n, now_us() - begin);
	return 0;
}
