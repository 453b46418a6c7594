/* Many routes, 512 messages in one send, of which the last is acknowledged: the
 * kernel reports each message that fails by itself, so silence is success. */
#include "floor.h"

enum { batch = 512 };

int main(int argc, char **argv)
{
	static struct route routes[batch];
	long n = count_of(argc, argv);
	unsigned int oif = port(0);
	int fd = route_socket();
	double begin = now_us();
	for (long done = 0; done < n;) {
		long k = n - done < batch ? n - done : batch;
		for (long i = 0; i < k; i++)
			set_route(&routes[i], done + i, oif, done + i + 1, i == k - 1 ? NLM_F_ACK : 0);
		if (send(fd, routes, k * sizeof *routes, 0) != (ssize_t)(k * sizeof *routes))
			die("send");
		done += k;
		if (acknowledged(fd, done)) {
			fprintf(stderr, "bulk: an answer that nobody asked for\n");
			return 1;
		}
	}
	double us = now_us() - begin;
	printf("ms\t%.3f\nroutes/s\t%.1f\n", us / 1e3, n / us * 1e6);
	return 0;
}
