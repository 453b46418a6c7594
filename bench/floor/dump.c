/* All IPv4 routes of the main table, read with the largest datagrams there are,
 * counted and thrown away. */
#include "floor.h"

static long dump(int fd)
{
	static char buffer[32 << 10];
	struct {
		struct nlmsghdr header;
		struct rtmsg message;
		struct rtattr table_head;
		unsigned int table;
	} request = {
		.header = { .nlmsg_len = sizeof request, .nlmsg_type = RTM_GETROUTE, .nlmsg_seq = 1,
			    .nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP },
		.message = { .rtm_family = AF_INET },
		.table_head = { .rta_len = RTA_LENGTH(4), .rta_type = RTA_TABLE },
		.table = RT_TABLE_MAIN,
	};
	if (send(fd, &request, sizeof request, 0) != sizeof request)
		die("send");
	for (long routes = 0;;) {
		ssize_t n = recv(fd, buffer, sizeof buffer, 0);
		if (n < 0)
			die("recv");
		for (struct nlmsghdr *h = (void *)buffer; NLMSG_OK(h, n); h = NLMSG_NEXT(h, n)) {
			if (h->nlmsg_type == NLMSG_ERROR)
				die("dump");
			if (h->nlmsg_type == NLMSG_DONE)
				return routes;
			routes++;
		}
	}
}

int main(int argc, char **argv)
{
	long want = count_of(argc, argv);
	int fd = route_socket();
	double begin = now_us();
	long routes = dump(fd);
	double us = now_us() - begin;
	if (routes < want) {
		fprintf(stderr, "dump: %ld routes, want %ld\n", routes, want);
		return 1;
	}
	printf("ms\t%.3f\nroutes/s\t%.1f\n", us / 1e3, routes / us * 1e6);
	return 0;
}
