"""A server that answers as it is told, for what a cluster seldom does."""

from __future__ import annotations

import json
import socket
import ssl
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

__all__ = ["CUT", "Answer", "Asked", "sending", "serving"]

#: A request: its method with its path, its body, and its headers.
Asked = tuple[str, bytes, Mapping[str, str]]
#: A status with a body, and headers; or CUT.
Answer = tuple[int, Any, dict[str, str]]
#: The connection is cut before anything is answered.
CUT: Answer = (0, None, {})


@contextmanager
def serving(answer: Callable[[Asked], Answer], certificate: Path | None = None) -> Iterator[str]:
    """Serve on this machine, and yield the address without the name of an index. ``certificate``: a file with
    a certificate and its key, for TLS."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *_: object) -> None: ...

        def handle_any(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length") or 0))
            status, content, headers = answer(
                (f"{self.command} {self.path}", body, dict(self.headers.items()))
            )
            if not status:
                self.close_connection = True
                return
            data = json.dumps(content).encode()
            self.send_response(status)
            for name, value in {**headers, "content-length": str(len(data))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(data)

        def do_GET(self) -> None:
            self.handle_any()

        def do_POST(self) -> None:
            self.handle_any()

        def do_PUT(self) -> None:
            self.handle_any()

        def do_DELETE(self) -> None:
            self.handle_any()

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    if certificate:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield f"opensearch+http{'s' if certificate else ''}://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@contextmanager
def sending(send: Callable[[socket.socket], None]) -> Iterator[str]:
    """Serve whatever ``send`` writes to each connection once something was asked; yield the address."""
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        with suppress(OSError):  # the listener was closed
            while True:
                connection, _ = listener.accept()
                threading.Thread(target=answer, args=(connection,), daemon=True).start()

    def answer(connection: socket.socket) -> None:
        with connection, suppress(OSError):  # who asked went away
            connection.recv(1 << 16)
            send(connection)

    threading.Thread(target=serve, daemon=True).start()
    with listener:
        yield f"opensearch+http://127.0.0.1:{listener.getsockname()[1]}"
