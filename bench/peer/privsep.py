"""Neutron's own way to a route: its privileged function, through its privsep daemon."""
import sys
import time

from neutron import privileged
from neutron.privileged.agent.linux import ip_lib
from oslo_privsep import priv_context

count, netns = int(sys.argv[1]), sys.argv[2]
privileged.default.start(priv_context.Method.FORK)


def replace(i):
    ip_lib.add_ip_route(netns, '10.0.1.%d/32' % (i % 256), 4, device='qr-%d' % (i // 256 % 2), table=254)


latencies = []
for i in range(count):
    before = time.monotonic()
    replace(i * 256)
    latencies.append((time.monotonic() - before) * 1e6)
total = sum(latencies) / 1e6
latencies.sort()
print('p50 us\t%g' % latencies[count // 2])
print('p99 us\t%g' % latencies[count * 99 // 100])
print('ops/s\t%g' % (count / total))
