"""The guard in front of every page: who may ask, from where, and how much; and the headers of every answer.

A page on this machine is no secret to other pages in the same browser, which can send requests to it, and by
DNS rebinding can pass for it. So the ``Host`` of each request has to be an address or a name that nobody else
can take; what changes something has to come from the page itself, as the browser says; and any other bind
than to this machine alone asks for a token.
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

#: Bytes of a path with its parameters, and of a body. Browsers send up to some 8 kB of address without harm.
MAX_URL_BYTES: Final = 16_384
MAX_BODY_BYTES: Final = 64 * 1024 * 1024
#: Characters of a query, parameters of a request, hits of a page.
MAX_QUERY: Final = 2_000
MAX_FIELDS: Final = 300
MAX_HITS: Final = 100
#: Where language models ask, which changes nothing though it is by POST.
MCP_PATH: Final = "/mcp"
#: Where lists are looked up.
LIST_PATH: Final = "/batch"
#: Seconds after which a search is given up: somebody waits for a page, where a command may take longer.
PATIENCE_SECONDS: Final = 10.0
#: What a program can send as it is (RFC 6750, b64token).
_TOKEN: Final = re.compile(r"[A-Za-z0-9._~+/-]+=*")

Network = ipaddress.IPv4Network | ipaddress.IPv6Network
THIS_MACHINE: Final = (ipaddress.ip_network("127.0.0.0/8"), ipaddress.ip_network("::1"))
#: A header that names the user: none that browsers set themselves, since a user could choose the name then.
_FIELD: Final = re.compile(
    r"(?!(?:accept|authorization|connection|content|cookie|host|origin|range|referer|sec|te|transfer"
    r"|user-agent)\b)[a-z][a-z\d-]*",
    re.I,
)
#: Maximum length of a user's name.
_MAX_NAME_CHARACTERS: Final = 100
#: Where the name of whoever asks is in the scope of a request, "" where nobody says it.
USER: Final = "searcher.user"


@dataclass(frozen=True, slots=True)
class Access:
    """``hosts`` are the names, besides this machine's own, that a request may be addressed to. ``token``:
    whoever asks has to know it. ``read_only``: nothing can be changed through the page. ``mcp``: language
    models may ask too, at MCP_PATH. ``user_header`` is the field in which a proxy says who asks: then only
    ``proxies`` are answered, and they send the token, if there is one. ``writers``: they alone change
    anything, if there are some. Raises UsageError for a token or a field that cannot be sent."""

    hosts: frozenset[str] = frozenset()
    token: str | None = None
    read_only: bool = False
    mcp: bool = False
    user_header: str | None = None
    proxies: tuple[Network, ...] = THIS_MACHINE
    writers: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        if self.user_header is not None and not _FIELD.fullmatch(self.user_header):
            raise UsageError(
                f"“{self.user_header}” is not a header that only a proxy sets. Example: X-Remote-User."
            )
        if self.token is not None and not _TOKEN.fullmatch(self.token):
            wrong = "holds letters, digits and . _ ~ + / - alone" if self.token else "is not empty"
            raise UsageError(f"A token {wrong}. Leave it out, and one is made up where others could ask.")

    @property
    def may_add(self) -> bool:
        """Whether files can be added: by those only who know a token, or whom the proxy knows."""
        return (self.token or self.user_header) is not None and not self.read_only

    @property
    def token_of_all(self) -> str | None:
        """The token that whoever asks has to know; that of a proxy is nobody else's."""
        return self.token if self.user_header is None else None

    def of(self, user: str) -> Access:
        """Return what somebody is allowed."""
        return replace(self, read_only=self.read_only or bool(self.writers and user not in self.writers))


#: A host with its port: a name, or an address, which stands in brackets where it has colons (RFC 3986).
_HOST: Final = re.compile(r"(\[[\da-fA-F:.]+\]|[^\[\]:@/?#]+)(?::\d*)?")
COOKIE: Final = "searcher_token"
#: Feed readers keep no cookies: here the token stays in the address.
FEED_PATH: Final = "/feed.atom"
_SAFE_METHODS: Final = frozenset({"GET", "HEAD", "OPTIONS"})
#: Where what is posted is a question; who keeps an answer there is refused by the page.
_ASKED_BY_POST: Final = frozenset({MCP_PATH, LIST_PATH})
POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; media-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_HEADERS: Final = {
    "Content-Security-Policy": POLICY,
    "Referrer-Policy": "no-referrer",  # or a publisher would learn what was asked
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}

#: Seconds in which a body has to be there, and bytes a second that give a large one more time.
_BODY_SECONDS: Final = 20.0
_BODY_BYTES_A_SECOND: Final = 20_000

_CLOSE: Final = {"Connection": "close"}


class _Unread(Exception):
    """The body is larger than allowed, or does not come; ``answer`` says so."""

    def __init__(self, answer: Response) -> None:
        self.answer = answer


class Guard:
    """Passes on what is allowed and answers the rest itself."""

    def __init__(
        self, app: ASGIApp, settings: Access, token_page: Callable[[Request, bool], Response]
    ) -> None:
        """``token_page(request, wrong)`` returns the form for the token; ``wrong``: one was sent in vain."""
        self._app = app
        self._settings = settings
        self._token_page = token_page

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        if scope["type"] != "http":  # there are no web sockets here
            await send({"type": "websocket.close", "code": 1008})
            return
        headers = Headers(scope=scope)
        user = self._user(scope)
        answer = self._refusal(scope, headers, user) or self._welcome(scope)
        if answer is None and self._settings.token is not None:  # which no page has to know
            scope = {**scope, "query_string": urlencode(_without_token(scope)).encode()}
        if self._settings.user_header and headers.get("x-forwarded-proto") == "https":
            scope = {**scope, "scheme": "https"}
        guarded = _with_headers(send)
        # Where no proxy and no token tell people apart, it is whoever has started the server.
        nobody = self._settings.user_header or self._settings.token
        bounded = _bounded_body(receive)
        try:
            if answer is not None and answer.status_code == 401 and self._settings.token_of_all is not None:
                answer = await self._ask_token(Request(scope, bounded), answer)
            with acting_as(user if nobody is not None else None):
                await (answer or self._app)({**scope, USER: user}, bounded, guarded)
        except _Unread as error:
            await error.answer(scope, receive, guarded)

    def _user(self, scope: Scope) -> str | None:
        """Return who asks, as the proxy says, "" where there is none; None where nobody can be believed."""
        if (field := self._settings.user_header) is None:
            return ""
        try:
            (given,) = [value for name, value in scope["headers"] if name.decode("latin-1") == field.lower()]
            name = given.decode().strip(" \t")  # Unicode spaces are not printable, so they are refused below
        except ValueError:  # none, several, or no UTF-8
            return None
        return name if len(name) <= _MAX_NAME_CHARACTERS and name.isprintable() and name else None

    def _from_proxy(self, scope: Scope) -> bool:
        with suppress(ValueError, TypeError):
            address = ipaddress.ip_address(scope["client"][0])
            address = getattr(address, "ipv4_mapped", None) or address
            return any(address in network for network in self._settings.proxies)
        return False

    def _refusal(self, scope: Scope, headers: Headers, user: str | None) -> Response | None:
        """Return the answer to a request that is not allowed."""
        hosts = headers.getlist("host")
        if len(hosts) != 1 or not self._is_ours(hosts[0]):
            return _refusal_response(
                421, "This address is not served here. Allow it with: searcher serve --allow-host NAME"
            )
        if self._settings.user_header is not None and not self._from_proxy(scope):
            return _refusal_response(403, "This archive is asked through its proxy alone.")
        if user is None:
            return _refusal_response(
                403, f"The proxy does not say who asks: {self._settings.user_header} has no name."
            )
        if len(scope["path"]) + len(scope["query_string"]) > MAX_URL_BYTES:
            return _refusal_response(414, "This address is too long.")
        if _declared_length(headers) > MAX_BODY_BYTES:
            return _refusal_response(413, "This is too large.")
        unsafe = scope["method"] not in _SAFE_METHODS
        if not self._from_here(headers, hosts[0], unsafe):
            return _refusal_response(403, "This request came from another page.")
        if self._settings.token is not None and not self._knows_token(scope, headers):
            return _refusal_response(
                401, "This archive asks for a token: open the address that searcher serve printed."
            )
        if unsafe and self._settings.of(user).read_only and scope["path"] not in _ASKED_BY_POST:
            return _refusal_response(403, "Nothing can be changed here: this page is for reading only.")
        return None

    async def _ask_token(self, request: Request, refusal: Response) -> Response:
        """Return the form for the token, or the way on if the token was sent with it. Programs get the
        refusal as it is."""
        if "text/html" not in request.headers.get("accept", ""):
            return refusal
        if request.method != "POST":
            # A wrong token goes from the address bar.
            given = "token" in request.query_params
            return _without_token_response(request.scope) if given else self._token_page(request, False)
        if not 0 < _declared_length(request.headers) <= MAX_QUERY:
            return self._token_page(request, False)
        sent = b""
        async for piece in request.stream():
            sent += piece
        token = dict(parse_qsl(sent.decode("latin-1"))).get("token")
        if token is None or not self._is_token(token):
            return self._token_page(request, token is not None)
        return _let_in(request.scope, token)

    def _welcome(self, scope: Scope) -> Response | None:
        """Return the way on from an address with the token in it: to the same without, and a cookie."""
        token = self._token_in_url(scope)
        if token is None or scope["path"] == FEED_PATH or scope["method"] != "GET":
            return None
        return _let_in(scope, token)

    def _is_ours(self, host: str) -> bool:
        """Tell whether a host is an address, this machine, or a declared name: no other can be trusted."""
        name = (_HOST.fullmatch(host) or [""] * 2)[1].strip("[]").lower()
        if name == "localhost" or name.endswith(".localhost") or name in self._settings.hosts:
            return True
        try:
            ipaddress.ip_address(name)
        except ValueError:
            return False
        return True

    def _from_here(self, headers: Headers, host: str, unsafe: bool) -> bool:
        """Tell whether a request comes from this page, or, where it changes nothing, by a link to it."""
        # No browser adds a token by itself, as it does a password; a proxy may add either.
        if _bearer(headers) is not None and self._settings.user_header is None:
            return True
        if (site := headers.get("sec-fetch-site")) is not None:
            # Not into a frame: a page with many of them would have this one search for it, unseen.
            alone = headers.get("sec-fetch-dest", "document") == "document"
            visit = not unsafe and alone and headers.get("sec-fetch-mode") == "navigate"
            return site in ("same-origin", "none") or visit
        origin = headers.get("origin")
        return origin is None or urlsplit(origin).netloc == host or not unsafe

    def _knows_token(self, scope: Scope, headers: Headers) -> bool:
        if self._settings.user_header is not None:
            return self._is_token(_bearer(headers))
        cookie = cookie_parser(headers.get("cookie", "")).get(COOKIE)
        return any(map(self._is_token, (_bearer(headers), cookie, self._token_in_url(scope))))

    def _token_in_url(self, scope: Scope) -> str | None:
        given = dict(_parameters(scope)).get("token")
        return given if self._is_token(given) else None

    def _is_token(self, given: str | None) -> bool:
        wanted = self._settings.token
        if given is None or wanted is None:
            return False
        return hmac.compare_digest(given.encode("utf-8", "replace"), wanted.encode())


def _let_in(scope: Scope, token: str) -> Response:
    """Return the way to the same address without the token, and a cookie that holds it."""
    answer = _without_token_response(scope)
    answer.set_cookie(COOKIE, token, httponly=True, samesite="strict", max_age=30 * 86400)
    return answer


def _without_token_response(scope: Scope) -> Response:
    rest = _without_token(scope)
    # One leading slash: "//elsewhere" would be another site.
    path = "/" + scope["path"].lstrip("/\\")
    return RedirectResponse(f"{path}?{urlencode(rest)}" if rest else path, 303)


def _refusal_response(status: int, why: str) -> Response:
    return PlainTextResponse(f"{why}\n", status)


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
    """Receive at most so much, whatever length was declared, and wait for it no longer than so long."""
    total, waited, whole = 0, 0.0, False

    async def counted() -> Message:
        nonlocal total, waited, whole
        if whole:  # what comes now is that nobody listens any more
            return await receive()
        began = anyio.current_time()
        try:
            with anyio.fail_after(max(0.0, _BODY_SECONDS + total / _BODY_BYTES_A_SECOND - waited)):
                message = await receive()
        except TimeoutError:
            raise _Unread(PlainTextResponse("This took too long.\n", 408, _CLOSE)) from None
        waited += anyio.current_time() - began
        total += len(message.get("body", b""))
        whole = not message.get("more_body", False)
        if total > MAX_BODY_BYTES:
            raise _Unread(_refusal_response(413, "This is too large."))
        return message

    return counted


def _with_headers(send: Send) -> Send:
    async def sent(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in _HEADERS.items():
                headers.setdefault(name, value)  # what a stranger's file is served with is stricter
            headers.setdefault("Cache-Control", "private, no-cache")
        await send(message)

    return sent
