"""Takes orders: POST /orders adds one, GET /orders tells how many there are. Python's own library is all it needs."""

import os
import signal
import socket
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


def ask_database(*words):
    """One command to redis and its answer, in redis's own protocol."""
    host, port = os.environ["DATABASE"].split(":")
    with open(os.environ["PASSWORD_FILE"]) as file:
        password = file.read().strip()
    with socket.create_connection((host, int(port)), timeout=2) as connection:
        stream = connection.makefile("rwb")
        for command in (("AUTH", password), words):
            stream.write(b"*%d\r\n" % len(command))
            for word in command:
                stream.write(b"$%d\r\n%s\r\n" % (len(word), word.encode()))
            stream.flush()
            answer = stream.readline().decode().strip()
            if answer.startswith("-"):
                raise RuntimeError(answer)
            if answer.startswith("$") and answer != "$-1":
                answer = "$" + stream.readline().decode().strip()
        return answer[1:]


class Shop(BaseHTTPRequestHandler):
    def do_GET(self):
        if self.path == "/health":
            return self.answer(ask_database("PING"))
        orders = ask_database("GET", "orders")
        self.answer(f"{0 if orders == '-1' else orders} orders")

    def do_POST(self):
        self.answer(f"order {ask_database('INCR', 'orders')} taken")

    def answer(self, text):
        self.send_response(200)
        self.send_header("Content-Type", "text/plain")
        self.end_headers()
        self.wfile.write(text.encode() + b"\n")


signal.signal(signal.SIGTERM, lambda *_: os._exit(0))
print("taking orders on port 8000")
ThreadingHTTPServer(("", 8000), Shop).serve_forever()
