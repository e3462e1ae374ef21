"""Downloading what an address of a list gives, and nothing within this machine or network that it leads to.

A redirect is followed to public addresses only, which is seen from the connection itself, so that no name
helps that resolves otherwise the next time; and never from ``https`` to ``http``. All together has a time.
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

#: Bytes of an answer, once unpacked, and of its headers.
MAX_BYTES: Final = 20 << 20
MAX_HEADER_BYTES: Final = 64 << 10
#: Seconds to wait for a sign of a server, and for all that it has to say: 20 MB at the pace of a slow line.
TIMEOUT_SECONDS: Final = 20.0
MAX_SECONDS: Final = 120.0
#: Addresses that one leads to, one after another.
MAX_REDIRECTS: Final = 5
_CHUNK_BYTES = 1 << 16  # read at once, between two looks at the bounds
#: IPv6 addresses that stand for one of IPv4, beside those that the standard library knows: of translation,
#: and of before there were mapped ones.
_TRANSLATED = tuple(map(ipaddress.IPv6Network, ("64:ff9b::/96", "64:ff9b:1::/48", "::/96")))
#: Taken for public, but for a few, by the library of before 3.12.4.
_OF_PROTOCOLS = ipaddress.IPv4Network("192.0.0.0/24")


class RefusedAddress(Exception):
    """What an address gives is not taken; says why."""


@dataclass(frozen=True, slots=True)
class Download:
    status: int
    headers: Mapping[str, str]
    data: bytes = b""


def download(url: str, headers: Mapping[str, str]) -> Download:
    """Return what an address gives; without data where it gives no page (a status other than 200). Raises
    Refused, and the errors of urllib3 and of the system."""
    with _Deadline(MAX_SECONDS) as deadline:
        try:
            found = _followed_download(url, headers, deadline)
        except Exception:
            deadline.check()  # what was cut off fails in many ways
            raise
        deadline.check()
        return found


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
            raise RefusedAddress(f"it leads to {target.geturl()[:200]}, which is no address of the web")
        if (at.scheme, target.scheme) == ("https", "http"):
            raise RefusedAddress(
                f"it leads from https to {target.geturl()[:200]}: list that address if you trust it"
            )
        listed = listed and _site(target) == _site(at)
        at = target
    raise RefusedAddress(f"it leads to more than {MAX_REDIRECTS} other addresses, one after another")


def _site(url: SplitResult) -> tuple[str, str | None, int | None]:
    return url.scheme, url.hostname, url.port


def _bounded_answer(answer: BaseHTTPResponse) -> Download:
    """What a server says, within bounds."""
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
    """The moment at which every connection is cut off, however much it still has to say."""

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
        """Cut off this connection too, whatever takes it over."""
        with self._lock:
            self._sockets.append(connected.dup())
        if self._passed:
            self._cut()

    def check(self) -> None:
        """Raise Refused once the moment has passed."""
        if self._passed:
            raise RefusedAddress(f"it took longer than {self._seconds:g} seconds")

    def _cut(self) -> None:
        self._passed = True
        with self._lock:
            for one in self._sockets:
                with contextlib.suppress(OSError):
                    one.shutdown(socket.SHUT_RDWR)


def _pool(deadline: _Deadline, *, public: bool) -> PoolManager:
    """Connections that are cut off at a deadline; ``public``: to nothing within this machine or network."""

    def guarded(connection: HTTPConnection, connect: Any) -> socket.socket:
        if public:
            host = connection.host.strip("[]")
            for *_, address in socket.getaddrinfo(host, connection.port, type=socket.SOCK_STREAM):
                _refuse_private(str(address[0]), host)
        connected: socket.socket = connect()
        if public:  # the name may have resolved to another address now
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
    """Raise Refused for an address that not everybody may reach."""
    if not is_public(address):
        within = "which is within this machine or network"
        raise RefusedAddress(f"it leads to {host[:200]}, {within}: list that address if you trust it")


def is_public(address: str) -> bool:
    """Tell whether an address of IPv4 or IPv6 is of the public network, in whatever form it is written."""
    found = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(found, ipaddress.IPv6Address):
        if found.ipv4_mapped or any(found in network for network in _TRANSLATED):
            return is_public(str(ipaddress.IPv4Address(int(found) & 0xFFFFFFFF)))
        # 6to4 and Teredo wrap an address of IPv4, and Pythons do not agree whether they are public.
        if found.is_site_local or found.sixtofour or found.teredo:
            return False
    if isinstance(found, ipaddress.IPv4Address) and found in _OF_PROTOCOLS:
        return False
    return found.is_global and not found.is_multicast and not found.is_reserved
