"""oslo.rootwrap's daemon, which runs ip for its caller where a filter lets it."""
import os
import sys
import tempfile

from oslo_rootwrap import client

import measure

count, netns = int(sys.argv[1]), sys.argv[2]

with tempfile.TemporaryDirectory() as directory:
    filters = os.path.join(directory, 'filters')
    os.mkdir(filters)
    with open(os.path.join(filters, 'bench.filters'), 'w') as f:
        f.write('[Filters]\nip: RegExpFilter, ip, root, ip, -n, qrouter-.*, route, replace, .*, dev, qr-.*\n')
    config = os.path.join(directory, 'rootwrap.conf')
    with open(config, 'w') as f:
        f.write('[DEFAULT]\nfilters_path=%s\nexec_dirs=/usr/sbin\nuse_syslog=False\n' % filters)
    daemon = client.Client(['/usr/bin/oslo-rootwrap-daemon', config])

    def replace(_, i):
        code, _, err = daemon.execute(['ip', '-n', netns, 'route', 'replace', '10.0.1.1/32', 'dev', 'qr-%d' % (i % 2)])
        if code:
            raise SystemExit(err)

    measure.sequence(count, replace)
