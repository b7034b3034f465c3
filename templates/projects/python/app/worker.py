from rq import Worker

from .queue import queue, redis

if __name__ == "__main__":
    Worker([queue], connection=redis).work()
