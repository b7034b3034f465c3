import os

from redis import Redis
from rq import Queue

redis = Redis.from_url(os.environ["REDIS_URL"], socket_timeout=600, socket_connect_timeout=2)
queue = Queue("default", connection=redis)
