"""Neutron's own way to a route: its privileged function, through its privsep daemon."""
import sys

from neutron import privileged
from neutron.privileged.agent.linux import ip_lib
from oslo_privsep import priv_context

import measure

count, netns, callers = int(sys.argv[1]), sys.argv[2], int(sys.argv[3])


def replace(caller, i):
    ip_lib.add_ip_route(netns, '10.0.%d.1/32' % (caller + 1), 4, device='qr-%d' % (i % 2), table=254)


privileged.default.start(priv_context.Method.FORK)
measure.sequence(count, replace, callers)
privileged.default.stop()
