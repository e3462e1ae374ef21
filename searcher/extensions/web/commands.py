"""The command ``searcher serve``."""

from __future__ import annotations

import ipaddress
import os
import socket
from typing import TYPE_CHECKING
from urllib.parse import urlencode

import click

from searcher.cli.exits import OK
from searcher.cli.options import index_option, open_existing, require
from searcher.cli.streams import finish, note, write
from searcher.errors import UsageError
from searcher.locations import find_index

if TYPE_CHECKING:
    from searcher.extensions.web.guard import Network


#: The default port.
_PORT = 8642
#: Minimum length of a token if others can reach the page. A random token of this length has 96 bits.
_MIN_TOKEN_CHARACTERS = 16
#: User ids of people. They start at 501 on macOS and at 1000 on Linux, and 65534 is the user “nobody”.
_PEOPLE = range(500, 65_534)
#: Names of shells that do not allow a login.
_NO_SHELLS = ("nologin", "false")


@click.command(
    epilog="""\b
Examples:
  searcher serve --open                  in your browser, only for you
  searcher serve --host 0.0.0.0          for your network; visitors need the printed token
  searcher serve --read-only             without changes
  searcher serve --user-header X-Remote-User --allow-host archive.example --writer ada --writer kim
                                         behind a proxy that authenticates users; two may make changes
"""
)
@click.option(
    "--host",
    default="127.0.0.1",
    metavar="ADDRESS",
    help="Address (127.0.0.1: only this machine).",
)
@click.option(
    "--port", type=click.IntRange(0, 65535), default=_PORT, help=f"Port ({_PORT}; 0: any free port)."
)
@click.option("--open", "browse", is_flag=True, help="Open the page in your browser.")
@click.option(
    "--allow-host",
    "hosts",
    multiple=True,
    metavar="NAME",
    help="Host name under which the page is reached. Repeatable.",
)
@click.option(
    "--token", metavar="TOKEN", help="Token that every visitor needs. Generated if others can reach the page."
)
@click.option("--read-only", is_flag=True, help="Allow no changes.")
@click.option(
    "--user-header",
    metavar="FIELD",
    help="Request header in which a proxy names the user. Changes are logged with that name.",
)
@click.option(
    "--proxy",
    "proxies",
    multiple=True,
    metavar="ADDRESS",
    help="Address or network of the proxy (this machine). Other clients are refused.",
)
@click.option(
    "--writer",
    "writers",
    multiple=True,
    metavar="NAME",
    help="User who may make changes, as named by the proxy (default: everyone). Repeatable.",
)
@click.option("--mcp", is_flag=True, help="Also serve language models, at /mcp (see: searcher mcp).")
@index_option
def serve(
    host: str,
    port: int,
    browse: bool,
    hosts: tuple[str, ...],
    token: str | None,
    read_only: bool,
    user_header: str | None,
    proxies: tuple[str, ...],
    writers: tuple[str, ...],
    mcp: bool,
    folder: str | None,
) -> int:
    """Search the index in a web browser.

    By default, only this machine can open the page. With another --host, every visitor needs a token. Teams
    use a proxy that authenticates users (--user-header). Stop the server with Ctrl+C.
    """
    require("The page needs more packages", "web", "starlette", "uvicorn", "jinja2")
    if mcp:
        require("--mcp needs another package", "mcp", "mcp")
    from searcher.extensions.web.app import server_of
    from searcher.extensions.web.guard import PATIENCE_SECONDS, THIS_MACHINE, Access

    if user_header is None:
        if proxies or writers:
            raise UsageError(
                "--proxy and --writer need --user-header, the header in which the proxy names users."
            )
        token = _checked_token(token, local=_is_loopback(host))
    elif token is None and not proxies and _has_other_users():
        raise UsageError(
            "Other people have accounts on this machine and could impersonate the proxy. Use --token, and "
            "let the proxy send it: “Authorization: Bearer TOKEN”."
        )
    settings = Access(
        frozenset(name.lower() for name in hosts),
        token,
        read_only,
        mcp,
        user_header,
        tuple(map(_network, proxies)) or THIS_MACHINE,
        frozenset(writers),
    )
    opened = open_existing(folder, patience=PATIENCE_SECONDS)
    with opened as index, _listening_socket(host, port) as listening:
        address = _address(host, listening.getsockname()[1], settings.client_token)
        write(f"Searcher is at {address} (stop with Ctrl+C)\n")
        finish()
        if token is None and user_header is None:
            note(
                "No token is needed: no one else has an account here. Any program on this machine has access."
            )
        if browse:
            import webbrowser

            webbrowser.open(address)
        server_of(index, settings, find_index(folder)).run(sockets=[listening])
    return OK


def _checked_token(token: str | None, *, local: bool) -> str | None:
    """Return the token, or a new one if others can reach the page. ``local``: only this machine can.

    Raises UsageError for a token that can be guessed.
    """
    if token is None and (not local or _has_other_users()):
        import secrets

        return secrets.token_urlsafe(24)
    if token and not local and len(token) < _MIN_TOKEN_CHARACTERS:
        raise UsageError(
            f"A token of {len(token)} characters can be guessed. Use at least {_MIN_TOKEN_CHARACTERS} if "
            "others can reach the page. Leave --token out to have one generated."
        )
    return token


def _network(text: str) -> Network:
    """Return the addresses of a proxy. Raises UsageError."""
    try:
        return ipaddress.ip_network(text)
    except ValueError as error:
        raise UsageError(f"--proxy expects an address or network. Example: 10.0.0.0/24 ({error}).") from error


def _has_other_users() -> bool:
    """Return True if another person is known to have an account on this machine."""
    try:
        import pwd
    except ImportError:  # Windows
        return False
    return any(
        user.pw_uid in _PEOPLE and user.pw_uid != os.getuid() and not user.pw_shell.endswith(_NO_SHELLS)
        for user in pwd.getpwall()
    )


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _listening_socket(host: str, port: int) -> socket.socket:
    """Return a listening socket. Raises UsageError."""
    try:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        listening = socket.create_server((host, port), family=family)
        # Head and body are written separately. Without this option, the body would wait 40 ms for an ACK.
        listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return listening
    except (OSError, UnicodeError) as error:
        raise UsageError(
            f"Cannot listen on {host}, port {port} ({error}). To use any free port: --port 0"
        ) from error


def _address(host: str, port: int, token: str | None) -> str:
    """Return the address to open in a browser."""
    name = "127.0.0.1" if host in ("0.0.0.0", "localhost") else host  # noqa: S104  includes this machine
    name = "[::1]" if name == "::" else f"[{name}]" if ":" in name else name
    return f"http://{name}:{port}/" + (f"?{urlencode({'token': token})}" if token is not None else "")
