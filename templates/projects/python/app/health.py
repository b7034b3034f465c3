"""python -m app.health api|worker: ends with 0 where it is well."""

import socket
import sys
import urllib.request

if sys.argv[1] == "api":
    urllib.request.urlopen("http://127.0.0.1:8000/health", timeout=3)
else:
    from rq import Worker

    from .queue import redis

    here = socket.gethostname()
    if not any(worker.hostname == here for worker in Worker.all(connection=redis)):
        sys.exit("no worker of this container is known to the queue")
