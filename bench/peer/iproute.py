"""pyroute2 as root in its own process, with one socket that stays open."""
import sys

import measure
from pyroute2 import IPRoute

count = int(sys.argv[1])
route = IPRoute()
ports = [route.link_lookup(ifname='qr-%d' % i)[0] for i in range(2)]


def replace(_, i):
    route.route('replace', dst='10.0.1.1/32', oif=ports[i % 2], table=254, proto=4, scope=253)


measure.sequence(count, replace)
route.close()
