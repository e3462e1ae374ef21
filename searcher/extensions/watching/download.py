"""Downloads from listed addresses, with bounds on size and time.

Redirects are followed only to public addresses and never from ``https`` to ``http``. The address is checked
on the connection itself, because a host name may resolve differently the next time.
"""

from __future__ import annotations

import contextlib
import ipaddress
import socket
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Self
from urllib.parse import SplitResult, urljoin, urlsplit

from urllib3 import BaseHTTPResponse, PoolManager
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

#: Maximum size of a decompressed response.
MAX_BYTES: Final = 20 << 20
#: Maximum size of the headers of a response.
MAX_HEADER_BYTES: Final = 64 << 10
#: A download fails if the server sends nothing for this many seconds.
TIMEOUT_SECONDS: Final = 20.0
#: Maximum duration of a download in seconds, including redirects.
MAX_SECONDS: Final = 120.0
MAX_REDIRECTS: Final = 5
_CHUNK_BYTES = 1 << 16
#: IPv6 networks with embedded IPv4 addresses that the standard library does not know.
_TRANSLATED = tuple(map(ipaddress.IPv6Network, ("64:ff9b::/96", "64:ff9b:1::/48", "::/96")))
#: Python before 3.12.4 considers most of these protocol assignments public.
_OF_PROTOCOLS = ipaddress.IPv4Network("192.0.0.0/24")


class RefusedAddress(Exception):
    """The download is refused, with the reason."""


@dataclass(frozen=True, slots=True)
class Download:
    status: int
    headers: Mapping[str, str]
    data: bytes = b""


def download(url: str, headers: Mapping[str, str]) -> Download:
    """Return the response of a server, without data if the status is not 200.

    Raises RefusedAddress, and the errors of urllib3 and the system.
    """
    with _Deadline(MAX_SECONDS) as deadline:
        try:
            fetched = _followed_download(url, headers, deadline)
        except Exception:
            deadline.check()  # An aborted connection can raise many different errors.
            raise
        deadline.check()
        return fetched


def _followed_download(url: str, headers: Mapping[str, str], deadline: _Deadline) -> Download:
    at, listed = urlsplit(url), True
    for _ in range(MAX_REDIRECTS + 1):
        with _pool(deadline, public=not listed) as pool:
            answer = pool.request(
                "GET", at.geturl(), headers=headers, preload_content=False, redirect=False, retries=False
            )
            try:
                if not (leads := answer.get_redirect_location()):
                    return _bounded_answer(answer)
            finally:
                answer.close()
        target = urlsplit(urljoin(at.geturl(), leads))
        if target.scheme not in ("http", "https"):
            raise RefusedAddress(f"it redirects to {target.geturl()[:200]}, which is not a web address")
        if (at.scheme, target.scheme) == ("https", "http"):
            raise RefusedAddress(
                f"it redirects from https to {target.geturl()[:200]}: list that address if you trust it"
            )
        listed = listed and _site(target) == _site(at)
        at = target
    raise RefusedAddress(f"it redirects more than {MAX_REDIRECTS} times")


def _site(url: SplitResult) -> tuple[str, str | None, int | None]:
    return url.scheme, url.hostname, url.port


def _bounded_answer(answer: BaseHTTPResponse) -> Download:
    headers = dict(answer.headers.items())
    if sum(len(name) + len(value) for name, value in answer.headers.iteritems()) > MAX_HEADER_BYTES:
        raise RefusedAddress(f"its headers are larger than {MAX_HEADER_BYTES >> 10} kB")
    if answer.status != 200:
        return Download(answer.status, headers)
    data = bytearray()
    while chunk := answer.read(_CHUNK_BYTES, decode_content=True):
        data += chunk
        if len(data) > MAX_BYTES:
            raise RefusedAddress(f"it is larger than {MAX_BYTES >> 20} MB")
    return Download(answer.status, headers, bytes(data))


class _Deadline:
    """Closes all connections after a number of seconds."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._timer = threading.Timer(seconds, self._cut)
        self._timer.daemon = True
        self._lock = threading.Lock()
        self._sockets: list[socket.socket] = []
        self._passed = False

    def __enter__(self) -> Self:
        self._timer.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._timer.cancel()
        with self._lock:
            for one in self._sockets:
                one.close()

    def watch(self, connected: socket.socket) -> None:
        """Close this connection at the deadline, even if its socket object is replaced."""
        with self._lock:
            self._sockets.append(connected.dup())
        if self._passed:
            self._cut()

    def check(self) -> None:
        """Raise RefusedAddress if the deadline has passed."""
        if self._passed:
            raise RefusedAddress(f"it took longer than {self._seconds:g} seconds")

    def _cut(self) -> None:
        self._passed = True
        with self._lock:
            for one in self._sockets:
                with contextlib.suppress(OSError):
                    one.shutdown(socket.SHUT_RDWR)


def _pool(deadline: _Deadline, *, public: bool) -> PoolManager:
    """Return a connection pool that closes at the deadline. ``public``: refuse private addresses."""

    def guarded(connection: HTTPConnection, connect: Any) -> socket.socket:
        if public:
            host = connection.host.strip("[]")
            for *_, address in socket.getaddrinfo(host, connection.port, type=socket.SOCK_STREAM):
                _refuse_private(str(address[0]), host)
        connected: socket.socket = connect()
        if public:  # The name may have resolved to another address.
            try:
                _refuse_private(connected.getpeername()[0], connection.host)
            except RefusedAddress:
                connected.close()
                raise
        deadline.watch(connected)
        return connected

    class Plain(HTTPConnection):
        def _new_conn(self) -> socket.socket:
            return guarded(self, super()._new_conn)

    class Secure(HTTPSConnection):
        def _new_conn(self) -> socket.socket:
            return guarded(self, super()._new_conn)

    class PlainPool(HTTPConnectionPool):
        ConnectionCls = Plain

    class SecurePool(HTTPSConnectionPool):
        ConnectionCls = Secure

    pool = PoolManager(timeout=TIMEOUT_SECONDS)
    pool.pool_classes_by_scheme = {"http": PlainPool, "https": SecurePool}
    return pool


def _refuse_private(address: str, host: str) -> None:
    """Raise RefusedAddress for an address that is not public."""
    if not is_public(address):
        private = "which is on this machine or a private network"
        raise RefusedAddress(f"it redirects to {host[:200]}, {private}: list that address if you trust it")


def is_public(address: str) -> bool:
    """Return True if an IPv4 or IPv6 address, in any notation, is public."""
    parsed = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(parsed, ipaddress.IPv6Address):
        if parsed.ipv4_mapped or any(parsed in network for network in _TRANSLATED):
            return is_public(str(ipaddress.IPv4Address(int(parsed) & 0xFFFFFFFF)))
        # Python versions disagree whether 6to4 and Teredo addresses are public.
        if parsed.is_site_local or parsed.sixtofour or parsed.teredo:
            return False
    if isinstance(parsed, ipaddress.IPv4Address) and parsed in _OF_PROTOCOLS:
        return False
    return parsed.is_global and not parsed.is_multicast and not parsed.is_reserved
