"""Serves HTTP from a thread, for servers that other people's are played by."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread


@contextmanager
def serving(handler: type[BaseHTTPRequestHandler], server: type[ThreadingHTTPServer] = ThreadingHTTPServer) -> Iterator[int]:
    """The port of 127.0.0.1 where requests are handled until the block ends; no line is written about each."""
    quiet = type("Quiet", (handler,), {"log_message": lambda *_: None})
    with server(("127.0.0.1", 0), quiet) as listening:
        thread = Thread(target=listening.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield listening.server_port
        finally:
            listening.shutdown()
            thread.join()
