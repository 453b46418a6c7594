/* What the floors share: the clock, a netlink socket, one route message, and how
 * a measurement is said: its name with its unit, and the value. */
#include <arpa/inet.h>
#include <errno.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

static inline _Noreturn void die(const char *what)
{
	perror(what);
	exit(1);
}

static inline double now_us(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1e6 + t.tv_nsec / 1e3;
}

static inline long count_of(int argc, char **argv)
{
	long n = argc > 1 ? strtol(argv[1], NULL, 10) : 0;
	if (n <= 0) {
		fprintf(stderr, "%s: want a count\n", argv[0]);
		exit(1);
	}
	return n;
}

static inline int ascending(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;
	return (x > y) - (x < y);
}

/* report_latencies says the quantiles of n latencies, and sorts them. */
static inline void report_latencies(double *us, long n, double total_us)
{
	qsort(us, n, sizeof *us, ascending);
	printf("p50 us\t%.3f\np99 us\t%.3f\nops/s\t%.1f\n", us[n / 2], us[n * 99 / 100], n / total_us * 1e6);
}

/* route_socket opens a socket as the helper does. */
static inline int route_socket(void)
{
	struct sockaddr_nl kernel = { .nl_family = AF_NETLINK };
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
	int on = 1, room = 4 << 20;
	if (fd < 0)
		die("socket");
	if (setsockopt(fd, SOL_NETLINK, NETLINK_CAP_ACK, &on, sizeof on) ||
	    setsockopt(fd, SOL_NETLINK, NETLINK_EXT_ACK, &on, sizeof on) ||
	    setsockopt(fd, SOL_NETLINK, NETLINK_GET_STRICT_CHK, &on, sizeof on) ||
	    setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &room, sizeof room))
		die("setsockopt");
	if (connect(fd, (struct sockaddr *)&kernel, sizeof kernel))
		die("connect");
	return fd;
}

struct route {
	struct nlmsghdr header;
	struct rtmsg message;
	struct rtattr dst_head;
	unsigned char dst[4];
	struct rtattr oif_head;
	unsigned int oif;
};

/* port returns the index of one of the two links that routes lead to. */
static inline unsigned int port(int which)
{
	unsigned int index = if_nametoindex(which ? "qr-1" : "qr-0");
	if (!index)
		die("port");
	return index;
}

/* set_route describes the route to host number n of 10.0.0.0/8 by a link. */
static inline void set_route(struct route *r, unsigned int n, unsigned int oif, unsigned int seq, unsigned int flags)
{
	*r = (struct route){
		.header = { .nlmsg_len = sizeof *r, .nlmsg_type = RTM_NEWROUTE, .nlmsg_seq = seq,
			    .nlmsg_flags = NLM_F_REQUEST | NLM_F_CREATE | NLM_F_REPLACE | flags },
		.message = { .rtm_family = AF_INET, .rtm_dst_len = 32, .rtm_table = RT_TABLE_MAIN,
			     .rtm_protocol = RTPROT_STATIC, .rtm_scope = RT_SCOPE_LINK, .rtm_type = RTN_UNICAST },
		.dst_head = { .rta_len = RTA_LENGTH(4), .rta_type = RTA_DST },
		.dst = { 10, n >> 16, n >> 8, n },
		.oif_head = { .rta_len = RTA_LENGTH(4), .rta_type = RTA_OIF },
		.oif = oif,
	};
}

/* acknowledged reads datagrams until the message with number seq is acknowledged.
 * It returns how many messages came before. */
static inline int acknowledged(int fd, unsigned int seq)
{
	static char buffer[32 << 10];
	for (int before = 0;;) {
		ssize_t n = recv(fd, buffer, sizeof buffer, 0);
		if (n < 0)
			die("recv");
		for (struct nlmsghdr *h = (void *)buffer; NLMSG_OK(h, n); h = NLMSG_NEXT(h, n)) {
			struct nlmsgerr *e = NLMSG_DATA(h);
			if (h->nlmsg_type == NLMSG_ERROR && e->error) {
				errno = -e->error;
				die("route");
			}
			if (h->nlmsg_type == NLMSG_ERROR && h->nlmsg_seq == seq)
				return before;
			before++;
		}
	}
}
