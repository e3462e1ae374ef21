"""Access control for every request, and security headers for every answer.

Other pages in the same browser can send requests to a page on this machine, and can impersonate it by DNS
rebinding. So the ``Host`` of a request must be an IP address or a declared name, changes must come from the
page itself, and listening on other interfaces requires a token.
"""

from __future__ import annotations

import hmac
import ipaddress
import re
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Final
from urllib.parse import parse_qsl, urlencode, urlsplit

import anyio
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request, cookie_parser
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from searcher.errors import UsageError
from searcher.records.log import acting_as

#: Maximum length of a path with its parameters.
MAX_URL_BYTES: Final = 16_384
#: Maximum size of a request body.
MAX_BODY_BYTES: Final = 64 * 1024 * 1024
#: Maximum length of a query, in characters.
MAX_QUERY: Final = 2_000
#: Maximum number of parameters of a request.
MAX_FIELDS: Final = 300
#: Maximum number of hits on a page.
MAX_HITS: Final = 100
MCP_PATH: Final = "/mcp"
LIST_PATH: Final = "/batch"
#: Searches time out after this many seconds.
PATIENCE_SECONDS: Final = 10.0
#: Syntax of tokens (RFC 6750, b64token).
_TOKEN: Final = re.compile(r"[A-Za-z0-9._~+/-]+=*")

Network = ipaddress.IPv4Network | ipaddress.IPv6Network
THIS_MACHINE: Final = (ipaddress.ip_network("127.0.0.0/8"), ipaddress.ip_network("::1"))
#: Name of a user header. Headers that browsers set are excluded because users could choose the value.
_USER_HEADER: Final = re.compile(
    r"(?!(?:accept|authorization|connection|content|cookie|host|origin|range|referer|sec|te|transfer"
    r"|user-agent)\b)[a-z][a-z\d-]*",
    re.I,
)
#: Maximum length of a user's name.
_MAX_NAME_CHARACTERS: Final = 100
#: Key of the user's name in the scope of a request. Without a user header, the name is empty.
USER: Final = "searcher.user"


@dataclass(frozen=True, slots=True)
class Access:
    """Who may use the page, and what they may do.

    Attributes:
        hosts: Host names accepted besides this machine's own.
        token: Secret that every client must present. None: no token.
        read_only: Reject every change.
        mcp: Serve language models at MCP_PATH.
        user_header: Request header in which a trusted proxy names the user. If set, only ``proxies`` are
            served.
        proxies: Networks that trusted proxies connect from.
        writers: Users allowed to make changes. Empty: everyone.

    Raises:
        UsageError: If the token or header cannot be sent over HTTP.
    """

    hosts: frozenset[str] = frozenset()
    token: str | None = None
    read_only: bool = False
    mcp: bool = False
    user_header: str | None = None
    proxies: tuple[Network, ...] = THIS_MACHINE
    writers: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        if self.user_header is not None and not _USER_HEADER.fullmatch(self.user_header):
            raise UsageError(
                f"“{self.user_header}” is not a header that only a proxy sets. Example: X-Remote-User."
            )
        if self.token is not None and not _TOKEN.fullmatch(self.token):
            rule = "may only contain letters, digits and . _ ~ + / -" if self.token else "must not be empty"
            raise UsageError(f"The token {rule}. Leave --token out to have one generated if it is needed.")

    @property
    def may_add(self) -> bool:
        """True if files can be added, which requires a token or a user header."""
        return (self.token or self.user_header) is not None and not self.read_only

    @property
    def client_token(self) -> str | None:
        """The token that visitors need. With a user header, only the proxy knows the token."""
        return self.token if self.user_header is None else None

    def for_user(self, user: str) -> Access:
        """Return the access of a user."""
        return replace(self, read_only=self.read_only or bool(self.writers and user not in self.writers))


#: A host with an optional port: a name or an address, in brackets if it is IPv6 (RFC 3986).
_HOST: Final = re.compile(r"(\[[\da-fA-F:.]+\]|[^\[\]:@/?#]+)(?::\d*)?")
COOKIE: Final = "searcher_token"
#: Feed readers have no cookies, so their address contains the token.
FEED_PATH: Final = "/feed.atom"
_SAFE_METHODS: Final = frozenset({"GET", "HEAD", "OPTIONS"})
#: Paths whose POST requests change nothing, or whose views check access themselves.
_SAFE_POST_PATHS: Final = frozenset({MCP_PATH, LIST_PATH})
POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; media-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_HEADERS: Final = {
    "Content-Security-Policy": POLICY,
    "Referrer-Policy": "no-referrer",  # Publishers must not learn the query.
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}

#: A body must arrive within this many seconds, plus the time that it needs at _BODY_BYTES_A_SECOND.
_BODY_SECONDS: Final = 20.0
_BODY_BYTES_A_SECOND: Final = 20_000

_CLOSE: Final = {"Connection": "close"}


class _BodyRefused(Exception):
    """The body is too large or too slow. ``answer`` is the response."""

    def __init__(self, answer: Response) -> None:
        self.answer = answer


class Guard:
    """Middleware that passes on allowed requests and answers the others itself."""

    def __init__(
        self, app: ASGIApp, settings: Access, token_page: Callable[[Request, bool], Response]
    ) -> None:
        """``token_page(request, is_wrong)`` returns the form for the token, also after a wrong one."""
        self._app = app
        self._settings = settings
        self._token_page = token_page

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        if scope["type"] != "http":  # The application does not use web sockets.
            await send({"type": "websocket.close", "code": 1008})
            return
        headers = Headers(scope=scope)
        user = self._user(scope)
        answer = self._refusal(scope, headers, user) or self._welcome(scope)
        if answer is None and self._settings.token is not None:  # Pages must not see the token.
            scope = {**scope, "query_string": urlencode(_without_token(scope)).encode()}
        if self._settings.user_header and headers.get("x-forwarded-proto") == "https":
            scope = {**scope, "scheme": "https"}
        guarded = _with_headers(send)
        # Without a proxy or token, only the user who started the server has access.
        is_shared = (self._settings.user_header or self._settings.token) is not None
        bounded = _bounded_body(receive)
        try:
            if answer is not None and answer.status_code == 401 and self._settings.client_token is not None:
                answer = await self._ask_token(Request(scope, bounded), answer)
            with acting_as(user if is_shared else None):
                await (answer or self._app)({**scope, USER: user}, bounded, guarded)
        except _BodyRefused as error:
            await error.answer(scope, receive, guarded)

    def _user(self, scope: Scope) -> str | None:
        """Return the user named by the proxy, "" without a user header, None if the header is invalid."""
        if (header := self._settings.user_header) is None:
            return ""
        try:
            (value,) = [value for name, value in scope["headers"] if name.decode("latin-1") == header.lower()]
            name = value.decode().strip(" \t")  # Other spaces are not printable and are refused below.
        except ValueError:  # The header is missing, repeated or not UTF-8.
            return None
        return name if len(name) <= _MAX_NAME_CHARACTERS and name.isprintable() and name else None

    def _from_proxy(self, scope: Scope) -> bool:
        with suppress(ValueError, TypeError):
            address = ipaddress.ip_address(scope["client"][0])
            address = getattr(address, "ipv4_mapped", None) or address
            return any(address in network for network in self._settings.proxies)
        return False

    def _refusal(self, scope: Scope, headers: Headers, user: str | None) -> Response | None:
        """Return the response to a request that is not allowed, or None."""
        hosts = headers.getlist("host")
        if len(hosts) != 1 or not self._is_ours(hosts[0]):
            return _refusal_response(
                421, "This host name is not allowed. To allow it: searcher serve --allow-host NAME"
            )
        if self._settings.user_header is not None and not self._from_proxy(scope):
            return _refusal_response(403, "This archive can only be used through its proxy.")
        if user is None:
            return _refusal_response(
                403, f"The proxy did not name the user: {self._settings.user_header} has no valid name."
            )
        if len(scope["path"]) + len(scope["query_string"]) > MAX_URL_BYTES:
            return _refusal_response(414, "This address is too long.")
        if _declared_length(headers) > MAX_BODY_BYTES:
            return _refusal_response(413, "The request is too large.")
        unsafe = scope["method"] not in _SAFE_METHODS
        if not self._is_from_page(headers, hosts[0], unsafe):
            return _refusal_response(403, "This request came from another page.")
        if self._settings.token is not None and not self._knows_token(scope, headers):
            return _refusal_response(
                401, "This archive needs a token. Open the address that searcher serve printed."
            )
        if unsafe and self._settings.for_user(user).read_only and scope["path"] not in _SAFE_POST_PATHS:
            return _refusal_response(403, "This page is read-only.")
        return None

    async def _ask_token(self, request: Request, refusal: Response) -> Response:
        """Return the form for the token, or a redirect if it was sent. Programs get the refusal."""
        if "text/html" not in request.headers.get("accept", ""):
            return refusal
        if request.method != "POST":
            # Remove a wrong token from the address bar.
            has_token = "token" in request.query_params
            return _without_token_response(request.scope) if has_token else self._token_page(request, False)
        if not 0 < _declared_length(request.headers) <= MAX_QUERY:
            return self._token_page(request, False)
        sent = b""
        async for piece in request.stream():
            sent += piece
        token = dict(parse_qsl(sent.decode("latin-1"))).get("token")
        if token is None or not self._is_token(token):
            return self._token_page(request, token is not None)
        return _accept_token(request.scope, token)

    def _welcome(self, scope: Scope) -> Response | None:
        """Return a redirect from an address with the token to the same address without it."""
        token = self._token_in_url(scope)
        if token is None or scope["path"] == FEED_PATH or scope["method"] != "GET":
            return None
        return _accept_token(scope, token)

    def _is_ours(self, host: str) -> bool:
        """Return True if a host is an IP address, localhost or a declared name."""
        name = (_HOST.fullmatch(host) or [""] * 2)[1].strip("[]").lower()
        if name == "localhost" or name.endswith(".localhost") or name in self._settings.hosts:
            return True
        try:
            ipaddress.ip_address(name)
        except ValueError:
            return False
        return True

    def _is_from_page(self, headers: Headers, host: str, unsafe: bool) -> bool:
        """Return True if a request comes from this page or, if it changes nothing, from a link to it."""
        # Browsers never add a bearer token by themselves, but a proxy may.
        if _bearer(headers) is not None and self._settings.user_header is None:
            return True
        if (site := headers.get("sec-fetch-site")) is not None:
            # Frames are refused because another page could run searches in hidden frames.
            top_level = headers.get("sec-fetch-dest", "document") == "document"
            visit = not unsafe and top_level and headers.get("sec-fetch-mode") == "navigate"
            return site in ("same-origin", "none") or visit
        origin = headers.get("origin")
        return origin is None or urlsplit(origin).netloc == host or not unsafe

    def _knows_token(self, scope: Scope, headers: Headers) -> bool:
        if self._settings.user_header is not None:
            return self._is_token(_bearer(headers))
        cookie = cookie_parser(headers.get("cookie", "")).get(COOKIE)
        return any(map(self._is_token, (_bearer(headers), cookie, self._token_in_url(scope))))

    def _token_in_url(self, scope: Scope) -> str | None:
        token = dict(_parameters(scope)).get("token")
        return token if self._is_token(token) else None

    def _is_token(self, token: str | None) -> bool:
        expected = self._settings.token
        if token is None or expected is None:
            return False
        return hmac.compare_digest(token.encode("utf-8", "replace"), expected.encode())


def _accept_token(scope: Scope, token: str) -> Response:
    """Return a redirect to the same address without the token, with a cookie that contains it."""
    answer = _without_token_response(scope)
    answer.set_cookie(COOKIE, token, httponly=True, samesite="strict", max_age=30 * 86400)
    return answer


def _without_token_response(scope: Scope) -> Response:
    rest = _without_token(scope)
    # Only one leading slash: "//elsewhere" would be another site.
    path = "/" + scope["path"].lstrip("/\\")
    return RedirectResponse(f"{path}?{urlencode(rest)}" if rest else path, 303)


def _refusal_response(status: int, message: str) -> Response:
    return PlainTextResponse(f"{message}\n", status)


def _parameters(scope: Scope) -> list[tuple[str, str]]:
    return parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True)


def _without_token(scope: Scope) -> list[tuple[str, str]]:
    return [pair for pair in _parameters(scope) if pair[0] != "token"]


def _bearer(headers: Headers) -> str | None:
    kind, _, token = headers.get("authorization", "").partition(" ")
    return token if kind.lower() == "bearer" else None


def _declared_length(headers: Headers) -> int:
    length = headers.get("content-length", "0")
    return int(length) if length.isdecimal() else MAX_BODY_BYTES + 1


def _bounded_body(receive: Receive) -> Receive:
    """Limit the size and the time of a body, regardless of the declared length."""
    total, waited, whole = 0, 0.0, False

    async def counted() -> Message:
        nonlocal total, waited, whole
        if whole:  # After the body, only the disconnect is received.
            return await receive()
        began = anyio.current_time()
        try:
            with anyio.fail_after(max(0.0, _BODY_SECONDS + total / _BODY_BYTES_A_SECOND - waited)):
                message = await receive()
        except TimeoutError:
            raise _BodyRefused(PlainTextResponse("The request took too long.\n", 408, _CLOSE)) from None
        waited += anyio.current_time() - began
        total += len(message.get("body", b""))
        whole = not message.get("more_body", False)
        if total > MAX_BODY_BYTES:
            raise _BodyRefused(_refusal_response(413, "The request is too large."))
        return message

    return counted


def _with_headers(send: Send) -> Send:
    async def sent(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in _HEADERS.items():
                headers.setdefault(name, value)  # Saved files have a stricter policy.
            headers.setdefault("Cache-Control", "private, no-cache")
        await send(message)

    return sent
