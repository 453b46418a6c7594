"""What the peers in Python share: a measurement said with its name and unit."""
import threading
import time


def sequence(count, operation, callers=1):
    """Has callers make count operations in all, after each has made one."""
    latencies = []
    ready = threading.Barrier(callers + 1)

    def work(caller):
        operation(caller, 0)
        ready.wait()
        for i in range(1, count // callers + 1):
            before = time.monotonic()
            operation(caller, i)
            latencies.append((time.monotonic() - before) * 1e6)

    threads = [threading.Thread(target=work, args=(caller,)) for caller in range(callers)]
    for thread in threads:
        thread.start()
    ready.wait()
    begin = time.monotonic()
    for thread in threads:
        thread.join()
    total = time.monotonic() - begin
    if len(latencies) != count // callers * callers:
        raise SystemExit('%d of %d operations' % (len(latencies), count))
    latencies.sort()
    print('p50 us\t%g' % latencies[len(latencies) // 2])
    print('p99 us\t%g' % latencies[len(latencies) * 99 // 100])
    print('ops/s\t%g' % (len(latencies) / total), flush=True)
